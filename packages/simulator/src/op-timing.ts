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
import type { CpuTimes } from './cpu-times.js';
import { type Directory, Request } from './directory.js';
import { FOOTPRINT_OF, FootprintCode } from './op-table.js';
import { OpPrices } from './op-prices.js';
import type { TlbGeometry } from './tlb-geometry.js';

/** When the pending op takes effect: the machine's own durations, plus what the line directory and the TLB add. Results go to `CpuTimes`. */
export class OpTiming {
  readonly #machine: Machine;
  readonly #costs: CostTable;
  readonly #directory: Directory;
  readonly #geometry: TlbGeometry;
  readonly #times: CpuTimes;
  readonly #request: Float64Array;
  readonly #prices: OpPrices;
  readonly #lockedOpPs: number;
  readonly #storeIssuePs: number;

  constructor(
    machine: Machine,
    costs: CostTable,
    directory: Directory,
    geometry: TlbGeometry,
    times: CpuTimes,
    isXapic: boolean,
  ) {
    this.#machine = machine;
    this.#costs = costs;
    this.#directory = directory;
    this.#geometry = geometry;
    this.#times = times;
    this.#request = directory.request;
    this.#prices = new OpPrices(costs, isXapic);
    this.#lockedOpPs = costs.lockedOpPs;
    this.#storeIssuePs = costs.storeIssuePs;
  }

  /** The op of this opcode is issued now. Lines it needs are requested now, in arrival order. */
  execute(cpu: number, base: number, opcode: number): void {
    const { clock, duePs } = this.#times;
    const nowPs = clock[0] as number;
    switch (FOOTPRINT_OF[opcode]) {
      case FootprintCode.none:
        duePs[cpu] = nowPs + this.#prices.durationPs(this.#machine, base, opcode);
        break;
      case FootprintCode.load:
      case FootprintCode.wait:
        this.#read(cpu, this.#operand(base, Operand.a));
        break;
      case FootprintCode.store:
        duePs[cpu] = nowPs + this.#storeIssuePs;
        break;
      case FootprintCode.locked:
      case FootprintCode.waitLocked:
        this.#own(this.#operand(base, Operand.a) >> 3, cpu);
        duePs[cpu] = (this.#request[Request.donePs] as number) + this.#lockedOpPs;
        break;
      case FootprintCode.mask:
        duePs[cpu] = this.#readMask(cpu, base, nowPs) + this.#prices.durationPs(this.#machine, base, opcode);
        break;
      default:
        duePs[cpu] = this.#user(cpu, base, opcode, nowPs);
    }
  }

  /** The oldest buffered store begins to become visible now: at once when the CPU owns the line (SDM vol. 3 §9.2.2). */
  drain(cpu: number, word: number): void {
    const { clock, drainPs } = this.#times;
    if (this.#directory.owns(word >> 3, cpu)) {
      drainPs[cpu] = (clock[0] as number) + this.#storeIssuePs;
      return;
    }
    this.#own(word >> 3, cpu);
    drainPs[cpu] = this.#request[Request.donePs] as number;
  }

  /** One level of a walk begins now. */
  walk(cpu: number, word: number): void {
    this.reread(cpu, word >> 3);
    this.#times.duePs[cpu] = (this.#times.duePs[cpu] as number) + this.#costs.walkStepPs;
  }

  /** The CPU begins to read a line; a sleeping one, woken by a write to it, reads it again. */
  reread(cpu: number, line: number): void {
    this.#request[Request.nowPs] = this.#times.clock[0] as number;
    this.#directory.serveRead(line, cpu);
    this.#times.duePs[cpu] = this.#request[Request.donePs] as number;
  }

  #own(line: number, cpu: number): void {
    this.#request[Request.nowPs] = this.#times.clock[0] as number;
    this.#directory.serveWrite(line, cpu);
  }

  #operand(base: number, offset: number): number {
    return this.#machine.runner.operands[base + offset] as number;
  }

  /** A read of a modified line on another CPU's vmalloc-mapped stack also pays a page walk. */
  #read(cpu: number, word: number): void {
    const { clock, duePs } = this.#times;
    const nowPs = clock[0] as number;
    if (isForwarded(this.#machine, cpu, word)) {
      duePs[cpu] = nowPs + this.#costs.l1HitPs;
      return;
    }
    const isTouch = this.#machine.guard.isForeignVmalloc(word, cpu) && !this.#directory.holds(word >> 3, cpu);
    this.reread(cpu, word >> 3);
    if (isTouch) duePs[cpu] = (duePs[cpu] as number) + this.#costs.vmallocTouchPs;
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
      return this.#directory.write(leafWord(machine, cpu, page) >> 3, cpu, translated) + this.#costs.dirtyAssistPs;
    const entry = machine.state[slot] as number;
    if (isStore || !isValidEntry(entry)) return translated + this.#costs.storeIssuePs;
    return this.#directory.read(machine.frameWord(entryFrame(entry)) >> 3, cpu, translated);
  }
}
