import { describe, expect, it } from 'vitest';
import { Action, Boot, type KernelCpu, Machine, MACHINE_ACTIONS, pendingOp, type Program } from '../src/index.js';
import { SMALL } from './fixtures/small.js';

interface Preempted {
  readonly user: boolean;
  /** What the thread is at: a wait that the preempting program ends, nothing more, or the op of a handler. */
  readonly at: 'wait' | 'end' | 'preempt';
}

/** A thread and a timer whose interrupt puts a program above it: its argument and the mode that it has met, as stores. */
function preempted({ user, at }: Preempted) {
  const boot = new Boot({ ...SMALL, cpuCount: 1 });
  const words = boot.records('word', ['awaited', 'argument', 'mode'], 1);
  const above = boot.program('above', function* (cpu: KernelCpu, argument: number, wasUser: number): Program {
    yield* cpu.store(words.argument(0), argument);
    yield* cpu.store(words.mode(0), wasUser);
    yield* cpu.store(words.awaited(0), 1);
    yield* cpu.resumePreempted(wasUser);
  });
  const handler = boot.program('handler', function* (cpu: KernelCpu): Program {
    yield* cpu.endOfInterrupt();
    yield* cpu.preempt(above, 7);
  });
  boot.system = { timer: boot.vector('timer', handler) };
  const body = boot.program('body', function* (cpu: KernelCpu): Program {
    if (at === 'wait') yield* cpu.waitUntil(words.awaited(0), 'equal', 1);
    if (at === 'preempt') yield* cpu.preempt(above, 0);
  });
  boot.thread('thread', 0, body, [], { user });
  return { machine: new Machine(boot, { sequentiallyConsistent: true }), words };
}

function interrupt(machine: Machine): void {
  for (const action of [Action.tick, Action.takeInterrupt]) {
    expect(MACHINE_ACTIONS[action]?.enabled(machine, 0, 0)).toBe(true);
    MACHINE_ACTIONS[action]?.apply(machine, 0, 0);
  }
}

/** Executes ops up to, and without, the one of this name. */
function runTo(machine: Machine, name: string): void {
  while (pendingOp(machine, 0)?.name !== name) machine.execute(0, 0);
}

describe('a preempted thread', () => {
  it.each([
    [true, 1],
    [false, 0],
  ])('runs the program in kernel mode, and then the op that it was at (user mode: %s)', (user, mode) => {
    const { machine, words } = preempted({ user, at: 'wait' });
    interrupt(machine);
    runTo(machine, 'resumePreempted');
    expect(machine.top(0)).toBe(0);
    expect(machine.inUserMode(0)).toBe(false);
    expect([machine.state[words.argument(0)], machine.state[words.mode(0)]]).toEqual([7, mode]);
    machine.execute(0, 0);
    expect(pendingOp(machine, 0)?.name).toBe('waitUntil');
    expect(machine.canExecute(0)).toBe(true);
    expect(machine.inUserMode(0)).toBe(user);
  });

  it('may have ended before: it stays ended, and is told of once', () => {
    const { machine } = preempted({ user: true, at: 'end' });
    runTo(machine, 'finished');
    machine.execute(0, 0);
    expect(machine.runnable(0)).toBe(-1);
    interrupt(machine);
    runTo(machine, 'resumePreempted');
    machine.execute(0, 0);
    expect([machine.runnable(0), machine.isFinished(0)]).toEqual([-1, true]);
  });

  it('is preempted by a handler only', () => {
    const { machine } = preempted({ user: false, at: 'preempt' });
    expect(() => machine.execute(0, 0)).toThrow(expect.objectContaining({ code: 'OP_NOT_ALLOWED' }));
  });
});

describe('a thread that is asleep', () => {
  it('is not what its CPU begins with, unless there is nothing else', () => {
    const begins = (...sleeping: readonly boolean[]): number => {
      const boot = new Boot({ ...SMALL, cpuCount: 1 });
      const body = boot.program('body', function* (cpu: KernelCpu): Program {
        yield* cpu.fence();
      });
      for (const asleep of sleeping) boot.thread('thread', 0, body, [], { asleep });
      return new Machine(boot).top(0);
    };
    expect([begins(true, false), begins(true, true), begins()]).toEqual([1, 0, -1]);
  });
});
