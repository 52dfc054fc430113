import { expect, test } from 'vitest';
import { CpuTimes } from '../src/cpu-times.js';
import { Event } from '../src/driver-codes.js';
import { EventQueue } from '../src/event-queue.js';
import { StepEvents } from '../src/step-events.js';

function setUp() {
  const queue = new EventQueue();
  const times = new CpuTimes(2);
  const steps = new StepEvents(queue, times);
  const begin = (cpu: number, duePs: number): void => {
    times.duePs[cpu] = duePs;
    steps.await(cpu);
  };
  /** Takes the next event; true when the step of its CPU is due. */
  const next = (): boolean => {
    queue.pop();
    times.clock[0] = queue.timePs;
    return steps.takes(queue.cpu);
  };
  return { queue, times, steps, begin, next };
}

test('a step comes when it is due', () => {
  const { times, begin, next } = setUp();
  begin(1, 300);
  begin(0, 200);
  expect([next(), times.nowPs, next(), times.nowPs]).toEqual([true, 200, true, 300]);
  expect([...times.duePs]).toEqual([-1, -1]);
});

test('an abandoned step does not come', () => {
  const { queue, steps, begin, next } = setUp();
  begin(0, 200);
  steps.abandon(0);
  expect([next(), queue.size]).toEqual([false, 0]);
});

test('work that is interrupted again and again leaves one event behind', () => {
  const { queue, times, steps, begin, next } = setUp();
  let endPs = 1_000_000;
  begin(0, endPs);
  for (let interrupt = 0; interrupt < 100; interrupt++) {
    steps.abandon(0);
    begin(0, times.nowPs + 50);
    expect(next()).toBe(true);
    endPs += 50;
    begin(0, endPs);
    expect(queue.size).toBe(1);
  }
  expect([next(), times.nowPs]).toEqual([false, 1_000_000]);
  expect([next(), times.nowPs]).toEqual([true, endPs]);
});

test('of two events left behind the later one serves what is due later yet', () => {
  const { queue, steps, times, begin, next } = setUp();
  begin(0, 1000);
  steps.abandon(0);
  begin(0, 100);
  steps.abandon(0);
  begin(0, 1200);
  expect(queue.size).toBe(2);
  expect([next(), times.nowPs, next(), times.nowPs]).toEqual([false, 100, false, 1000]);
  expect([next(), times.nowPs, queue.size]).toEqual([true, 1200, 0]);
});

test('a step that is due with the event left behind comes with it', () => {
  const { queue, steps, times, begin, next } = setUp();
  begin(0, 500);
  steps.abandon(0);
  begin(0, 500);
  expect([queue.size, next(), times.nowPs, queue.size]).toEqual([1, true, 500, 0]);
});

test('events of other kinds are none of its business', () => {
  const { queue, begin } = setUp();
  queue.push(10, Event.tick, 0);
  begin(0, 20);
  expect([queue.pop(), queue.kind, queue.pop(), queue.kind]).toEqual([true, Event.tick, true, Event.step]);
});
