import { ShootdownError } from '@shootdown/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventQueue } from '../src/event-queue.js';

interface Pending {
  readonly timePs: number;
  readonly kind: number;
  readonly cpu: number;
  readonly sequence: number;
}

/** The specification: a sorted array. */
class SortedList {
  private readonly pending: Pending[] = [];
  private sequence = 0;

  push(timePs: number, kind: number, cpu: number): void {
    this.pending.push({ timePs, kind, cpu, sequence: this.sequence++ });
    this.pending.sort((a, b) => a.timePs - b.timePs || a.kind - b.kind || a.cpu - b.cpu || a.sequence - b.sequence);
  }
  pop(): Pending | undefined {
    return this.pending.shift();
  }
  get first(): Pending | undefined {
    return this.pending[0];
  }
  get size(): number {
    return this.pending.length;
  }
}

const head = (queue: EventQueue): number[] => [queue.timePs, queue.kind, queue.cpu];

/** Events from a handful of values, so that ties in time, kind and CPU are common; `base` moves them to large times. */
const event = fc.record({
  delta: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 2 ** 43 })),
  kind: fc.constantFrom(0, 1, 2, 63),
  cpu: fc.constantFrom(0, 1, 7, 1023),
});
const step = fc.record({ op: fc.constantFrom('push', 'push', 'pop', 'replaceTop', 'peek', 'first'), event });

function checkAgainstList(
  queue: EventQueue,
  steps: readonly { op: string; event: { delta: number; kind: number; cpu: number } }[],
): void {
  const list = new SortedList();
  for (const {
    op,
    event: { delta, kind, cpu },
  } of steps) {
    const timePs = queue.timePs + delta;
    if (op === 'push') {
      queue.push(timePs, kind, cpu);
      list.push(timePs, kind, cpu);
    } else if (op === 'peek') {
      expect(queue.peekTimePs()).toBe(list.first?.timePs ?? Infinity);
    } else if (op === 'first') {
      const next = list.first;
      const isFirst =
        next === undefined ||
        timePs < next.timePs ||
        (timePs === next.timePs && (kind < next.kind || (kind === next.kind && cpu < next.cpu)));
      expect(queue.wouldBeFirst(timePs, kind, cpu)).toBe(isFirst);
    } else {
      const expected = list.pop();
      if (op === 'replaceTop') list.push(timePs, kind, cpu);
      const taken = op === 'pop' ? queue.pop() : queue.replaceTop(timePs, kind, cpu);
      expect(taken).toBe(expected !== undefined);
      if (expected !== undefined) expect(head(queue)).toEqual([expected.timePs, expected.kind, expected.cpu]);
    }
    expect(queue.size).toBe(list.size);
  }
  for (let next = list.pop(); next !== undefined; next = list.pop()) {
    expect(queue.pop()).toBe(true);
    expect(head(queue)).toEqual([next.timePs, next.kind, next.cpu]);
  }
  expect(queue.pop()).toBe(false);
}

describe('order', () => {
  it('is that of a sorted array under any mix of operations', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => checkAgainstList(new EventQueue(1), steps)),
      { seed: 1, numRuns: 300 },
    );
  });

  it('survives renumbering of the sequence', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) =>
        checkAgainstList(new EventQueue(1, 201), [...steps, ...steps]),
      ),
      { seed: 2, numRuns: 200 },
    );
  });

  it('does not depend on the order of insertion when no two events are equal', () => {
    const times = fc.uniqueArray(fc.integer({ min: 0, max: 2 ** 50 }), { minLength: 1, maxLength: 100 });
    fc.assert(
      fc.property(
        times.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([list, shuffled]) => {
          const queue = new EventQueue();
          for (const time of shuffled) queue.push(time, 0, 0);
          const popped = list.map(() => (queue.pop() ? queue.timePs : -1));
          expect(popped).toEqual([...list].sort((a, b) => a - b));
        },
      ),
      { seed: 3 },
    );
  });

  it('tells times apart at 2^50 ps and prefers kind, then CPU, then arrival', () => {
    const queue = new EventQueue();
    const late = 2 ** 50;
    queue.push(late + 1, 0, 0);
    queue.push(late, 63, 0);
    queue.push(late, 5, 1023);
    queue.push(late, 5, 2);
    const popped: number[][] = [];
    while (queue.pop()) popped.push(head(queue));
    expect(popped).toEqual([
      [late, 5, 2],
      [late, 5, 1023],
      [late, 63, 0],
      [late + 1, 0, 0],
    ]);
  });
});

describe('empty queue', () => {
  it('pops nothing, keeps its clock and peeks at infinity', () => {
    const queue = new EventQueue();
    expect(queue.pop()).toBe(false);
    queue.push(7, 1, 2);
    expect([queue.pop(), queue.pop(), queue.pop()]).toEqual([true, false, false]);
    expect(head(queue)).toEqual([7, 1, 2]);
    expect(queue.peekTimePs()).toBe(Infinity);
    expect(queue.size).toBe(0);
  });

  it('accepts what replaceTop adds', () => {
    const queue = new EventQueue();
    expect(queue.replaceTop(3, 0, 0)).toBe(false);
    expect(queue.size).toBe(1);
    expect(queue.pop()).toBe(true);
    expect(queue.timePs).toBe(3);
  });
});

describe('refusals', () => {
  it.each([
    [Number.NaN, 0, 0],
    [9, 0, 0],
    [10, 64, 0],
    [10, -1, 0],
    [10, 0, 1024],
    [10, 0, -1],
  ])('of time %d, kind %d, CPU %d after 10 ps', (timePs, kind, cpu) => {
    const queue = new EventQueue();
    queue.push(10, 0, 0);
    queue.push(20, 0, 0);
    queue.pop();
    expect(() => queue.push(timePs, kind, cpu)).toThrow(ShootdownError);
    expect(() => queue.replaceTop(timePs, kind, cpu)).toThrow(/pushed at 10 ps/);
    expect([queue.size, queue.peekTimePs()]).toEqual([1, 20]);
  });
});
