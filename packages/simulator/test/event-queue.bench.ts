import FlatQueue from 'flatqueue';
import { bench, describe } from 'vitest';
import { EventQueue } from '../src/event-queue.js';

const EVENTS = 100_000;

/** The part of a queue that the hold model uses. */
interface HoldQueue {
  readonly timePs: number;
  readonly kind: number;
  readonly cpu: number;
  push(timePs: number, kind: number, cpu: number): void;
  pop(): boolean;
}

/** The fastest queue on npm under the same interface. It has no order among equal times, which a deterministic simulator must have. */
class FlatEvents implements HoldQueue {
  timePs = 0;
  kind = 0;
  cpu = 0;
  readonly #queue = new FlatQueue<number>();

  push(timePs: number, kind: number, cpu: number): void {
    this.#queue.push(kind * 1024 + cpu, timePs);
  }

  pop(): boolean {
    const timePs = this.#queue.peekValue();
    const head = this.#queue.pop();
    if (timePs === undefined || head === undefined) return false;
    this.timePs = timePs;
    this.kind = head >> 10;
    this.cpu = head & 1023;
    return true;
  }
}

/** Takes the next event and pushes another a pseudo-random delay later, over and over: `pending` events at any time. */
function hold(queue: HoldQueue, pending: number): void {
  let state = 12345;
  for (let cpu = 0; cpu < pending; cpu++) queue.push(cpu, 1, cpu);
  for (let event = 0; event < EVENTS; event++) {
    queue.pop();
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    queue.push(queue.timePs + 1 + ((state >>> 8) % 1_000_000), queue.kind, queue.cpu);
  }
}

describe.each([2, 16, 64, 1024])(`hold model, ${EVENTS} events, %d pending`, (pending) => {
  bench('EventQueue', () => hold(new EventQueue(pending), pending));
  bench('flatqueue', () => hold(new FlatEvents(), pending));
});
