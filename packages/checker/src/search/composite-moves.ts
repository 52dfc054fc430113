import { compositeMove, cpuOf, MOST_COMPOSITES, numberOf } from './move.js';
import { EMPTY, SequenceTable } from './sequence-table.js';
import { grown } from './vector-table.js';

/** Sequences of elementary moves of one CPU that are made as one move, by the numbers of these moves. */
export class CompositeMoves {
  readonly #sequences: (readonly number[])[] = [];
  readonly #table = new SequenceTable();
  /** By the number of a sequence in the table: its number among the composite moves + 1. */
  #numbers = new Int32Array(256);

  /** The move that makes these one after the other, late ones first; when there are more sequences than numbers, the first of them alone. */
  of(late: readonly number[], sequence: readonly number[]): number {
    const first = (late.length > 0 ? late[0] : sequence[0]) as number;
    if (late.length + sequence.length === 1) return first;
    const place = this.#table.with(this.#table.with(EMPTY, late), sequence);
    while (place >= this.#numbers.length) this.#numbers = grown(this.#numbers);
    if (this.#numbers[place] === 0) {
      if (this.#sequences.length === MOST_COMPOSITES) return first;
      this.#numbers[place] = this.#sequences.push([...late, ...sequence]);
    }
    return compositeMove(cpuOf(first), (this.#numbers[place] as number) - 1);
  }

  /** The elementary moves of a composite one. */
  sequence(move: number): readonly number[] {
    return this.#sequences[numberOf(move)] as readonly number[];
  }
}
