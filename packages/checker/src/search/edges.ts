import { grown } from './vector-table.js';

const CHUNK = 1 << 18;

/** The fair moves of a finished search as a graph: the states that each state leads to. States are expanded in the order of their numbers. */
export class Edges {
  readonly #chunks: Int32Array[] = [];
  #count = 0;
  /** Of each state expanded so far: its first edge. */
  #firsts = new Int32Array(1024);
  #states = 0;

  get bytes(): number {
    return 4 * (this.#chunks.length * CHUNK + this.#firsts.length);
  }

  /** The edges added from here on leave the next state. */
  begin(): void {
    if (this.#states === this.#firsts.length) this.#firsts = grown(this.#firsts);
    this.#firsts[this.#states++] = this.#count;
  }

  add(target: number): void {
    if (this.#count % CHUNK === 0) this.#chunks.push(new Int32Array(CHUNK));
    (this.#chunks[Math.floor(this.#count / CHUNK)] as Int32Array)[this.#count % CHUNK] = target;
    this.#count++;
  }

  /** Number of the first edge of this state; that of the next state is the end. */
  first(state: number): number {
    return state < this.#states ? (this.#firsts[state] as number) : this.#count;
  }

  target(edge: number): number {
    return (this.#chunks[Math.floor(edge / CHUNK)] as Int32Array)[edge % CHUNK] as number;
  }

  /** Marks every state from which a marked state can be reached. Most edges lead forward, so few passes from the back are needed. */
  spreadBackward(marked: Uint8Array): void {
    for (let isChanged = true; isChanged; ) {
      isChanged = false;
      for (let state = this.#states - 1; state >= 0; state--) {
        if (marked[state] !== 0 || !this.#leadsTo(state, marked)) continue;
        marked[state] = 1;
        isChanged = true;
      }
    }
  }

  #leadsTo(state: number, marked: Uint8Array): boolean {
    const end = this.first(state + 1);
    for (let edge = this.first(state); edge < end; edge++) if (marked[this.target(edge)] !== 0) return true;
    return false;
  }
}
