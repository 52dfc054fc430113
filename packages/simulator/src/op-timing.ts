import {
  Access,
  accessKind,
  type CostTable,
  cyclesToPs,
  entryFrame,
  isForwarded,
  isValidEntry,
  leafWord,
  type Machine,
  Opcode,
  Operand,
  type ProgramOp,
  PROGRAM_OPS,
  tlbTag,
  translation,
} from '@shootdown/core';
import type { Directory } from './directory.js';
import type { TlbGeometry } from './tlb-geometry.js';

/** How long the pending op takes: the machine's own durations, plus what the line directory and the TLB add. */
export class OpTiming {
  readonly #machine: Machine;
  readonly #costs: CostTable;
  readonly #directory: Directory;
  readonly #geometry: TlbGeometry;
  readonly #isXapic: boolean;

  constructor(machine: Machine, costs: CostTable, directory: Directory, geometry: TlbGeometry, isXapic: boolean) {
    this.#machine = machine;
    this.#costs = costs;
    this.#directory = directory;
    this.#geometry = geometry;
    this.#isXapic = isXapic;
  }

  /** When the op, issued now, takes effect. Lines it needs are requested now, in arrival order. */
  completion(cpu: number, base: number, op: ProgramOp, nowPs: number): number {
    switch (op.footprint) {
      case 'none':
        return nowPs + this.#plain(base, op);
      case 'load':
      case 'wait':
        return this.#read(cpu, this.#operand(base, Operand.a), nowPs);
      case 'store':
        return nowPs + this.#costs.storeIssuePs;
      case 'locked':
      case 'waitLocked':
        return this.#own(cpu, this.#operand(base, Operand.a), nowPs) + this.#costs.lockedOpPs;
      case 'mask':
        return this.#readMask(cpu, base, nowPs) + (op.cost(this.#machine, base) === 'icrWrite' ? this.#icr() : 0);
      case 'user':
        return this.#user(cpu, base, op, nowPs);
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

  #icr(): number {
    return this.#costs.icrWritePs + (this.#isXapic ? this.#costs.icrPreparePs : 0);
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

  #plain(base: number, op: ProgramOp): number {
    const costs = this.#costs;
    switch (op.cost(this.#machine, base)) {
      case 'fence':
        return costs.fencePs;
      case 'invlpg':
        return costs.invlpgPs;
      case 'invpcidPage':
        return costs.invpcidSinglePs;
      case 'invpcidContext':
        return costs.invpcidContextPs;
      case 'cr3Flush':
        return costs.cr3WriteFlushPs;
      case 'cr3Keep':
        return costs.cr3WriteKeepPs;
      case 'icrWrite':
        return this.#icr();
      case 'eoi':
        return costs.eoiPs;
      case 'interruptFlag':
        return costs.interruptFlagPs;
      case 'work':
        return cyclesToPs(costs, this.#operand(base, Operand.a));
      case 'syscallEntry':
        return costs.syscallEntryPs;
      case 'syscallExit':
        return costs.syscallExitPs;
      case 'faultReturn':
        return costs.faultReturnPs;
      case 'interruptReturn':
        return costs.interruptReturnPs;
      default:
        return 0;
    }
  }

  /** A user access that hits, sets D first, or faults; a miss is the walker's business. */
  #user(cpu: number, base: number, op: ProgramOp, nowPs: number): number {
    const machine = this.#machine;
    const page = this.#operand(base, Operand.a);
    const isStore = op === PROGRAM_OPS[Opcode.userStore];
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
