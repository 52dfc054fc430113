import { compositeMove, cpuOf, MOST_COMPOSITES, numberOf } from './move.js';

/** Sequences of elementary moves of one CPU that are made as one move, by the numbers of these moves. */
export class CompositeMoves {
  readonly #sequences: (readonly number[])[] = [];
  readonly #numbers = new Map<string, number>();

  /** The move that makes these one after the other; when there are more sequences than numbers, the first of them alone. */
  of(sequence: readonly number[]): number {
    const first = sequence[0] as number;
    if (sequence.length === 1) return first;
    const key = sequence.join();
    const known = this.#numbers.get(key);
    if (known !== undefined) return compositeMove(cpuOf(first), known);
    if (this.#sequences.length === MOST_COMPOSITES) return first;
    const number = this.#sequences.push(sequence) - 1;
    this.#numbers.set(key, number);
    return compositeMove(cpuOf(first), number);
  }

  /** The elementary moves of a composite one. */
  sequence(move: number): readonly number[] {
    return this.#sequences[numberOf(move)] as readonly number[];
  }
}
