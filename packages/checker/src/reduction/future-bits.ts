import { type Layout, type Machine, MARKS, Opcode, Operand, PROGRAM_OPS } from '@shootdown/core';

/** Marks by which an invalidation comes to be owed, or a claim to be judged. */
const REVOKING_MARKS: ReadonlySet<number> = new Set(
  (['cover', 'call', 'generation'] as const).map((mark) => MARKS.indexOf(mark)),
);

/**
 * Numbers what a program can do to others, a bit each: touch a memory word, write it, send a CPU an interrupt, take away what walks find
 * or monitors judge by.
 */
export class FutureBits {
  /** Integers of a row of these bits. */
  readonly width: number;
  /** Of a CPU's row: an interrupt is on its way to it. */
  readonly pendingInterrupt: number;
  /**
   * Changes an entry of a page table otherwise than by a plain store, frees a table or allocates one, makes invalidations owed, changes
   * what claims of generations are judged by, or makes one for another CPU. Of a CPU's row: such a store is in its buffer, or one to a page
   * table.
   */
  readonly revokes: number;
  readonly #words: number;

  constructor({ cpuBlock, cpuCount }: Layout) {
    this.#words = cpuBlock;
    this.pendingInterrupt = 2 * cpuBlock + cpuCount;
    this.revokes = this.pendingInterrupt + 1;
    this.width = Math.ceil((this.revokes + 1) / 32);
  }

  /** Reads the word or writes it. */
  touches(word: number): number {
    return word;
  }
  writes(word: number): number {
    return this.#words + word;
  }
  interrupts(cpu: number): number {
    return 2 * this.#words + cpu;
  }

  /** Names the bits of the op that lies here, of a program on this CPU. */
  ofOp(machine: Machine, cpu: number, operands: Int32Array, base: number, set: (bit: number) => void): void {
    const opcode = operands[base] as number;
    const operand = operands[base + Operand.a] as number;
    switch (PROGRAM_OPS[opcode]?.footprint) {
      case 'load':
        set(this.touches(operand));
        break;
      case 'store':
        this.#ofWrite(operand, set);
        if (isForeignClaim(machine, cpu, operand)) set(this.revokes);
        break;
      case 'locked':
      case 'waitLocked':
        this.#ofWrite(operand, set);
        if (machine.isTableWord(operand) || machine.guard.isWatched(operand)) set(this.revokes);
        break;
      case 'wait':
        for (const word of opcode === Opcode.waitAny ? machine.lists.list(operand) : [operand]) set(this.touches(word));
        break;
      case 'mask':
        for (let word = 0; word < Math.ceil(machine.layout.cpuCount / 32); word++) set(this.touches(operand + word));
        break;
      default:
    }
    this.#ofSystemOp(machine, opcode, operand, set);
  }

  #ofWrite(word: number, set: (bit: number) => void): void {
    set(this.touches(word));
    set(this.writes(word));
  }

  #ofSystemOp(machine: Machine, opcode: number, operand: number, set: (bit: number) => void): void {
    if (opcode === Opcode.sendIpi) set(this.interrupts(operand));
    else if (opcode === Opcode.sendIpiMask)
      for (let cpu = 0; cpu < machine.layout.cpuCount; cpu++) set(this.interrupts(cpu));
    else if (opcode === Opcode.setTableFreed || (opcode === Opcode.mark && REVOKING_MARKS.has(operand)))
      set(this.revokes);
  }
}

/** A claim is made as soon as the word is written, and its CPU may not have done yet what it claims. */
export function isForeignClaim({ guard }: Machine, cpu: number, word: number): boolean {
  return guard.isWatched(word) && guard.home(word) !== cpu;
}
