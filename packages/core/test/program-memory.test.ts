import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProgramMemory } from '../src/program/program-memory.js';

const small = fc.integer({ min: -2, max: 2 });
const args = fc.tuple(small, small, small, small, small, small, small, small);

describe('ProgramMemory', () => {
  it('agrees with a map of keys, starts and successors alike', () => {
    fc.assert(
      fc.property(fc.array(args, { maxLength: 3000 }), (keys) => {
        const memory = new ProgramMemory(16);
        const known = new Map<string, number>();
        for (const [program, cpu, a, b, c, d, e, f] of keys) {
          const key = [program, cpu, a, b, c, d, e, f].join();
          expect(memory.start(program, cpu, [a, b, c, d, e, f])).toBe(known.get(key) ?? 0);
          if (known.has(key)) continue;
          memory.ops[0] = known.size;
          const node = memory.addStart(0, program, cpu, [a, b, c, d, e, f]);
          expect(memory.ops[node]).toBe(known.size);
          known.set(key, node);
        }
        expect(memory.size).toBe(known.size);
      }),
      { seed: 3, numRuns: 20 },
    );
  });

  it('finds each successor by the value that leads to it, in any number', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { maxLength: 9000 }), (values) => {
        const memory = new ProgramMemory(16);
        const start = memory.addStart(0, 1, 0, [0, 0, 0, 0, 0, 0]);
        const nodes = values.map((value) => {
          expect(memory.next(start, value)).toBe(0);
          return memory.add(start, value, 0);
        });
        expect(values.map((value) => memory.next(start, value))).toEqual(nodes);
        expect(values.map((_, index) => memory.received(nodes[index] as number))).toEqual(values);
        for (const node of nodes.slice(0, 3)) expect(memory.pathTo(node)).toEqual([start, node]);
      }),
      { seed: 4, numRuns: 10 },
    );
  });

  it('keeps the arguments of a start', () => {
    const memory = new ProgramMemory(16);
    for (let first = 0; first < 200; first++) memory.addStart(0, 9, 1, [first, 2, 3, 4, 5, 6]);
    expect([...memory.argumentsOf(memory.start(9, 1, [150, 2, 3, 4, 5, 6]))]).toEqual([150, 2, 3, 4, 5, 6]);
  });
});
