import { describe, expect, it } from 'vitest';
import {
  Action,
  Boot,
  type KernelCpu,
  Machine,
  MACHINE_ACTIONS,
  makePte,
  Pte,
  type Program,
  visibleValue,
} from '../src/index.js';
import { SMALL } from './fixtures/small.js';

/** Lets a CPU run its pending ops, drains included, until it is blocked or out of ops. */
function run(machine: Machine, cpu: number, limit = 1000): void {
  for (let i = 0; i < limit; i++) {
    if (machine.canExecute(cpu)) machine.execute(cpu, 0);
    else if (MACHINE_ACTIONS[Action.drain]?.enabled(machine, cpu, 0))
      MACHINE_ACTIONS[Action.drain]?.apply(machine, cpu, 0);
    else return;
  }
}

function mapPages(boot: Boot): void {
  boot.memory.initial(boot.tableEntry(0, 0), makePte(1, Pte.writable));
  boot.memory.initial(boot.tableEntry(1, 0), makePte(0, Pte.writable));
  boot.memory.initial(boot.tableEntry(1, 1), makePte(1, Pte.writable));
}

describe('machine', () => {
  it('forwards a buffered store to its own CPU only', () => {
    const boot = new Boot(SMALL);
    const words = boot.records('x', ['value'], 1);
    const program = boot.program('p', function* (cpu: KernelCpu): Program {
      yield* cpu.store(words.value(0), 7);
      yield* cpu.waitUntil(words.value(0), 'equal', 8);
    });
    boot.thread('t', 0, program, []);
    const machine = new Machine(boot);
    machine.execute(0, 0);
    expect(visibleValue(machine, 0, words.value(0))).toBe(7);
    expect(visibleValue(machine, 1, words.value(0))).toBe(0);
    run(machine, 0);
    expect(visibleValue(machine, 1, words.value(0))).toBe(7);
    expect(machine.canExecute(0)).toBe(false);
  });

  it('walks, fills, sets A at the walk and D at the store', () => {
    const boot = new Boot(SMALL);
    mapPages(boot);
    const program = boot.program('p', function* (cpu: KernelCpu): Program {
      yield* cpu.userStore(0, 5);
    });
    boot.thread('t', 0, program, [], { user: true });
    const machine = new Machine(boot);
    const leaf = boot.tableEntry(1, 0);
    expect(machine.canExecute(0)).toBe(false);
    const act = (action: number, choice: number): void => MACHINE_ACTIONS[action]?.apply(machine, 0, choice);
    act(Action.startWalk, 0);
    act(Action.stepWalk, 0);
    act(Action.stepWalk, 0);
    expect((machine.state[leaf] as number) & Pte.accessed).toBe(Pte.accessed);
    act(Action.fill, 0);
    expect((machine.state[leaf] as number) & Pte.dirty).toBe(0);
    machine.execute(0, 0);
    expect((machine.state[leaf] as number) & Pte.dirty).toBe(Pte.dirty);
    run(machine, 0);
    expect(machine.state[machine.frameWord(0)]).toBe(5);
    expect(machine.isFinished(0)).toBe(true);
  });

  it('runs the page-fault program and retries the access', () => {
    const boot = new Boot(SMALL);
    mapPages(boot);
    boot.memory.initial(boot.tableEntry(1, 0), 0);
    const fault = boot.program(
      'pageFault',
      function* (cpu: KernelCpu, page: number, _isStore: number, _fromUser: number): Program {
        yield* cpu.store(boot.tableEntry(1, page), makePte(2, Pte.writable));
        yield* cpu.fence();
        yield* cpu.returnToUser();
      },
    );
    boot.system = { pageFault: fault };
    const program = boot.program('p', function* (cpu: KernelCpu): Program {
      yield* cpu.userLoad(0);
    });
    boot.thread('t', 0, program, [], { user: true });
    const machine = new Machine(boot);
    run(machine, 0);
    expect(machine.inUserMode(0)).toBe(true);
    expect(machine.canExecute(0)).toBe(false);
    for (const action of [Action.startWalk, Action.stepWalk, Action.stepWalk, Action.fill])
      MACHINE_ACTIONS[action]?.apply(machine, 0, 0);
    run(machine, 0);
    expect(machine.isFinished(0)).toBe(true);
  });

  it('lets an access of an NMI handler fail instead of faulting', () => {
    const boot = new Boot(SMALL);
    mapPages(boot);
    boot.memory.initial(boot.tableEntry(1, 0), 0);
    const words = boot.records('x', ['value'], 1);
    const nmi = boot.program('nmi', function* (cpu: KernelCpu): Program {
      yield* cpu.fetchAdd(words.value(0), 1 + (yield* cpu.userLoad(0, true)));
    });
    boot.system = { nmi };
    boot.memory.initial(boot.frameRecords.data(0), 8);
    const machine = new Machine(boot, { nmiBudget: 1 });
    MACHINE_ACTIONS[Action.takeNmi]?.apply(machine, 0, 0);
    run(machine, 0);
    expect(machine.violations).toEqual([]);
    expect([machine.state[words.value(0)], machine.top(0)]).toEqual([1, -1]);
  });

  it('takes an interrupt with IF=1, masks inside, restores at the return', () => {
    const boot = new Boot(SMALL);
    const words = boot.records('x', ['value'], 1);
    const handler = boot.program('handler', function* (cpu: KernelCpu): Program {
      yield* cpu.endOfInterrupt();
      yield* cpu.store(words.value(0), 1);
    });
    const vector = boot.vector('v', handler);
    const sender = boot.program('sender', function* (cpu: KernelCpu): Program {
      yield* cpu.sendIpi(1, vector);
      yield* cpu.waitUntil(words.value(0), 'equal', 1);
    });
    const waiter = boot.program('waiter', function* (cpu: KernelCpu): Program {
      yield* cpu.waitUntil(words.value(0), 'equal', 1);
    });
    boot.thread('s', 0, sender, []);
    boot.thread('w', 1, waiter, []);
    const machine = new Machine(boot);
    run(machine, 0);
    const take = MACHINE_ACTIONS[Action.takeInterrupt];
    expect(take?.enabled(machine, 1, 0)).toBe(false);
    MACHINE_ACTIONS[Action.deliver]?.apply(machine, 1, vector);
    expect(take?.enabled(machine, 1, 0)).toBe(true);
    take?.apply(machine, 1, 0);
    expect(take?.enabled(machine, 1, 0)).toBe(false);
    run(machine, 1);
    run(machine, 0);
    expect([machine.isFinished(0), machine.isFinished(1)]).toEqual([true, true]);
  });
});

describe('misuse of ops', () => {
  const build =
    (body: (cpu: KernelCpu) => Program): (() => Machine) =>
    () => {
      const boot = new Boot(SMALL);
      boot.thread('t', 0, boot.program('bad', body), []);
      return new Machine(boot);
    };

  it('refuses an op that was built and not yielded', () => {
    const start = build(function* (cpu) {
      cpu.work(1);
      yield* cpu.work(2);
    });
    expect(start).toThrow(expect.objectContaining({ code: 'STALE_OP' }));
  });
  it('refuses a value that is not an op', () => {
    const start = build(function* () {
      yield 5 as never;
    });
    expect(start).toThrow(expect.objectContaining({ code: 'NOT_AN_OP' }));
  });
  it('wraps what a program throws', () => {
    const start = build(function* (cpu) {
      if (cpu.id === 0) throw new Error('boom');
      yield* cpu.work(1);
    });
    expect(start).toThrow(expect.objectContaining({ code: 'PLUGIN_THREW' }));
  });
  it('refuses a loop that never reaches an op', () => {
    const boot = new Boot(SMALL);
    const loop = boot.program('loop', function* (cpu: KernelCpu): Program {
      return yield* cpu.become(loop);
    });
    boot.thread('t', 0, loop, []);
    expect(() => new Machine(boot)).toThrow(expect.objectContaining({ code: 'CONTROL_LOOP' }));
  });
});
