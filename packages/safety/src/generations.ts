import { type Boot, type Machine, ShootdownError } from '@shootdown/core';
import type { Debts } from './debts.js';
import type { FlushRecords } from './flush-records.js';
import type { GenerationContext } from './options.js';

const Failure = { none: 0, owes: 1, ahead: 2 } as const;

/**
 * Contract C10. Linux writes a context's tlb_gen before the CR3 write that flushes it (`switch_mm_irqs_off`), with
 * interrupts off: a claim is judged when its CPU executes user code again. Memory: a bit per context, a claim to be judged.
 */
export class Generations {
  readonly #offset: number;
  readonly #boot: Boot;
  readonly #records: FlushRecords;
  readonly #debts: Debts;
  readonly #rootOf: (mm: number) => number;
  readonly #contexts: GenerationContext[] = [];
  readonly #contextOfWord: Map<number, number> = new Map<number, number>();
  readonly #contextsOfCpu: number[][];
  readonly #mms: { readonly mm: number; readonly word: number }[] = [];

  constructor(boot: Boot, records: FlushRecords, debts: Debts, rootOf: (mm: number) => number) {
    this.#offset = records.words + debts.words;
    this.#boot = boot;
    this.#records = records;
    this.#debts = debts;
    this.#rootOf = rootOf;
    this.#contextsOfCpu = Array.from({ length: boot.shape.cpuCount }, () => []);
  }

  /** One word per CPU, once anything is watched; a CPU has at most 32 contexts. */
  get words(): number {
    return this.#contexts.length === 0 ? 0 : this.#contextsOfCpu.length;
  }

  /** The CPU whose claims this word of the monitor's memory holds; -1: it is none of these words. */
  home(word: number): number {
    const cpu = word - this.#offset;
    return cpu >= 0 && cpu < this.words ? cpu : -1;
  }

  /** The CPU that claims something by this watched word; -1: it is the tlb_gen of an mm. */
  homeOfClaim(word: number): number {
    const index = this.#contextOfWord.get(word);
    return index === undefined ? -1 : (this.#contexts[index] as GenerationContext).cpu;
  }

  get contexts(): readonly GenerationContext[] {
    return this.#contexts;
  }

  get mms(): readonly { readonly word: number }[] {
    return this.#mms;
  }

  /** The word has to lie in the memory of its CPU: what is written elsewhere is taken to concern no other CPU than the writer. */
  watchContext(context: GenerationContext): void {
    const own = this.#contextsOfCpu[context.cpu];
    if (own === undefined || own.length >= 32) {
      throw new ShootdownError(
        'INVALID_OPERAND',
        `CPU ${context.cpu} cannot have one more watched tlb_gen: the machine has CPUs 0 … ${this.#contextsOfCpu.length - 1} and each at most 32.`,
      );
    }
    if (this.#homeOf(context.word) !== context.cpu) {
      throw new ShootdownError(
        'INVALID_OPERAND',
        `The watched tlb_gen of CPU ${context.cpu} lies in the memory of CPU ${this.#homeOf(context.word)}. Give its records their home (\`home\` of \`boot.records\`).`,
      );
    }
    own.push(this.#contexts.length);
    this.#contextOfWord.set(context.word, this.#contexts.length);
    this.#contexts.push(context);
    this.#boot.memory.watchClaim(context.word);
  }

  #homeOf(word: number): number | undefined {
    const region = this.#boot.memory.regions.findLast(({ start }) => start <= word);
    return region?.home[Math.floor((word - region.start) / region.stride)];
  }

  /** Watched too, though nothing is done when it is written: what a claim is judged by must not change unseen. */
  watchMm(mm: number, word: number): void {
    this.#mms.push({ mm, word });
    this.#boot.memory.watch(word);
  }

  /** A watched word received a value. */
  written(machine: Machine, word: number): void {
    const index = this.#contextOfWord.get(word);
    if (index !== undefined) this.#claim(machine, index);
    else this.settle(machine);
  }

  /** A flush has given its guarantee, or a tlb_gen has grown: claims that nothing speaks against any more are none to be judged. */
  settle(machine: Machine): void {
    for (let cpu = 0; cpu < this.words; cpu++) if (this.hasClaims(machine, cpu)) this.settleOf(machine, cpu);
  }

  /** The CPU has invalidated what it owed. */
  settleOf(machine: Machine, cpu: number): void {
    const at = machine.layout.monitor + this.#offset + cpu;
    machine.state[at] = this.#failing(machine, cpu, machine.state[at] as number);
  }

  /** The CPU owes an invalidation again that it had made. */
  owedAgain(machine: Machine, cpu: number): void {
    for (const context of this.#contextsOfCpu[cpu] as number[]) this.#claim(machine, context);
  }

  /** Of these claims of a CPU the ones that are not true. */
  #failing(machine: Machine, cpu: number, claims: number): number {
    const own = this.#contextsOfCpu[cpu] as number[];
    return own.reduce((left, context, bit) => {
      const isTrue = this.#failure(machine, this.#contexts[context] as GenerationContext) === Failure.none;
      return isTrue ? left & ~(1 << bit) : left;
    }, claims);
  }

  /** A flush in flight has been given this generation of the mm: contexts that were faster have to have flushed. */
  announced(machine: Machine, generation: number): void {
    for (let index = 0; index < this.#contexts.length; index++) {
      if ((machine.state[(this.#contexts[index] as GenerationContext).word] as number) >= generation)
        this.#claim(machine, index);
    }
  }

  /** A context of this CPU claims what could not be confirmed when it was written. */
  hasClaims(machine: Machine, cpu: number): boolean {
    return this.#contexts.length !== 0 && machine.state[machine.layout.monitor + this.#offset + cpu] !== 0;
  }

  /** The CPU executes user code: what its contexts claim has to be true. */
  judge(machine: Machine, cpu: number): void {
    const at = machine.layout.monitor + this.#offset + cpu;
    const claims = machine.state[at] as number;
    machine.state[at] = 0;
    const own = this.#contextsOfCpu[cpu] as number[];
    for (let i = 0; i < own.length; i++) {
      if (((claims >>> i) & 1) !== 0) this.#report(machine, this.#contexts[own[i] as number] as GenerationContext);
    }
  }

  #claim(machine: Machine, index: number): void {
    const context = this.#contexts[index] as GenerationContext;
    const bit = 1 << (this.#contextsOfCpu[context.cpu] as number[]).indexOf(index);
    const at = machine.layout.monitor + this.#offset + context.cpu;
    const claims = machine.state[at] as number;
    machine.state[at] = this.#failure(machine, context) === Failure.none ? claims & ~bit : claims | bit;
    if (machine.inUserMode(context.cpu)) this.judge(machine, context.cpu);
  }

  #failure(machine: Machine, context: GenerationContext): number {
    const generation = machine.state[context.word] as number;
    const tags = machine.layout.cpu(context.cpu) + machine.layout.taggedRoot;
    for (let i = 0; i < context.pcids.length; i++) {
      const pcid = context.pcids[i] as number;
      const root = (machine.state[tags + pcid] as number) - 1;
      if (root < 0) continue;
      if (generation > this.#generationOf(machine, root)) return Failure.ahead;
      if (
        this.#debts.pageOwing(machine, context.cpu, pcid, this.#records.upToGeneration(machine, root, generation)) >= 0
      )
        return Failure.owes;
    }
    return Failure.none;
  }

  /** tlb_gen of the mm with this root; unbounded when nobody watches it. */
  #generationOf(machine: Machine, root: number): number {
    for (const { mm, word } of this.#mms) {
      if (this.#rootOf(mm) === root) return machine.state[word] as number;
    }
    return Number.POSITIVE_INFINITY;
  }

  #report(machine: Machine, context: GenerationContext): void {
    const failure = this.#failure(machine, context);
    if (failure === Failure.none) return;
    const claim = `${machine.guard.nameOf(context.word)} of CPU ${context.cpu} says ${machine.state[context.word]}`;
    if (failure === Failure.ahead)
      machine.report('C10', 'ahead', context.cpu, `${claim}, which is ahead of the tlb_gen of its mm`);
    else
      machine.report('C10', 'owes', context.cpu, `${claim}, but an invalidation up to that generation is still owed`);
  }
}
