import { WriteLog } from '@shootdown/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CollapsedStore } from '../src/search/collapsed-store.js';
import { type ComponentGroup, componentGroups } from '../src/search/components.js';
import { PlainStore } from '../src/search/plain-store.js';
import { ALL_CPUS, type StateStore } from '../src/search/state-store.js';
import { VectorTable } from '../src/search/vector-table.js';
import { automatonMachine } from '../src/explore.js';
import { litmusMachine } from './litmus.js';

const SIZE = 12;
const MEMORY = 5;
const GROUPS: readonly ComponentGroup[] = [
  {
    cpu: -1,
    components: [
      { start: 0, end: 3 },
      { start: 3, end: MEMORY },
    ],
  },
  { cpu: 0, components: [{ start: 5, end: 7 }] },
  {
    cpu: 1,
    components: [
      { start: 7, end: 9 },
      { start: 9, end: 10 },
    ],
  },
  { cpu: -1, components: [{ start: 10, end: SIZE }] },
];
const vector = fc
  .array(fc.integer({ min: -1, max: 1 }), { minLength: SIZE, maxLength: SIZE })
  .map((values) => Int32Array.from(values));
const initial = (): Int32Array => new Int32Array(SIZE);

/** What a machine would say of the step from one vector to the other: memory words that changed, and one that did not. */
function writesBetween(from: Int32Array, to: Int32Array): WriteLog {
  const log = new WriteLog();
  log.add(1);
  for (let word = 0; word < MEMORY; word++) if (from[word] !== to[word]) log.add(word);
  return log;
}

/** The CPUs whose part differs. */
function cpusBetween(from: Int32Array, to: Int32Array): number {
  const differs = (start: number, end: number): boolean =>
    from.subarray(start, end).join() !== to.subarray(start, end).join();
  return (differs(5, 7) ? 1 : 0) | (differs(7, 10) ? 2 : 0);
}

/** A log that has lost count: any word may have been written. */
function overfull(): WriteLog {
  const log = new WriteLog();
  for (let i = 0; i < 1000; i++) log.add(0);
  return log;
}

describe.each<[string, () => StateStore]>([
  ['plain store', () => new PlainStore(initial())],
  ['collapsed store', () => new CollapsedStore(GROUPS, initial())],
])('%s', (_name, make) => {
  it('numbers states as a map over text keys does, and gives them back', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(vector, fc.nat()), { minLength: 1, maxLength: 400 }), (states) => {
        const store = make();
        const known = new Map<string, number>();
        const all: Int32Array[] = [];
        for (const [state, pick] of states) {
          const key = state.join();
          if (!known.has(key)) all.push(state);
          known.set(key, known.get(key) ?? known.size);
          const vector = Int32Array.from(state);
          expect(store.add(vector, writesBetween(store.base, state), cpusBetween(store.base, state))).toBe(
            known.get(key),
          );
          expect(store.count).toBe(known.size);
          store.revert(vector);
          expect(vector).toEqual(store.base);
          expect(store.add(Int32Array.from(state), overfull(), ALL_CPUS)).toBe(known.get(key));
          store.restore(pick % all.length);
          expect(store.base).toEqual(all[pick % all.length]);
        }
      }),
      { seed: 11, numRuns: 60 },
    );
  });
});

describe('vector table', () => {
  it('keeps its numbers while it grows over many chunks', () => {
    const table = new VectorTable(0, 2);
    const at = (index: number): Int32Array => Int32Array.of(index, -index);
    for (let index = 0; index < 100_000; index++) table.intern(at(index));
    expect(table.count).toBe(100_000);
    const back = new Int32Array(2);
    for (let index = 0; index < 100_000; index += 997) {
      expect(table.intern(at(index))).toBe(index);
      table.restore(index, back);
      expect(back).toEqual(at(index));
    }
  });
});

describe('components', () => {
  it('cover the vector without gaps, memory first', () => {
    const { machine } = automatonMachine(
      litmusMachine({ name: 'test', memory: 'tso', threads: [function* () {}, function* () {}] }),
    );
    const { layout } = machine;
    const components = componentGroups(machine)
      .flatMap((group) => group.components)
      .sort((a, b) => a.start - b.start);
    expect(components[0]?.start).toBe(0);
    components.slice(1).forEach((component, index) => {
      expect(component.start).toBe(components[index]?.end);
    });
    expect(components.at(-1)?.end).toBe(layout.size);
    expect(components.some((component) => component.end === layout.cpuBlock)).toBe(true);
  });
});
