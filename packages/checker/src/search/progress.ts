import { Edges } from './edges.js';

/**
 * Contract C6 on a finished graph: from every state, a state in which every thread that ought to end has ended must be reachable by
 * fair moves alone: ops, drains, deliveries, interrupts and the walks that accesses wait for. NMIs, evictions and speculation may
 * happen, but nothing may have to wait for them.
 */
export class Progress {
  readonly #edges = new Edges();
  #finished = new Uint8Array(1024);
  #states = 0;

  get bytes(): number {
    return this.#edges.bytes + this.#finished.length;
  }

  /** The fair moves told from here on leave the next state; `isFinished`: all threads that ought to end have ended in it. */
  begin(isFinished: boolean): void {
    if (this.#states === this.#finished.length) this.#grow();
    this.#finished[this.#states++] = isFinished ? 1 : 0;
    this.#edges.begin();
  }

  leadsTo(state: number): void {
    this.#edges.add(state);
  }

  /** The first state from which nothing leads to the end; -1: none. */
  firstStuck(): number {
    const canEnd = this.#finished.slice(0, this.#states);
    this.#edges.spreadBackward(canEnd);
    return canEnd.indexOf(0);
  }

  /** The nearest state reachable from this one that satisfies the predicate; this one when there is none. */
  nearest(from: number, isWanted: (state: number) => boolean): readonly number[] {
    const parents = new Map([[from, -1]]);
    for (const state of parents.keys()) {
      if (isWanted(state)) return pathTo(state, parents);
      for (let edge = this.#edges.first(state); edge < this.#edges.first(state + 1); edge++) {
        const target = this.#edges.target(edge);
        if (!parents.has(target)) parents.set(target, state);
      }
    }
    return [from];
  }

  #grow(): void {
    const longer = new Uint8Array(this.#finished.length * 2);
    longer.set(this.#finished);
    this.#finished = longer;
  }
}

function pathTo(state: number, parents: ReadonlyMap<number, number>): readonly number[] {
  const path: number[] = [];
  for (let at = state; at >= 0; at = parents.get(at) ?? -1) path.push(at);
  return path.reverse();
}
