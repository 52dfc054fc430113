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
import { isFrameWord } from './note-touches.js';
import type { Sharing } from './sharing.js';

const NONE = -1;
/** Eager moves of one CPU in a row; then the state is one like any other, so that no loop of eager moves hides the others. */
const MOST_IN_A_ROW = 256;

/** Which of the reductions are on. */
export interface EagerRules {
  /** Accesses to words that one context alone touches, or that nobody else writes. */
  readonly private: boolean;
  /** Accesses to hand-off words by their owner. */
  readonly owned: boolean;
  /** Stores into frames whose contents no program reads. */
  readonly unreadFrames: boolean;
}

/**
 * Moves that commute with every move of every other context and that no monitor sees, so that making one of them at once loses no
 * behaviour: accesses to words that only this context can touch meanwhile, the entry of a store into the own buffer, drains of
 * stores that no other CPU can see, and ops that change nothing others can observe. docs/decisions.md has the argument.
 */
export class EagerMoves {
  readonly #machine: Machine;
  readonly #sharing: Sharing;
  readonly #rules: EagerRules;
  /** Memory words that the hardware itself reads or writes: page tables and frames. */
  readonly #hardware: (word: number) => boolean;
  #cpus = 0;
  #cpu = 0;
  #row = 0;

  constructor(machine: Machine, sharing: Sharing, rules: EagerRules) {
    this.#machine = machine;
    this.#sharing = sharing;
    this.#rules = rules;
    const frameEnd = machine.frameWord(machine.shape.frames);
    this.#hardware = (word) =>
      (word >= machine.tableBase && word < machine.tableEnd) || (word >= machine.frameBase && word < frameEnd);
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
      const move = this.#moveOf(this.#cpu);
      if (move !== NONE) return move;
    }
    return NONE;
  }

  #moveOf(cpu: number): number {
    if (this.#canDrain(cpu)) return actionMove(cpu, Action.drain, 0);
    const base = this.#machine.pending(cpu);
    return base >= 0 && this.#isEager(cpu, base) ? opMove(cpu, 0) : NONE;
  }

  /** The oldest buffered store is one that no other CPU can see: it may become visible at once. */
  #canDrain(cpu: number): boolean {
    const { state, layout, guard } = this.#machine;
    if (isDrained(this.#machine, cpu)) return false;
    const oldest = layout.cpu(cpu) + CpuField.buffer;
    if (state[oldest + BufferField.group] !== 0) return false;
    if (state[oldest + BufferField.via] !== 0) return this.#isRepeated(cpu, oldest) && this.#areFramesUnread();
    const word = state[oldest + BufferField.word] as number;
    if (isFrameWord(this.#machine, word)) return this.#areFramesUnread();
    if (this.#hardware(word) || guard.isWatched(word)) return false;
    if (guard.isPayload(word)) return this.#rules.owned && guard.ownerOf(this.#machine, word) === cpu;
    return this.#rules.private && this.#relies(word, this.#sharing.isOfCpu(cpu, word));
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

  #areFramesUnread(): boolean {
    return this.#rules.unreadFrames && this.#sharing.relyOnUnreadFrames();
  }

  #isEager(cpu: number, base: number): boolean {
    const machine = this.#machine;
    const { operands } = machine.runner;
    const opcode = operands[base] as number;
    const op = PROGRAM_OPS[opcode];
    switch (op?.footprint) {
      case 'load':
        return this.#canRead(cpu, operands[base + Operand.a] as number);
      case 'mask':
        return opcode === Opcode.nextSetBit && this.#canReadMask(cpu, operands[base + Operand.a] as number);
      case 'store':
        return hasRoom(machine, cpu) && this.#canStore(cpu, base);
      case 'locked':
        return isDrained(machine, cpu) && operands[base + Operand.group] === 0 && this.#canChange(cpu, base);
      case 'none':
        return this.#rules.private && this.#isUnseen(cpu, opcode);
      default:
        return false;
    }
  }

  /** Ops without memory that commute with whatever others do, and with an interrupt or NMI of this CPU. */
  #isUnseen(cpu: number, opcode: number): boolean {
    const { state, layout } = this.#machine;
    const block = layout.cpu(cpu);
    switch (opcode) {
      case Opcode.phase:
        return true;
      case Opcode.work:
        return !this.#machine.inUserMode(cpu);
      case Opcode.fence:
        return isDrained(this.#machine, cpu);
      // Until it is executed no interrupt can be taken, and nothing disables it.
      case Opcode.enableInterrupts:
        return true;
      case Opcode.disableInterrupts:
        return state[block + CpuField.interruptFlag] === 0;
      case Opcode.endOfInterrupt:
        return this.#machine.top(cpu) === this.#machine.interruptContext(cpu);
      default:
        return false;
    }
  }

  #canRead(cpu: number, word: number): boolean {
    if (this.#hardware(word)) return false;
    if (this.#machine.guard.isPayload(word)) return this.#isOwned(cpu, word);
    return this.#rules.private && this.#relies(word, this.#sharing.isReadOnly(this.#machine.top(cpu), word));
  }

  #canReadMask(cpu: number, mask: number): boolean {
    const words = Math.ceil(this.#machine.layout.cpuCount / 32);
    for (let word = mask; word < mask + words; word++) if (!this.#canRead(cpu, word)) return false;
    return true;
  }

  /** A store that enters the own buffer is seen by this CPU only; one that becomes visible at once needs more. */
  #canStore(cpu: number, base: number): boolean {
    const { runner, sequentiallyConsistent, guard } = this.#machine;
    const word = runner.operands[base + Operand.a] as number;
    if (isFrameWord(this.#machine, word)) return runner.operands[base + Operand.group] === 0 && this.#areFramesUnread();
    if (this.#hardware(word)) return false;
    if (sequentiallyConsistent) return runner.operands[base + Operand.group] === 0 && this.#canChange(cpu, base);
    if (guard.isPayload(word)) return this.#isOwned(cpu, word);
    return this.#rules.private && this.#relies(word, this.#sharing.isLocal(this.#machine.top(cpu), cpu, word));
  }

  #canChange(cpu: number, base: number): boolean {
    const { runner, guard } = this.#machine;
    const word = runner.operands[base + Operand.a] as number;
    if (this.#hardware(word) || guard.isWatched(word)) return false;
    if (guard.isPayload(word)) return this.#isOwned(cpu, word);
    return this.#rules.private && this.#relies(word, this.#sharing.isPrivate(this.#machine.top(cpu), word));
  }

  /**
   * The CPU owns the record, no buffered store is about to pass it on, and no other context of the CPU touches the word. Whoever
   * else touches it violates C8, which is judged at that access: the reduction is sound because it is checked.
   */
  #isOwned(cpu: number, word: number): boolean {
    const machine = this.#machine;
    if (!this.#rules.owned || machine.guard.ownerOf(machine, word) !== cpu) return false;
    if (this.#isPassingOn(cpu, machine.guard.groupOf(word))) return false;
    return this.#relies(word, this.#sharing.isLocal(machine.top(cpu), cpu, word));
  }

  #isPassingOn(cpu: number, group: number): boolean {
    const { state, layout } = this.#machine;
    const first = layout.cpu(cpu) + CpuField.buffer;
    const end = first + (state[layout.cpu(cpu) + CpuField.bufferCount] as number) * BUFFER_STRIDE;
    for (let entry = first; entry < end; entry += BUFFER_STRIDE)
      if (state[entry + BufferField.group] === group + 1) return true;
    return false;
  }

  #relies(word: number, holds: boolean): boolean {
    if (holds) this.#sharing.rely(word);
    return holds;
  }
}
