import { expect, it } from 'vitest';
import { Boot, type KernelCpu, Machine, type Program } from '../src/index.js';
import { SMALL } from './fixtures/small.js';

/** A machine whose thread on CPU 0 switches to this thread; thread 2 is a second one of CPU 0. */
function switching(thread: number): Machine {
  const boot = new Boot(SMALL);
  const body = boot.program('switches', function* (cpu: KernelCpu): Program {
    yield* cpu.switchTo(thread);
  });
  for (const cpu of [0, 1, 0]) boot.thread(`of ${cpu}`, cpu, body, [], { daemon: true });
  return new Machine(boot);
}

it('a CPU switches to threads of its own', () => {
  const machine = switching(2);
  machine.execute(0, 0);
  expect(machine.top(0)).toBe(2);
});

it.each([
  [1, 'which runs on CPU 1'],
  [3, 'threads are 0 … 2'],
])('and to no other one: thread %i, %s', (thread, reason) => {
  const run = (): number => switching(thread).execute(0, 0);
  expect(run).toThrow(expect.objectContaining({ code: 'INVALID_OPERAND', message: expect.stringContaining(reason) }));
});
