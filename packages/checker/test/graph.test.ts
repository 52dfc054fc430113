import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Graph } from '../src/search/graph.js';

/** A move out of a state: to the next new one, or to a known one that `pick` chooses. */
const move = fc.record({ isNew: fc.boolean(), isFair: fc.boolean(), pick: fc.nat() });
const states = fc.array(fc.record({ isEnd: fc.boolean(), moves: fc.array(move, { maxLength: 4 }) }), {
  minLength: 1,
  maxLength: 150,
});

describe('graph', () => {
  it('gives back the fair moves of each state and from where each was met', () => {
    fc.assert(
      fc.property(states, (given) => {
        const graph = new Graph();
        const parents = [-1];
        const ends: number[] = [];
        const fair = given.map(({ isEnd, moves }, state) => {
          graph.begin(isEnd);
          ends.push(isEnd ? 1 : 0);
          // A state that is expanded has been met.
          const all = parents.length === state + 1 ? [{ isNew: true, isFair: true, pick: 0 }, ...moves] : moves;
          return all.flatMap(({ isNew, isFair, pick }) => {
            const target = isNew ? parents.push(state) - 1 : pick % parents.length;
            graph.leadsTo(target, isFair);
            return isFair ? [target] : [];
          });
        });
        expect(graph.count).toBe(given.length);
        for (let index = 0; index < graph.blocks; index++) {
          const block = graph.read(index);
          for (let place = 0; place < block.count; place++) {
            const first = place === 0 ? 0 : block.ends[place - 1];
            expect([...block.targets.subarray(first, block.ends[place])]).toEqual(fair[block.first + place]);
            expect(block.isEnd[place]).toBe(ends[block.first + place]);
          }
        }
        for (const [state, parent] of parents.entries()) expect(graph.parentOf(state)).toBe(parent);
      }),
      { seed: 3, numRuns: 60 },
    );
  });
});
