import { FLUSH_KINDS, type Lookout, type Machine, MARKS, type Onlooker } from '@shootdown/core';
import type { Debts } from './debts.js';
import type { FlushRecords } from './flush-records.js';
import type { Generations } from './generations.js';
import type { HiddenChanges } from './hidden-changes.js';

/** Says what the hooks of the safety monitor look at. Each method follows one of its hooks. */
export class SafetyLookout implements Lookout {
  readonly #records: FlushRecords;
  readonly #debts: Debts;
  readonly #hidden: HiddenChanges;
  readonly #generations: Generations;
  readonly #ownsFrames: boolean;

  constructor(
    records: FlushRecords,
    debts: Debts,
    hidden: HiddenChanges,
    generations: Generations,
    ownsFrames: boolean,
  ) {
    this.#records = records;
    this.#debts = debts;
    this.#hidden = hidden;
    this.#generations = generations;
    this.#ownsFrames = ownsFrames;
  }

  exposed(machine: Machine, cpu: number, onlooker: Onlooker): void {
    if (this.#generations.hasClaims(machine, cpu)) this.#claims(machine, cpu, onlooker);
  }

  access(machine: Machine, _cpu: number, onlooker: Onlooker): void {
    if (!this.#ownsFrames) return;
    for (let frame = 0; frame < machine.shape.frames; frame++) onlooker.word(machine.layout.frameOwner + frame);
  }

  /**
   * What is filled has a mark, and makes a difference, only if a flush revokes what a buffer hides, or a paging-structure entry (or the walk in flight) has one. An
   * invalidation settles claims.
   */
  walks(machine: Machine, cpu: number, onlooker: Onlooker): void {
    onlooker.hidden();
    const isHidden = this.#hidden.areAny(machine);
    if (isHidden) onlooker.common();
    if (!isHidden && !this.#generations.hasClaims(machine, cpu) && !this.#debts.hasMarkedWalks(machine, cpu)) return;
    onlooker.mode(cpu);
    this.#claims(machine, cpu, onlooker);
  }

  watched(machine: Machine, _cpu: number, word: number, onlooker: Onlooker): void {
    const home = this.#generations.homeOfClaim(word);
    if (home >= 0) this.#allOf(machine, home, onlooker);
    else for (let cpu = 0; cpu < machine.layout.cpuCount; cpu++) this.#settling(machine, cpu, onlooker);
  }

  mark(machine: Machine, _cpu: number, mark: number, a: number, b: number, onlooker: Onlooker): void {
    onlooker.common();
    switch (MARKS[mark]) {
      case 'call':
        if (FLUSH_KINDS[a] === 'cleanDirty') this.#revoking(machine, onlooker);
        break;
      case 'cover':
        this.#revoking(machine, onlooker);
        break;
      case 'generation':
        this.#announced(machine, b, onlooker);
        break;
      case 'hold':
        break;
      default:
        this.#giving(machine, onlooker);
    }
  }

  frameGiven(machine: Machine, _cpu: number, _frame: number, owner: number, onlooker: Onlooker): void {
    if (!this.#ownsFrames || owner >= 0) return;
    for (let cpu = 0; cpu < machine.layout.cpuCount; cpu++) onlooker.stores(cpu);
  }

  /** What marks and debts are put on. */
  #revoking(machine: Machine, onlooker: Onlooker): void {
    onlooker.tables();
    for (let cpu = 0; cpu < machine.layout.cpuCount; cpu++) {
      onlooker.translations(cpu);
      onlooker.stores(cpu);
      onlooker.judged(cpu);
    }
  }

  /** What is judged, forbidden and overdue. */
  #giving(machine: Machine, onlooker: Onlooker): void {
    this.#revoking(machine, onlooker);
    for (let cpu = 0; cpu < machine.layout.cpuCount; cpu++) {
      if (this.#debts.owesAny(machine, cpu)) onlooker.mode(cpu);
      if (this.#generations.hasClaims(machine, cpu)) this.#claims(machine, cpu, onlooker);
    }
  }

  /** Contexts that were faster than the flush whose generation this is. */
  #announced(machine: Machine, generation: number, onlooker: Onlooker): void {
    for (const { cpu, word } of this.#generations.contexts) {
      onlooker.word(word);
      if ((machine.state[word] as number) >= generation) this.#allOf(machine, cpu, onlooker);
    }
  }

  #settling(machine: Machine, cpu: number, onlooker: Onlooker): void {
    onlooker.judged(cpu);
    if (!this.#generations.hasClaims(machine, cpu)) return;
    onlooker.translations(cpu);
    this.#claims(machine, cpu, onlooker);
  }

  /** A claim of this CPU, true or not, and what comes of it if it executes user code. */
  #allOf(machine: Machine, cpu: number, onlooker: Onlooker): void {
    onlooker.judged(cpu);
    onlooker.translations(cpu);
    onlooker.mode(cpu);
    this.#claims(machine, cpu, onlooker);
  }

  /** What claims of this CPU say, and what they are held against. */
  #claims(machine: Machine, cpu: number, onlooker: Onlooker): void {
    for (const context of this.#generations.contexts) if (context.cpu === cpu) onlooker.word(context.word);
    for (const { word } of this.#generations.mms) onlooker.word(word);
    for (let flush = 0; flush < this.#records.count; flush++) {
      const first = this.#records.generationWords(machine, flush);
      onlooker.word(first);
      onlooker.word(first + 1);
    }
  }
}
