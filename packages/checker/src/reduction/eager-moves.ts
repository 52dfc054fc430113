import {
  Action,
  BUFFER_STRIDE,
  BufferField,
  CpuField,
  hasRoom,
  isDrained,
  type Machine,
  Opcode,
  Operand,
  PROGRAM_OPS,
} from '@shootdown/core';
import { actionMove, opMove } from '../search/move.js';
import { Ahead } from './ahead.js';
import type { Commuting } from './commuting.js';
import type { EagerRules } from './eager-rules.js';
import type { Futures } from './futures.js';
import type { Sharing } from './sharing.js';
import { UnseenOps } from './unseen-ops.js';
import { UnseenWords } from './unseen-words.js';

const NONE = -1;
/** Eager moves of one CPU in a row; then the state is one like any other, so that no loop of eager moves hides the others. */
const MOST_IN_A_ROW = 256;

/**
 * Moves that commute with every move of every other context and that no monitor sees, so that making one of them at once loses no
 * behaviour: accesses to words that only this context can touch meanwhile, the entry of a store into the own buffer, drains of
 * stores that no other CPU can see, and ops that change nothing others can observe. docs/decisions.md has the argument.
 */
export class EagerMoves {
  readonly #machine: Machine;
  readonly #sharing: Sharing;
  readonly #futures: Futures;
  readonly #ahead: Ahead;
  readonly #ops: UnseenOps;
  readonly #words: UnseenWords;
  #cpus = 0;
  #cpu = 0;
  #row = 0;

  constructor(commuting: Commuting, rules: EagerRules) {
    const { machine, sharing, futures, surroundings } = commuting;
    this.#machine = machine;
    this.#sharing = sharing;
    this.#futures = futures;
    this.#ahead = new Ahead(machine, sharing, futures, surroundings);
    this.#ops = new UnseenOps(commuting, this.#ahead, rules);
    this.#words = new UnseenWords(commuting, this.#ahead, rules);
  }

  /** Begins anew with the CPUs of this bit set. */
  rewind(cpus: number): void {
    this.#cpus = cpus;
    this.#cpu = 0;
    this.#row = 0;
  }

  /** The next eager move of the present state, which the caller then makes; -1 when there is none left. */
  next(): number {
    for (; this.#cpu < this.#machine.layout.cpuCount; this.#cpu++, this.#row = 0) {
      if (((this.#cpus >>> this.#cpu) & 1) === 0 || this.#row++ >= MOST_IN_A_ROW) continue;
      const move = this.of(this.#cpu);
      if (move !== NONE) return move;
    }
    return NONE;
  }

  /** No other CPU notices the pending op, whatever may get ahead of it on its own CPU. */
  isUnnoticed(cpu: number): boolean {
    const base = this.#machine.pending(cpu);
    if (base < 0 || this.#ahead.canBeProbed(cpu)) return false;
    this.#ahead.isLeftOut = true;
    const isUnnoticed = this.#isEager(cpu, base);
    this.#ahead.isLeftOut = false;
    return isUnnoticed;
  }

  /** The eager move of this CPU in the present state; -1: it has none. */
  of(cpu: number): number {
    if (this.#canDrain(cpu)) return actionMove(cpu, Action.drain, 0);
    const base = this.#machine.pending(cpu);
    if (base < 0 || !this.mayHurry(cpu, base) || this.#ahead.canBePreempted(cpu)) return NONE;
    return this.#isEager(cpu, base) ? opMove(cpu, 0) : NONE;
  }

  /**
   * An interrupt or a probe may be met before this op or after it without a difference. What a probe runs belongs to the same context;
   * HLT ends by an interrupt that is taken while it is pending only.
   */
  mayHurry(cpu: number, base: number): boolean {
    if (this.#ahead.canBeProbed(cpu)) return false;
    return !this.#sharing.isBeforeHalt(base) || !this.#ahead.canBeInterrupted(cpu);
  }

  /** The pending op when it is made at once although an interrupt could be taken before it; else -1. */
  opBeforeInterrupt(cpu: number, isEager: boolean): number {
    const base = this.#machine.pending(cpu);
    if (!isEager && this.#machine.runner.operands[base] !== Opcode.choose) return NONE;
    return this.#ahead.canBeInterrupted(cpu) ? base : NONE;
  }

  /** See `Unseen`. */
  relyOnCleanness(): boolean {
    return this.#words.relyOnCleanness();
  }

  /**
   * An NMI finds the same before the pending op of the CPU and behind it, and does nothing that the op could tell. Its return drains the store
   * buffer: what the op stores is drained behind the op without it, and nobody can tell when.
   */
  commutesWithNmi(cpu: number): boolean {
    const base = this.#machine.pending(cpu);
    const { operands } = this.#machine.runner;
    switch (PROGRAM_OPS[operands[base] as number]?.footprint) {
      case 'load':
        return this.#sharing.relyOnLookingNmis();
      case 'store':
      case 'locked':
        return this.#sharing.relyOnLookingNmis() && this.#isUntold(cpu, base);
      default:
        return false;
    }
  }

  /** Neither an NMI can tell whether this has been stored, nor another CPU whether it has become visible, which it could do while an NMI goes on. */
  #isUntold(cpu: number, base: number): boolean {
    const { runner } = this.#machine;
    const word = runner.operands[base + Operand.a] as number;
    if (this.#words.isHardware(word) || this.#futures.nmiTouches(cpu, word)) return false;
    return (
      runner.operands[base + Operand.group] === 0 &&
      !this.#words.isJudged(cpu, word) &&
      this.#words.isUnseenByOthers(cpu, word, true)
    );
  }

  /** The oldest buffered store is one that no other CPU can see: it may become visible at once. */
  #canDrain(cpu: number): boolean {
    const { state, layout } = this.#machine;
    if (isDrained(this.#machine, cpu)) return false;
    const oldest = layout.cpu(cpu) + CpuField.buffer;
    const goesOn = !this.#isHeldByBuffer(cpu);
    if (!this.#words.canPassOn(cpu, state[oldest + BufferField.group] as number, goesOn)) return false;
    if (state[oldest + BufferField.via] !== 0) return this.#isRepeated(cpu, oldest) && this.#words.areFramesUnread();
    const word = state[oldest + BufferField.word] as number;
    if (this.#machine.isFrameWord(word)) return this.#words.areFramesUnread();
    if (this.#machine.isTableWord(word) || this.#words.isJudged(cpu, word)) return false;
    return this.#words.isUnseenByOthers(cpu, word, goesOn);
  }

  /** The pending op has to wait until a store has left the buffer, whatever others do. */
  #isHeldByBuffer(cpu: number): boolean {
    const base = this.#machine.pending(cpu);
    const op = base < 0 ? undefined : PROGRAM_OPS[this.#machine.runner.operands[base] as number];
    return op?.drains === true || (op?.footprint === 'store' && !hasRoom(this.#machine, cpu));
  }

  /**
   * The next store in the buffer is the same one again, made through the same translation with the same marks: it stays behind and
   * says all that the monitors could learn from this one.
   */
  #isRepeated(cpu: number, oldest: number): boolean {
    const { state, layout } = this.#machine;
    if ((state[layout.cpu(cpu) + CpuField.bufferCount] as number) < 2) return false;
    for (let field = 0; field < BUFFER_STRIDE; field++)
      if (state[oldest + field] !== state[oldest + BUFFER_STRIDE + field]) return false;
    return true;
  }

  #isEager(cpu: number, base: number): boolean {
    const machine = this.#machine;
    const { operands } = machine.runner;
    const opcode = operands[base] as number;
    const op = PROGRAM_OPS[opcode];
    switch (op?.footprint) {
      case 'load':
        return this.#words.canRead(cpu, operands[base + Operand.a] as number) && this.#words.isReadAlike(cpu, base);
      case 'mask':
        return opcode === Opcode.nextSetBit && this.#words.canReadMask(cpu, operands[base + Operand.a] as number);
      case 'store':
        return hasRoom(machine, cpu) && this.#words.canStore(cpu, base);
      case 'locked':
        return isDrained(machine, cpu) && this.#words.canChange(cpu, base) && this.#words.passesOnUnseen(cpu, base);
      case 'none':
        return this.#ops.includes(cpu, base);
      default:
        return false;
    }
  }
}
