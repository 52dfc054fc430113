import { performance } from 'node:perf_hooks';
import { EventQueue } from '../src/event-queue.js';

/** What a bare loop took, and where its clock ended: the same for equal arguments on every host. */
export interface BareLoopResult {
  readonly seconds: number;
  readonly clockPs: number;
}

/** Delays of 1 to 1000 ns from a linear congruential generator, one stream per process. */
function* endlessProcess(seed: number): Generator<number, never, number> {
  let state = seed;
  let nowPs = 0;
  for (;;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    nowPs = yield nowPs + 1000 * (1 + ((state >>> 8) % 1000));
  }
}

/**
 * The least that a generator-driven simulator can do: `pending` processes, each event resumes one with the time and schedules its next.
 * Its seconds per event are the unit in which the engine's speed is stated, since a ratio of two loops in one run does not depend on
 * how fast the host is.
 */
export function bareLoop(pending: number, events: number): BareLoopResult {
  const queue = new EventQueue(pending);
  const processes = Array.from({ length: pending }, (_, index) => endlessProcess(12345 + index));
  processes.forEach((process, cpu) => {
    queue.push(process.next(0).value, 0, cpu);
  });
  const start = performance.now();
  for (let event = 0; event < events && queue.pop(); event++) {
    const next = processes[queue.cpu]?.next(queue.timePs);
    if (next !== undefined) queue.push(next.value, 0, queue.cpu);
  }
  return { seconds: (performance.now() - start) / 1000, clockPs: queue.timePs };
}
