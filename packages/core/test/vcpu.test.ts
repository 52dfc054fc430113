import { describe, expect, it } from 'vitest';
import {
  Action,
  Boot,
  CpuField,
  type KernelCpu,
  Layout,
  Machine,
  MACHINE_ACTIONS,
  type MachineShape,
  type Program,
  ShootdownError,
} from '../src/index.js';
import { SMALL } from './fixtures/small.js';

const VIRTUAL: MachineShape = { ...SMALL, virtual: true };

const can = (machine: Machine, cpu: number, action: number): boolean =>
  MACHINE_ACTIONS[action]?.enabled(machine, cpu, 0) ?? false;
const act = (machine: Machine, cpu: number, action: number): void => MACHINE_ACTIONS[action]?.apply(machine, cpu, 0);

/** CPU 0 works with interrupts off, then on. Its host counts how often it has put and loaded it. */
function guest(preemptionBudget = -1, shape = VIRTUAL) {
  const boot = new Boot(shape);
  const words = boot.records('host', ['put', 'load', 'handled'], 1);
  const count = (name: string, field: 'put' | 'load' | 'handled') =>
    boot.program(name, function* (cpu: KernelCpu): Program {
      yield* cpu.fetchAdd(words[field](0), 1);
    });
  const vector = boot.vector('knock', count('handler', 'handled'));
  boot.system = { vcpuPut: count('put', 'put'), vcpuLoad: count('load', 'load') };
  const body = boot.program('P0', function* (cpu: KernelCpu): Program {
    yield* cpu.disableInterrupts();
    yield* cpu.work(1);
    yield* cpu.enableInterrupts();
    yield* cpu.work(1);
  });
  boot.thread('P0', 0, body, [], { user: true });
  const machine = new Machine(boot, { preemptionBudget });
  return { machine, words, vector };
}

/** Runs the host's program that has begun. */
function runHost(machine: Machine): void {
  while (machine.top(0) === machine.hostContext(0)) machine.execute(0, 0);
}

describe('a virtual CPU', () => {
  it('is taken away with interrupts off too, and then executes nothing', () => {
    const { machine, words } = guest();
    machine.execute(0, 0);
    act(machine, 0, Action.deschedule);
    runHost(machine);
    expect([machine.pending(0), machine.canExecute(0), machine.inUserMode(0)]).toEqual([-1, false, false]);
    expect([machine.state[words.put(0)], machine.state[words.load(0)]]).toEqual([1, 0]);
  });

  it('keeps vectors pending and takes them when it runs again', () => {
    const { machine, words, vector } = guest();
    act(machine, 0, Action.deschedule);
    runHost(machine);
    const irr = machine.layout.cpu(0) + CpuField.irr;
    machine.state[irr] = 1 << vector;
    expect([can(machine, 0, Action.takeInterrupt), can(machine, 0, Action.takeNmi)]).toEqual([false, false]);
    act(machine, 0, Action.enterVcpu);
    expect(can(machine, 0, Action.takeInterrupt)).toBe(false);
    runHost(machine);
    expect(machine.state[words.load(0)]).toBe(1);
    expect([machine.isRunning(0), can(machine, 0, Action.takeInterrupt)]).toEqual([true, true]);
  });

  it('goes on where it was', () => {
    const { machine } = guest();
    machine.execute(0, 0);
    const before = machine.pending(0);
    act(machine, 0, Action.deschedule);
    runHost(machine);
    act(machine, 0, Action.enterVcpu);
    runHost(machine);
    expect(machine.pending(0)).toBe(before);
    expect(machine.state[machine.layout.cpu(0) + CpuField.interruptFlag]).toBe(0);
  });

  it('is taken away as often as the budget says', () => {
    const { machine } = guest(1);
    act(machine, 0, Action.deschedule);
    runHost(machine);
    act(machine, 0, Action.enterVcpu);
    runHost(machine);
    expect(can(machine, 0, Action.deschedule)).toBe(false);
  });

  it('begins no walk while it is away, and loses the one in flight', () => {
    const { machine } = guest();
    act(machine, 0, Action.startWalk);
    act(machine, 0, Action.deschedule);
    expect(machine.state[machine.layout.cpu(0) + CpuField.walkPage]).toBe(0);
    expect(can(machine, 0, Action.startWalk)).toBe(false);
  });

  it('is flushed by its host only', () => {
    const boot = new Boot(VIRTUAL);
    const body = boot.program('P0', function* (cpu: KernelCpu): Program {
      yield* cpu.invvpid();
    });
    boot.thread('P0', 0, body, []);
    const machine = new Machine(boot);
    expect(() => machine.execute(0, 0)).toThrow(ShootdownError);
    expect(() => machine.execute(0, 0)).toThrow(/INVVPID outside of a host program/);
  });

  it('has two words of its own, and a context for its host', () => {
    const virtual = new Layout(new Boot(VIRTUAL), 0, 8);
    const real = new Layout(new Boot(SMALL), 0, 8);
    expect(virtual.cpuStride - real.cpuStride).toBe(1);
    expect(virtual.contexts - real.contexts).toBe(2);
    expect(virtual.size - real.size).toBe(2 + 1 + 2 * 8);
  });

  it('is none on a machine whose CPUs are real', () => {
    const { machine } = guest(-1, SMALL);
    expect([can(machine, 0, Action.deschedule), can(machine, 0, Action.enterVcpu)]).toEqual([false, false]);
  });
});
