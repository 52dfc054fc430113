import {
  BUFFER_STRIDE,
  BufferField,
  conditionHolds,
  CpuField,
  isDrained,
  isPresent,
  type Machine,
  Opcode,
  Operand,
  Pte,
  visibleValue,
} from '@shootdown/core';
import { Unseen } from './unseen.js';

/** Which accesses to words of memory nobody can tell from later ones. */
export class UnseenWords extends Unseen {
  /** No other CPU can see whether a store to this word is still in the buffer. `goesOn`: the program may go on meanwhile. */
  isUnseenByOthers(cpu: number, word: number, goesOn: boolean): boolean {
    const { guard } = this.machine;
    if (!guard.isPayload(word)) return this.rules.private && !this.futures.othersTouch(cpu, word, goesOn);
    const group = guard.groupOf(word);
    if (!this.rules.owned || this.#ownerOf(word) !== cpu || !this.sharing.isNeverTaken(group)) return false;
    this.sharing.relyOnRecord(group);
    return true;
  }

  /**
   * Monitors may judge otherwise by the word when it is written earlier. A claim of the CPU for itself is judged when it executes user code; whatever
   * could come to be owed in between is announced, and the claim is looked at again then.
   */
  isJudged(cpu: number, word: number): boolean {
    const { guard, saturated, isVirtual } = this.machine;
    if (!guard.isWatched(word)) return false;
    if (!guard.isOwnClaim(word, cpu) || !saturated || isVirtual) return true;
    return !this.sharing.relyOnGrowingTables() || !this.relyOnCleanness();
  }

  areFramesUnread(): boolean {
    return this.rules.unreadFrames && this.sharing.relyOnUnreadFrames();
  }

  /** The hardware itself reads or writes the word: a page table or a frame. */
  isHardware(word: number): boolean {
    return this.machine.isTableWord(word) || this.machine.isFrameWord(word);
  }

  canRead(cpu: number, word: number): boolean {
    if (this.machine.isFrameWord(word)) return false;
    if (this.machine.guard.isPayload(word)) return this.#isOwned(cpu, word);
    return this.rules.private && !this.futures.othersWrite(cpu, word) && !this.ahead.mayWrite(cpu, word);
  }

  canReadMask(cpu: number, mask: number): boolean {
    const words = Math.ceil(this.machine.layout.cpuCount / 32);
    for (let word = mask; word < mask + words; word++)
      if (this.machine.isTableWord(word) || !this.canRead(cpu, word)) return false;
    return true;
  }

  /** No walker changes what the op receives from an entry of a page table: an absent one it leaves alone, of another it sets A and D. */
  isReadAlike(cpu: number, base: number): boolean {
    const machine = this.machine;
    const word = machine.runner.operands[base + Operand.a] as number;
    if (!machine.isTableWord(word)) return true;
    this.surroundings.word(word);
    const entry = visibleValue(machine, cpu, word);
    return !isPresent(entry) || (machine.runner.operands[base] === Opcode.test && answersAlike(machine, base, entry));
  }

  /**
   * A store that enters the own buffer is seen by this CPU only; one that becomes visible at once needs more. What a handler stores
   * becomes visible behind it: where a handler may get ahead, only a store that leaves the buffer at once is made at once.
   */
  canStore(cpu: number, base: number): boolean {
    const { runner, sequentiallyConsistent, guard } = this.machine;
    const word = runner.operands[base + Operand.a] as number;
    if (this.machine.isFrameWord(word)) return this.#canStoreIntoFrame(cpu, base);
    if (this.machine.isTableWord(word)) return false;
    if (sequentiallyConsistent) return this.canChange(cpu, base) && this.passesOnUnseen(cpu, base);
    if (this.ahead.canBeInterrupted(cpu) && !this.#isUnseen(cpu, base)) return false;
    if (guard.isPayload(word)) return this.#isOwned(cpu, word);
    if (!this.rules.private || !this.ahead.canBeInterrupted(cpu)) return this.rules.private;
    return !this.ahead.mayTouch(cpu, word);
  }

  /** Nobody reads it, but a handler's stores would wait behind it: it has to leave the buffer at once where one may get ahead. */
  #canStoreIntoFrame(cpu: number, base: number): boolean {
    if (this.machine.runner.operands[base + Operand.group] !== 0) return false;
    return (isDrained(this.machine, cpu) || !this.ahead.canBeInterrupted(cpu)) && this.areFramesUnread();
  }

  /**
   * Nobody else can tell when the store becomes visible, and it is drained by an eager move as soon as it is the oldest one. It takes room
   * from a handler that gets ahead until then, which must never be short of it.
   */
  #isUnseen(cpu: number, base: number): boolean {
    const { runner } = this.machine;
    const word = runner.operands[base + Operand.a] as number;
    if (runner.operands[base + Operand.group] !== 0 || this.isJudged(cpu, word)) return false;
    return this.isUnseenByOthers(cpu, word, true) && (isDrained(this.machine, cpu) || this.sharing.relyOnRoom());
  }

  canChange(cpu: number, base: number): boolean {
    const { runner, guard } = this.machine;
    const word = runner.operands[base + Operand.a] as number;
    if (this.isHardware(word) || this.isJudged(cpu, word)) return false;
    if (guard.isPayload(word)) return this.#isOwned(cpu, word);
    return this.rules.private && !this.futures.othersTouch(cpu, word, false) && !this.ahead.mayTouch(cpu, word);
  }

  passesOnUnseen(cpu: number, base: number): boolean {
    return this.canPassOn(cpu, this.machine.runner.operands[base + Operand.group] as number, false);
  }

  /** Nobody can tell whether the record `group` - 1 has been passed on: nobody else can come to touch it. */
  canPassOn(cpu: number, group: number, goesOn: boolean): boolean {
    if (group === 0) return true;
    if (!this.rules.owned || goesOn || this.futures.othersTouchRecord(cpu, group - 1)) return false;
    return !this.ahead.mayTouchRecord(cpu, group - 1);
  }

  /**
   * The CPU owns the record, no buffered store is about to pass it on, nobody else takes or passes on what the CPU owns, and no other
   * context of the CPU touches the word. Whoever else touches it violates C8, which is judged at that access.
   */
  #isOwned(cpu: number, word: number): boolean {
    const machine = this.machine;
    if (!this.rules.owned || this.#ownerOf(word) !== cpu) return false;
    const group = machine.guard.groupOf(word);
    if (this.#isPassingOn(cpu, group) || !this.sharing.isKept(machine.top(cpu), cpu, group)) return false;
    this.sharing.relyOnRecord(group);
    return !this.ahead.mayTouch(cpu, word);
  }

  #ownerOf(word: number): number {
    const { guard } = this.machine;
    this.surroundings.owner(guard.groupOf(word));
    return guard.ownerOf(this.machine, word);
  }

  #isPassingOn(cpu: number, group: number): boolean {
    const { state, layout } = this.machine;
    const first = layout.cpu(cpu) + CpuField.buffer;
    const end = first + (state[layout.cpu(cpu) + CpuField.bufferCount] as number) * BUFFER_STRIDE;
    for (let entry = first; entry < end; entry += BUFFER_STRIDE)
      if (state[entry + BufferField.group] === group + 1) return true;
    return false;
  }
}

/** The op answers the same whichever of these flags are set. */
function answersAlike(machine: Machine, base: number, entry: number): boolean {
  const [first, ...others] = [0, Pte.accessed, Pte.dirty, Pte.accessed | Pte.dirty].map((flags) =>
    conditionHolds(machine, base, entry | flags),
  );
  return others.every((other) => other === first);
}
