import type { Mask, Word } from './op.js';

/** The word `offset` words behind a pointer that a program holds as an integer, as C's `&pointer[offset]`. */
export function wordAt(pointer: number, offset: number): Word {
  return (pointer + offset) as Word;
}

/** The word of a mask that holds the bit of a CPU. */
export function maskWord(mask: Mask, cpu: number): Word {
  return wordAt(mask, cpu >> 5);
}

/** The bit of a CPU within its word of a mask. */
export function maskBit(cpu: number): number {
  return 1 << (cpu & 31);
}
