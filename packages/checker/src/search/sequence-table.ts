import { PairTable } from './pair-table.js';

/** The sequence of no integers. */
export const EMPTY = 0;

/** Numbers sequences of integers: each is a shorter one and an integer behind it. */
export class SequenceTable {
  readonly #longer = new PairTable();

  get bytes(): number {
    return this.#longer.bytes;
  }

  /** The number of this sequence with an integer behind it. */
  longer(sequence: number, integer: number): number {
    const known = this.#longer.get(sequence, integer);
    if (known !== 0) return known;
    const number = this.#longer.count + 1;
    this.#longer.set(sequence, integer, number);
    return number;
  }

  /** The same with all of these. */
  with(sequence: number, integers: readonly number[]): number {
    let longer = sequence;
    for (let i = 0; i < integers.length; i++) longer = this.longer(longer, integers[i] as number);
    return longer;
  }
}
