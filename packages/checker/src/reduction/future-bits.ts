import { type Layout, type Machine, MARKS, Opcode, Operand, PROGRAM_OPS } from '@shootdown/core';

/** Marks by which an invalidation comes to be owed. */
const REVOKING_MARKS: ReadonlySet<number> = new Set((['cover', 'call'] as const).map((mark) => MARKS.indexOf(mark)));

/**
 * Numbers what a program can do to others, a bit each: touch a memory word, write it, send a CPU an interrupt, touch a hand-off record or
 * pass it on, take away what walks find or monitors judge by.
 */
export class FutureBits {
  /** Integers of a row of these bits. */
  readonly width: number;
  /** Of a CPU's row: an interrupt is on its way to it. */
  readonly pendingInterrupt: number;
  /**
   * Changes an entry of a page table otherwise than by a plain store, frees a table or allocates one, or makes invalidations owed. Of a CPU's
   * row: a store to a page table is in its buffer.
   */
  readonly revokes: number;
  readonly #words: number;
  readonly #records: number;

  constructor({ cpuBlock, cpuCount }: Layout, records: number) {
    this.#words = cpuBlock;
    this.pendingInterrupt = 2 * cpuBlock + cpuCount;
    this.revokes = this.pendingInterrupt + 1;
    this.#records = this.revokes + 1;
    this.width = Math.ceil((this.#records + records) / 32);
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
  /** Touches a word of the hand-off record, or passes it on. */
  record(group: number): number {
    return this.#records + group;
  }

  /** Names the bits of the op that lies here. */
  ofOp(machine: Machine, operands: Int32Array, base: number, set: (bit: number) => void): void {
    const opcode = operands[base] as number;
    const operand = operands[base + Operand.a] as number;
    const group = operands[base + Operand.group] as number;
    for (const word of touchedBy(machine, opcode, operand)) {
      set(this.touches(word));
      for (const record of recordsOf(machine, word, group)) set(this.record(record));
    }
    const footprint = PROGRAM_OPS[opcode]?.footprint;
    const isLocked = footprint === 'locked' || footprint === 'waitLocked';
    if (isLocked || footprint === 'store') set(this.writes(operand));
    if (isLocked && machine.isTableWord(operand)) set(this.revokes);
    this.#ofSystemOp(machine, opcode, operand, set);
  }

  #ofSystemOp(machine: Machine, opcode: number, operand: number, set: (bit: number) => void): void {
    if (opcode === Opcode.sendIpi) set(this.interrupts(operand));
    else if (opcode === Opcode.sendIpiMask)
      for (let cpu = 0; cpu < machine.layout.cpuCount; cpu++) set(this.interrupts(cpu));
    else if (opcode === Opcode.setTableFreed || (opcode === Opcode.mark && REVOKING_MARKS.has(operand)))
      set(this.revokes);
  }
}

/** The hand-off records that an access to the word touches, and passes on as `group` - 1. */
export function recordsOf({ guard }: Machine, word: number, group: number): readonly number[] {
  const touched = guard.isPayload(word) ? [guard.groupOf(word)] : [];
  return group === 0 ? touched : [...touched, group - 1];
}

/** The words that an op reads or writes, whose operand a this is. */
function touchedBy({ lists, layout }: Machine, opcode: number, operand: number): readonly number[] {
  switch (PROGRAM_OPS[opcode]?.footprint) {
    case 'load':
    case 'store':
    case 'locked':
    case 'waitLocked':
      return [operand];
    case 'wait':
      return opcode === Opcode.waitAny ? lists.list(operand) : [operand];
    case 'mask':
      return Array.from({ length: Math.ceil(layout.cpuCount / 32) }, (_, word) => operand + word);
    default:
      return [];
  }
}
