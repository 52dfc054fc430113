import type { CpuTimes } from './cpu-times.js';
import { Event } from './driver-codes.js';
import type { EventQueue } from './event-queue.js';

/**
 * The steps of the CPUs as events of the queue.
 *
 * An interrupted step leaves its event in the queue. That of a thread that works for milliseconds would stay there until then, one more for
 * every interrupt; so the event that was left behind serves the step that is due later, which is the rest of the same work: when it
 * comes, that step gets an event of its own. So a CPU has one event far ahead at most.
 */
export class StepEvents {
  readonly #queue: EventQueue;
  readonly #times: CpuTimes;
  /** Per CPU: when the event comes that was left behind; -1 when there is none to be used. */
  readonly #leftPs: Float64Array;

  constructor(queue: EventQueue, times: CpuTimes) {
    this.#queue = queue;
    this.#times = times;
    this.#leftPs = new Float64Array(times.duePs.length).fill(-1);
  }

  /** What the CPU is busy with will come when it is due. */
  await(cpu: number): void {
    if (!this.#isServed(cpu)) this.#queue.push(this.#times.duePs[cpu] as number, Event.step, cpu);
  }

  /** What the CPU was busy with, if anything, is not waited for any more. Of two events left behind the later one is kept in mind: the other is gone before it. */
  abandon(cpu: number): void {
    const { duePs } = this.#times;
    const left = this.#leftPs;
    if (!this.#isServed(cpu)) left[cpu] = Math.max(left[cpu] as number, duePs[cpu] as number);
    duePs[cpu] = -1;
  }

  /** An event of the CPU has come: true when it is free now, false when that event was left behind. */
  takes(cpu: number): boolean {
    const { clock, duePs } = this.#times;
    const nowPs = clock[0] as number;
    const due = duePs[cpu] as number;
    const isLeft = this.#leftPs[cpu] === nowPs;
    if (isLeft) this.#leftPs[cpu] = -1;
    if (due === nowPs) {
      duePs[cpu] = -1;
      return true;
    }
    if (isLeft && due > nowPs) this.#queue.push(due, Event.step, cpu);
    return false;
  }

  /** The event left behind comes no later than the step is due. */
  #isServed(cpu: number): boolean {
    const left = this.#leftPs[cpu] as number;
    return left >= 0 && (this.#times.duePs[cpu] as number) >= left;
  }
}
