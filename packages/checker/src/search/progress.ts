import type { Graph, GraphBlock } from './graph.js';

/**
 * Contract C6 on a finished graph: from every state, a state in which every thread that ought to end has ended must be reachable by
 * fair moves alone: ops, drains, deliveries, interrupts and the walks that accesses wait for. NMIs, evictions and speculation may
 * happen, but nothing may have to wait for them. This finds the first state from which nothing leads to the end; -1: none.
 */
export function firstStuck(graph: Graph): number {
  const canEnd = new Uint8Array(graph.count);
  // Most moves lead forward, so few passes from the back are needed.
  while (spreadBackward(graph, canEnd));
  return canEnd.indexOf(0);
}

/** Marks the states from which a marked state or an end can be reached at once; true when some were not marked before. */
function spreadBackward(graph: Graph, canEnd: Uint8Array): boolean {
  let isChanged = false;
  for (let index = graph.blocks - 1; index >= 0; index--) {
    if (isMarked(canEnd, graph.rangeOf(index))) continue;
    isChanged = spreadWithin(graph.read(index), canEnd) || isChanged;
  }
  return isChanged;
}

function isMarked(canEnd: Uint8Array, [first, end]: readonly [number, number]): boolean {
  for (let state = first; state < end; state++) if (canEnd[state] === 0) return false;
  return true;
}

function spreadWithin({ first, count, isEnd, ends, targets }: GraphBlock, canEnd: Uint8Array): boolean {
  let isChanged = false;
  for (let place = count - 1; place >= 0; place--) {
    if (canEnd[first + place] !== 0) continue;
    let canReach = isEnd[place] as number;
    const end = ends[place] as number;
    for (let target = place === 0 ? 0 : (ends[place - 1] as number); target < end && canReach === 0; target++)
      canReach = canEnd[targets[target] as number] as number;
    canEnd[first + place] = canReach;
    isChanged ||= canReach !== 0;
  }
  return isChanged;
}

/** The way to the nearest state reachable by fair moves that satisfies the predicate; only `from` when there is none. */
export function nearest(graph: Graph, from: number, isWanted: (state: number) => boolean): readonly number[] {
  const parents = new Map([[from, -1]]);
  for (const state of parents.keys()) {
    if (isWanted(state)) return pathTo(state, parents);
    for (const target of fairTargets(graph, state)) if (!parents.has(target)) parents.set(target, state);
  }
  return [from];
}

function fairTargets(graph: Graph, state: number): readonly number[] {
  const { first, ends, targets } = graph.read(graph.blockOf(state));
  const place = state - first;
  return [...targets.subarray(place === 0 ? 0 : ends[place - 1], ends[place])];
}

function pathTo(state: number, parents: ReadonlyMap<number, number>): readonly number[] {
  const path: number[] = [];
  for (let at = state; at >= 0; at = parents.get(at) ?? -1) path.push(at);
  return path.reverse();
}
