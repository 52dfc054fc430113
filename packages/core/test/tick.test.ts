import { describe, expect, it } from 'vitest';
import { Action, Boot, type KernelCpu, Machine, MACHINE_ACTIONS, type Program } from '../src/index.js';
import { SMALL } from './fixtures/small.js';

function ticking(maximumTickSkew?: number): Machine {
  const boot = new Boot(SMALL);
  const handler = boot.program('tick', function* (cpu: KernelCpu): Program {
    yield* cpu.endOfInterrupt();
  });
  const timer = boot.vector('timer', handler);
  boot.system = { timer, ...(maximumTickSkew === undefined ? {} : { maximumTickSkew }) };
  return new Machine(boot);
}

const can = (machine: Machine, cpu: number, action: number): boolean =>
  MACHINE_ACTIONS[action]?.enabled(machine, cpu, 0) ?? false;

/** The timer and the interrupt. */
function begin(machine: Machine, cpu: number): void {
  MACHINE_ACTIONS[Action.tick]?.apply(machine, cpu, 0);
  MACHINE_ACTIONS[Action.takeInterrupt]?.apply(machine, cpu, 0);
}

/** Its handler. */
function end(machine: Machine, cpu: number): void {
  while (machine.top(cpu) === machine.interruptContext(cpu)) machine.execute(cpu, 0);
}

function tick(machine: Machine, cpu: number): void {
  begin(machine, cpu);
  end(machine, cpu);
}

describe('the local timer', () => {
  it('does not tick on a machine without a handler for it', () => {
    expect(can(new Machine(new Boot(SMALL)), 0, Action.tick)).toBe(false);
  });

  it('ticks again when the last tick has been handled, and not before', () => {
    const machine = ticking();
    MACHINE_ACTIONS[Action.tick]?.apply(machine, 0, 0);
    expect([can(machine, 0, Action.tick), can(machine, 0, Action.takeInterrupt)]).toEqual([false, true]);
    MACHINE_ACTIONS[Action.takeInterrupt]?.apply(machine, 0, 0);
    expect(can(machine, 0, Action.tick)).toBe(false);
    machine.execute(0, 0);
    expect(can(machine, 0, Action.tick)).toBe(true);
  });

  it('lets no CPU be more ticks ahead than the bound, from whenever one counts', () => {
    const machine = ticking(2);
    tick(machine, 0);
    tick(machine, 0);
    expect([can(machine, 0, Action.tick), can(machine, 1, Action.tick)]).toEqual([false, true]);
    tick(machine, 1);
    expect([can(machine, 0, Action.tick), can(machine, 1, Action.tick)]).toEqual([true, true]);
    tick(machine, 1);
    expect([can(machine, 0, Action.tick), can(machine, 1, Action.tick)]).toEqual([true, false]);
  });

  it('counts a tick of another CPU that began in time and has been handled to its end', () => {
    const machine = ticking(1);
    begin(machine, 1);
    tick(machine, 0);
    expect(can(machine, 0, Action.tick)).toBe(false);
    end(machine, 1);
    expect([can(machine, 0, Action.tick), can(machine, 1, Action.tick)]).toEqual([false, true]);
    begin(machine, 1);
    expect(can(machine, 0, Action.tick)).toBe(false);
    end(machine, 1);
    expect([can(machine, 0, Action.tick), can(machine, 1, Action.tick)]).toEqual([true, false]);
  });

  it('counts in the state only how far CPUs are apart', () => {
    const machine = ticking(1);
    for (const cpu of [0, 1]) tick(machine, cpu);
    const before = machine.state.slice();
    for (let round = 0; round < 3; round++) for (const cpu of [0, 1]) tick(machine, cpu);
    expect(machine.state).toEqual(before);
    expect(ticking().layout.size).toBe(machine.layout.size - 4);
  });
});
