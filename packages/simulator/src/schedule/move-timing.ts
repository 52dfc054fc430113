import {
  Action,
  CpuField,
  type CostTable,
  entryFrame,
  FIRST_ACTION,
  isValidEntry,
  type Machine,
  type MachineProfile,
  Opcode,
  Operand,
  translation,
  walkWord,
} from '@shootdown/core';
import { CpuTimes } from '../cpu-times.js';
import type { Directory } from '../directory.js';
import type { InterruptTiming } from '../interrupt-timing.js';
import { OpTiming } from '../op-timing.js';
import { After, AFTER } from '../op-table.js';
import { TlbGeometry } from '../tlb-geometry.js';

/** When a move takes effect that begins now: what the simulator would charge. */
export class MoveTiming {
  readonly #machine: Machine;
  readonly #costs: CostTable;
  readonly #interrupts: InterruptTiming;
  readonly #times: CpuTimes;
  readonly #ops: OpTiming;

  constructor(
    machine: Machine,
    profile: MachineProfile,
    costs: CostTable,
    directory: Directory,
    interrupts: InterruptTiming,
  ) {
    const { cpuCount, pages } = machine.layout;
    this.#machine = machine;
    this.#costs = costs;
    this.#interrupts = interrupts;
    this.#times = new CpuTimes(cpuCount);
    // A geometry that is never filled charges no second-level hits: the few pages of an explored machine stay in the first level.
    const geometry = new TlbGeometry(cpuCount, profile.tlb, pages);
    this.#ops = new OpTiming(machine, costs, directory, geometry, this.#times, profile.features.apic === 'xapic-flat');
  }

  /** The move begins now. The lines that it needs are requested now. */
  endPs(cpu: number, move: number, nowPs: number): number {
    this.#times.clock[0] = nowPs;
    return move < FIRST_ACTION ? this.#op(cpu) : this.#action(cpu, move - FIRST_ACTION, nowPs);
  }

  /** The CPU begins to wait at its pending op: it reads the line, and again whenever somebody has written it since. Returns when it has. */
  beginWait(cpu: number, nowPs: number): number {
    this.#times.clock[0] = nowPs;
    return this.#execute(cpu);
  }

  /** A CPU that waits reads the line again. */
  rereadPs(cpu: number, line: number, nowPs: number): number {
    this.#times.clock[0] = nowPs;
    this.#ops.reread(cpu, line);
    return this.#times.duePs[cpu] as number;
  }

  /** The line whose readers a move wakes when it takes effect; -1: it writes none. */
  lineWrittenBy(cpu: number, move: number): number {
    const word = this.#wordWrittenBy(cpu, move);
    return word < 0 ? -1 : word >> 3;
  }

  #wordWrittenBy(cpu: number, move: number): number {
    const { state, layout, runner } = this.#machine;
    if (move === FIRST_ACTION + Action.drain) return state[layout.cpu(cpu) + CpuField.buffer] as number;
    if (move === FIRST_ACTION + Action.stepWalk) return walkWord(this.#machine, cpu);
    if (move >= FIRST_ACTION) return -1;
    const base = this.#machine.pending(cpu);
    if (AFTER[move] === After.wake) return runner.operands[base + Operand.a] as number;
    return this.#visibleAtOnce(cpu, base);
  }

  /** Under sequential consistency a store is over when it is visible. */
  #op(cpu: number): number {
    const base = this.#machine.pending(cpu);
    const endPs = this.#execute(cpu);
    const word = this.#visibleAtOnce(cpu, base);
    return word < 0 ? endPs : this.#drained(cpu, word, endPs);
  }

  /** The word that the pending op stores without a buffer; -1: it does not. */
  #visibleAtOnce(cpu: number, base: number): number {
    const { runner, sequentiallyConsistent } = this.#machine;
    return sequentiallyConsistent && AFTER[runner.operands[base] as number] === After.drain
      ? this.#storedWord(cpu, base)
      : -1;
  }

  #execute(cpu: number): number {
    const base = this.#machine.pending(cpu);
    this.#ops.execute(cpu, base, this.#machine.runner.operands[base] as number);
    return this.#times.duePs[cpu] as number;
  }

  #drained(cpu: number, word: number, nowPs: number): number {
    this.#times.clock[0] = nowPs;
    this.#ops.drain(cpu, word);
    return this.#times.drainPs[cpu] as number;
  }

  /** The word that the pending store writes; -1 for a load, and for a store that faults. */
  #storedWord(cpu: number, base: number): number {
    const { runner, state } = this.#machine;
    const operand = runner.operands[base + Operand.a] as number;
    if (runner.operands[base] === Opcode.store) return operand;
    const entry = state[translation(this.#machine, cpu, operand)] as number;
    return runner.operands[base] === Opcode.userStore && isValidEntry(entry)
      ? this.#machine.frameWord(entryFrame(entry))
      : -1;
  }

  #action(cpu: number, action: number, nowPs: number): number {
    const { state, layout } = this.#machine;
    switch (action) {
      case Action.drain:
        return this.#drained(cpu, state[layout.cpu(cpu) + CpuField.buffer] as number, nowPs);
      case Action.stepWalk:
        this.#ops.walk(cpu, walkWord(this.#machine, cpu));
        return this.#times.duePs[cpu] as number;
      case Action.takeInterrupt:
        return nowPs + this.#interrupts.entry(this.#machine, cpu);
      case Action.takeNmi:
        return nowPs + this.#costs.nmiEntryPs;
      case Action.deschedule:
        return nowPs + this.#costs.vmExitPs;
      case Action.enterVcpu:
        return nowPs + this.#costs.vmEntryPs;
      default:
        return nowPs;
    }
  }
}

/** Actions that the simulator has no duration for, as it never makes them. */
const UNPRICED: ReadonlySet<number> = new Set([
  FIRST_ACTION + Action.hitProbe,
  FIRST_ACTION + Action.loadSpeculatively,
]);

export function isUnpriced(move: number): boolean {
  return UNPRICED.has(move);
}
