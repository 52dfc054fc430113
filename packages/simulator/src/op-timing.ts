import {
  Access,
  accessKind,
  type CostTable,
  entryFrame,
  isForwarded,
  isValidEntry,
  leafWord,
  type Machine,
  Opcode,
  Operand,
  tlbTag,
  translation,
} from '@shootdown/core';
import type { Directory } from './directory.js';
import { FOOTPRINT_OF, FootprintCode } from './op-table.js';
import { OpPrices } from './op-prices.js';
import type { TlbGeometry } from './tlb-geometry.js';

/** How long the pending op takes: the machine's own durations, plus what the line directory and the TLB add. */
export class OpTiming {
  readonly #machine: Machine;
  readonly #costs: CostTable;
  readonly #directory: Directory;
  readonly #geometry: TlbGeometry;
  readonly #prices: OpPrices;

  constructor(machine: Machine, costs: CostTable, directory: Directory, geometry: TlbGeometry, isXapic: boolean) {
    this.#machine = machine;
    this.#costs = costs;
    this.#directory = directory;
    this.#geometry = geometry;
    this.#prices = new OpPrices(costs, isXapic);
  }

  /** When the op of this opcode, issued now, takes effect. Lines it needs are requested now, in arrival order. */
  completion(cpu: number, base: number, opcode: number, nowPs: number): number {
    switch (FOOTPRINT_OF[opcode]) {
      case FootprintCode.none:
        return nowPs + this.#prices.durationPs(this.#machine, base, opcode);
      case FootprintCode.load:
      case FootprintCode.wait:
        return this.#read(cpu, this.#operand(base, Operand.a), nowPs);
      case FootprintCode.store:
        return nowPs + this.#costs.storeIssuePs;
      case FootprintCode.locked:
      case FootprintCode.waitLocked:
        return this.#own(cpu, this.#operand(base, Operand.a), nowPs) + this.#costs.lockedOpPs;
      case FootprintCode.mask:
        return this.#readMask(cpu, base, nowPs) + this.#prices.durationPs(this.#machine, base, opcode);
      default:
        return this.#user(cpu, base, opcode, nowPs);
    }
  }

  /** When the oldest buffered store of a word becomes visible: at once when the CPU owns the line (SDM vol. 3 §9.2.2). */
  drained(cpu: number, word: number, nowPs: number): number {
    if (this.#directory.owns(word >> 3, cpu)) return nowPs + this.#costs.storeIssuePs;
    return this.#own(cpu, word, nowPs);
  }

  /** When one level of a walk, begun now, has been read. */
  walked(cpu: number, word: number, nowPs: number): number {
    return this.#directory.read(word >> 3, cpu, nowPs) + this.#costs.walkStepPs;
  }

  /** When a sleeping CPU, woken by a write to this line, has read it again. */
  reread(cpu: number, line: number, nowPs: number): number {
    return this.#directory.read(line, cpu, nowPs);
  }

  #operand(base: number, offset: number): number {
    return this.#machine.runner.operands[base + offset] as number;
  }

  /** A read of a modified line on another CPU's vmalloc-mapped stack also pays a page walk. */
  #read(cpu: number, word: number, nowPs: number): number {
    if (isForwarded(this.#machine, cpu, word)) return nowPs + this.#costs.l1HitPs;
    const held = this.#directory.holds(word >> 3, cpu);
    const at = this.#directory.read(word >> 3, cpu, nowPs);
    return !held && this.#machine.guard.isForeignVmalloc(word, cpu) ? at + this.#costs.vmallocTouchPs : at;
  }

  #own(cpu: number, word: number, nowPs: number): number {
    return this.#directory.write(word >> 3, cpu, nowPs);
  }

  /** The lines of a CPU mask that a search or a multicast reads, one after the other. */
  #readMask(cpu: number, base: number, nowPs: number): number {
    const first = this.#operand(base, Operand.a);
    const lines = Math.ceil(this.#machine.layout.cpuCount / 256);
    let at = nowPs;
    for (let line = first >> 3; line < (first >> 3) + lines; line++) at = this.#directory.read(line, cpu, at);
    return at;
  }

  /** A user access that hits, sets D first, or faults; a miss is the walker's business. */
  #user(cpu: number, base: number, opcode: number, nowPs: number): number {
    const machine = this.#machine;
    const page = this.#operand(base, Operand.a);
    const isStore = opcode === Opcode.userStore;
    const kind = accessKind(machine, cpu, page, isStore);
    if (kind === Access.fault) return nowPs + this.#costs.faultEntryPs;
    const slot = translation(machine, cpu, page);
    const level = this.#geometry.touch(cpu, tlbTag(machine, cpu, slot));
    const translated = nowPs + (level === 2 ? this.#costs.stlbHitPs : 0);
    if (kind === Access.assist)
      return this.#own(cpu, leafWord(machine, cpu, page), translated) + this.#costs.dirtyAssistPs;
    const entry = machine.state[slot] as number;
    if (isStore || !isValidEntry(entry)) return translated + this.#costs.storeIssuePs;
    return this.#directory.read(machine.frameWord(entryFrame(entry)) >> 3, cpu, translated);
  }
}
