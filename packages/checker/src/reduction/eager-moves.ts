import {
  Action,
  BUFFER_STRIDE,
  BufferField,
  CpuField,
  hasRoom,
  isDrained,
  type Machine,
  MACHINE_ACTIONS,
  Opcode,
  Operand,
  PROGRAM_OPS,
  ThreadField,
} from '@shootdown/core';
import { actionMove, opMove } from '../search/move.js';
import type { EagerRules } from './eager-rules.js';
import type { Futures } from './futures.js';
import type { OwnInvalidations } from './own-invalidations.js';
import { isAboveUser } from './is-above-user.js';
import type { Sharing } from './sharing.js';
import type { Surroundings } from './surroundings.js';

const NONE = -1;
/** Eager moves of one CPU in a row; then the state is one like any other, so that no loop of eager moves hides the others. */
const MOST_IN_A_ROW = 256;

/** What tells whether moves commute. */
export interface Commuting {
  readonly machine: Machine;
  readonly sharing: Sharing;
  readonly futures: Futures;
  readonly invalidations: OwnInvalidations;
  readonly surroundings: Surroundings;
}

/**
 * Moves that commute with every move of every other context and that no monitor sees, so that making one of them at once loses no
 * behaviour: accesses to words that only this context can touch meanwhile, the entry of a store into the own buffer, drains of
 * stores that no other CPU can see, and ops that change nothing others can observe. docs/decisions.md has the argument.
 */
export class EagerMoves {
  readonly #machine: Machine;
  readonly #sharing: Sharing;
  readonly #futures: Futures;
  readonly #invalidations: OwnInvalidations;
  readonly #surroundings: Surroundings;
  readonly #rules: EagerRules;
  #cpus = 0;
  #cpu = 0;
  #row = 0;
  /** What may get ahead of an op on its own CPU is left out of account. */
  #isAloneOnCpu = false;

  constructor({ machine, sharing, futures, invalidations, surroundings }: Commuting, rules: EagerRules) {
    this.#machine = machine;
    this.#surroundings = surroundings;
    this.#invalidations = invalidations;
    this.#sharing = sharing;
    this.#futures = futures;
    this.#rules = rules;
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
    if (base < 0 || this.#canBeProbed(cpu)) return false;
    this.#isAloneOnCpu = true;
    const isUnnoticed = this.#isEager(cpu, base);
    this.#isAloneOnCpu = false;
    return isUnnoticed;
  }

  /** The eager move of this CPU in the present state; -1: it has none. */
  of(cpu: number): number {
    if (this.#canDrain(cpu)) return actionMove(cpu, Action.drain, 0);
    const base = this.#machine.pending(cpu);
    if (base < 0 || !this.mayHurry(cpu, base) || this.#canBePreempted(cpu)) return NONE;
    return this.#isEager(cpu, base) ? opMove(cpu, 0) : NONE;
  }

  /**
   * An interrupt or a probe may be met before this op or after it without a difference. What a probe runs belongs to the same context;
   * HLT ends by an interrupt that is taken while it is pending only.
   */
  mayHurry(cpu: number, base: number): boolean {
    if (this.#canBeProbed(cpu)) return false;
    return !this.#sharing.isBeforeHalt(base) || !this.#canBeInterrupted(cpu);
  }

  #canBeProbed(cpu: number): boolean {
    this.#surroundings.probes();
    return MACHINE_ACTIONS[Action.hitProbe]?.enabled(this.#machine, cpu, 0) === true;
  }

  /** The pending op when it is made at once although an interrupt could be taken before it; else -1. */
  opBeforeInterrupt(cpu: number, isEager: boolean): number {
    const base = this.#machine.pending(cpu);
    if (!isEager && this.#machine.runner.operands[base] !== Opcode.choose) return NONE;
    return this.#canBeInterrupted(cpu) ? base : NONE;
  }

  /**
   * Others may move while the CPU is in user mode instead of in a handler, or the other way round. In user mode it is judged at once, so
   * what violates something does so in either order, or earlier, and what does not leads to the same.
   */
  relyOnCleanness(): boolean {
    return this.#rules.cleanFirst && this.#sharing.relyOnCleanness();
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
    const { runner, guard } = this.#machine;
    const word = runner.operands[base + Operand.a] as number;
    if (this.#isHardware(word) || this.#futures.nmiTouches(cpu, word)) return false;
    return runner.operands[base + Operand.group] === 0 && !guard.isWatched(word) && this.#isUnseenByOthers(cpu, word);
  }

  /** An interrupt, an NMI or the host may get ahead of the pending op of the CPU. */
  #canBeInterrupted(cpu: number): boolean {
    const { state, layout, boot, isVirtual } = this.#machine;
    const block = layout.cpu(cpu);
    if (this.#isAloneOnCpu || !this.#machine.isRunning(cpu)) return false;
    if (isVirtual && state[layout.preemptions] !== 0) return true;
    if (state[block + CpuField.nmiActive] !== 0) return false;
    this.#surroundings.nmis();
    if (boot.system.nmi !== undefined && state[layout.nmiBudget] !== 0) return true;
    return this.#futures.isOpenToInterrupts(cpu);
  }

  /** A handler may put a program above the pending op of a thread: it runs in the thread's own context, and may touch what that one does. */
  #canBePreempted(cpu: number): boolean {
    const machine = this.#machine;
    const isThread = machine.top(cpu) < machine.layout.threadCount;
    return isThread && this.#sharing.isPreempted(machine, cpu) && this.#futures.isOpenToInterrupts(cpu);
  }

  /** The oldest buffered store is one that no other CPU can see: it may become visible at once. */
  #canDrain(cpu: number): boolean {
    const { state, layout, guard } = this.#machine;
    if (isDrained(this.#machine, cpu)) return false;
    const oldest = layout.cpu(cpu) + CpuField.buffer;
    if (state[oldest + BufferField.group] !== 0) return false;
    if (state[oldest + BufferField.via] !== 0) return this.#isRepeated(cpu, oldest) && this.#areFramesUnread();
    const word = state[oldest + BufferField.word] as number;
    if (this.#machine.isFrameWord(word)) return this.#areFramesUnread();
    if (this.#machine.isTableWord(word) || guard.isWatched(word)) return false;
    return this.#isUnseenByOthers(cpu, word);
  }

  /** No other CPU can see whether a store to this word is still in the buffer. */
  #isUnseenByOthers(cpu: number, word: number): boolean {
    const { guard } = this.#machine;
    if (!guard.isPayload(word)) return this.#rules.private && !this.#futures.othersTouch(cpu, word);
    const group = guard.groupOf(word);
    if (!this.#rules.owned || this.#ownerOf(word) !== cpu || !this.#sharing.isNeverTaken(group)) return false;
    this.#sharing.relyOnRecord(group);
    return true;
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
        return (this.#rules.private && this.#isInvisible(cpu, opcode)) || this.#invalidatesUnseen(cpu, base);
      default:
        return false;
    }
  }

  /** Ops without memory that commute with whatever others do, and with an interrupt or NMI of this CPU. */
  #isInvisible(cpu: number, opcode: number): boolean {
    switch (opcode) {
      case Opcode.phase:
        return true;
      case Opcode.work:
        return !this.#machine.inUserMode(cpu);
      case Opcode.fence:
        return isDrained(this.#machine, cpu);
      // Where it changes anything no interrupt can be taken until it is executed, and nothing disables it.
      case Opcode.enableInterrupts:
        return this.#isAloneOnCpu || this.#sharing.relyOnFlag();
      case Opcode.disableInterrupts:
        return this.#isAloneOnCpu || (this.#disablesNothing(cpu) && this.#sharing.relyOnFlag());
      case Opcode.switchTo:
        return this.#switchesUnseen(cpu);
      case Opcode.endOfInterrupt:
        return this.#isAloneOnCpu || this.#machine.top(cpu) === this.#machine.interruptContext(cpu);
      case Opcode.finished:
        return this.#returnsUnseen(cpu);
      default:
        return false;
    }
  }

  #invalidatesUnseen(cpu: number, base: number): boolean {
    return this.#rules.invalidations && !this.#canBeInterrupted(cpu) && this.#invalidations.mayHurry(cpu, base);
  }

  /** From a thread in the kernel to another one that is there, too, and no handler can tell which of them it is above. */
  #switchesUnseen(cpu: number): boolean {
    const { state, layout, runner } = this.#machine;
    const thread = runner.operands[this.#machine.pending(cpu) + Operand.a] as number;
    if (thread < 0 || thread >= layout.threadCount || this.#machine.inUserMode(cpu)) return false;
    return state[layout.thread(thread) + ThreadField.user] === 0 && !this.#canBeInterrupted(cpu);
  }

  /** Interrupts are off already, or none will come. */
  #disablesNothing(cpu: number): boolean {
    const { state, layout } = this.#machine;
    return state[layout.cpu(cpu) + CpuField.interruptFlag] === 0 || !this.#futures.isOpenToInterrupts(cpu);
  }

  /**
   * The return from a handler that has nothing to wait for. In user mode the monitors judge what comes to be due at once, and in the handler
   * only when it is over, so others could go on until then.
   */
  #returnsUnseen(cpu: number): boolean {
    const machine = this.#machine;
    const { layout } = machine;
    const context = machine.top(cpu);
    if (context < layout.threadCount || !isDrained(machine, cpu) || !machine.isRunning(cpu)) return false;
    this.#surroundings.ticks();
    if (context === machine.interruptContext(cpu) && isHandlingTick(machine, cpu)) return false;
    // The return from an interrupt brings back the IF that an NMI in its handler has changed, and of one behind it nothing does.
    const isFlagKept = this.#isAloneOnCpu || context === machine.nmiContext(cpu) || this.#sharing.relyOnFlag();
    return isFlagKept && (!isAboveUser(machine, cpu, context) || this.relyOnCleanness());
  }

  /** The hardware itself reads or writes the word: a page table or a frame. */
  #isHardware(word: number): boolean {
    return this.#machine.isTableWord(word) || this.#machine.isFrameWord(word);
  }

  #canRead(cpu: number, word: number): boolean {
    if (this.#isHardware(word)) return false;
    if (this.#machine.guard.isPayload(word)) return this.#isOwned(cpu, word);
    return this.#rules.private && !this.#futures.othersWrite(cpu, word) && !this.#isWrittenAhead(cpu, word);
  }

  #canReadMask(cpu: number, mask: number): boolean {
    const words = Math.ceil(this.#machine.layout.cpuCount / 32);
    for (let word = mask; word < mask + words; word++) if (!this.#canRead(cpu, word)) return false;
    return true;
  }

  /**
   * A store that enters the own buffer is seen by this CPU only; one that becomes visible at once needs more. What a handler stores
   * becomes visible behind it: where a handler may get ahead, only a store that leaves the buffer at once is made at once.
   */
  #canStore(cpu: number, base: number): boolean {
    const { runner, sequentiallyConsistent, guard } = this.#machine;
    const word = runner.operands[base + Operand.a] as number;
    if (this.#machine.isFrameWord(word)) return this.#canStoreIntoFrame(cpu, base);
    if (this.#machine.isTableWord(word)) return false;
    if (sequentiallyConsistent) return runner.operands[base + Operand.group] === 0 && this.#canChange(cpu, base);
    if (this.#canBeInterrupted(cpu) && !this.#isUnseen(cpu, base)) return false;
    if (guard.isPayload(word)) return this.#isOwned(cpu, word);
    if (!this.#rules.private || !this.#canBeInterrupted(cpu)) return this.#rules.private;
    return !this.#isTouchedAhead(cpu, word);
  }

  /** Nobody reads it, but a handler's stores would wait behind it: it has to leave the buffer at once where one may get ahead. */
  #canStoreIntoFrame(cpu: number, base: number): boolean {
    if (this.#machine.runner.operands[base + Operand.group] !== 0) return false;
    return (isDrained(this.#machine, cpu) || !this.#canBeInterrupted(cpu)) && this.#areFramesUnread();
  }

  /**
   * Nobody else can tell when the store becomes visible, and it is drained by an eager move as soon as it is the oldest one. It takes room
   * from a handler that gets ahead until then, which must never be short of it.
   */
  #isUnseen(cpu: number, base: number): boolean {
    const { runner, guard } = this.#machine;
    const word = runner.operands[base + Operand.a] as number;
    if (runner.operands[base + Operand.group] !== 0 || guard.isWatched(word)) return false;
    return this.#isUnseenByOthers(cpu, word) && (isDrained(this.#machine, cpu) || this.#sharing.relyOnRoom());
  }

  #isTouchedAhead(cpu: number, word: number): boolean {
    return !this.#isAloneOnCpu && this.#futures.isTouchedAhead(cpu, word);
  }

  #isWrittenAhead(cpu: number, word: number): boolean {
    return !this.#isAloneOnCpu && this.#futures.isWrittenAhead(cpu, word);
  }

  #canChange(cpu: number, base: number): boolean {
    const { runner, guard } = this.#machine;
    const word = runner.operands[base + Operand.a] as number;
    if (this.#isHardware(word) || guard.isWatched(word)) return false;
    if (guard.isPayload(word)) return this.#isOwned(cpu, word);
    return this.#rules.private && !this.#futures.othersTouch(cpu, word) && !this.#isTouchedAhead(cpu, word);
  }

  /**
   * The CPU owns the record, no buffered store is about to pass it on, nobody else takes or passes on what the CPU owns, and no other
   * context of the CPU touches the word. Whoever else touches it violates C8, which is judged at that access.
   */
  #isOwned(cpu: number, word: number): boolean {
    const machine = this.#machine;
    if (!this.#rules.owned || this.#ownerOf(word) !== cpu) return false;
    const group = machine.guard.groupOf(word);
    if (this.#isPassingOn(cpu, group) || !this.#sharing.isKept(machine.top(cpu), cpu, group)) return false;
    this.#sharing.relyOnRecord(group);
    return !this.#isTouchedAhead(cpu, word);
  }

  #ownerOf(word: number): number {
    const { guard } = this.#machine;
    this.#surroundings.owner(guard.groupOf(word));
    return guard.ownerOf(this.#machine, word);
  }

  #isPassingOn(cpu: number, group: number): boolean {
    const { state, layout } = this.#machine;
    const first = layout.cpu(cpu) + CpuField.buffer;
    const end = first + (state[layout.cpu(cpu) + CpuField.bufferCount] as number) * BUFFER_STRIDE;
    for (let entry = first; entry < end; entry += BUFFER_STRIDE)
      if (state[entry + BufferField.group] === group + 1) return true;
    return false;
  }
}

/** Others may be waiting for the end of the tick, where ticks keep in step. */
function isHandlingTick({ boot, state, layout }: Machine, cpu: number): boolean {
  return boot.system.maximumTickSkew !== undefined && state[layout.tickLead(cpu, cpu)] !== 0;
}
