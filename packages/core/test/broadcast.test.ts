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
  makePte,
  type Op,
  type Program,
  Pte,
  ShootdownError,
} from '../src/index.js';
import { SMALL } from './fixtures/small.js';

const SHAPE: MachineShape = {
  ...SMALL,
  pcid: true,
  asids: 2,
  broadcast: { outstanding: 2, pagesPerInvlpgb: 2, globalAsids: 1 },
};

type Body = (cpu: KernelCpu) => Program | Op;

/** CPU 0 runs the body; CPU 1 reads both pages and stays in user mode. */
function machineOf(body: (cpu: KernelCpu) => Program, shape: MachineShape = SHAPE): Machine {
  const boot = new Boot(shape);
  boot.memory.initial(boot.tableEntry(0, 0), makePte(1, Pte.writable | Pte.accessed));
  for (let page = 0; page < 2; page++)
    boot.memory.initial(boot.tableEntry(1, page), makePte(page, Pte.writable | Pte.accessed));
  boot.thread('issuer', 0, boot.program('issuer', body), []);
  const reader = boot.program('reader', function* (cpu: KernelCpu): Program {
    yield* cpu.userLoad(0);
    yield* cpu.userLoad(1);
    yield* cpu.waitUntil(boot.frameRecords.data(2), 'equal', 1);
  });
  boot.thread('reader', 1, reader, [], { user: true });
  return new Machine(boot);
}

const can = (machine: Machine, cpu: number, action: number, choice: number): boolean =>
  MACHINE_ACTIONS[action]?.enabled(machine, cpu, choice) ?? false;
const act = (machine: Machine, cpu: number, action: number, choice: number): void =>
  MACHINE_ACTIONS[action]?.apply(machine, cpu, choice);
const offered = (machine: Machine, cpu: number): readonly number[] => {
  const count = MACHINE_ACTIONS[Action.finishBroadcast]?.choices(machine) ?? 0;
  return Array.from({ length: count }, (_, choice) => choice).filter((choice) =>
    can(machine, cpu, Action.finishBroadcast, choice),
  );
};

/** Lets CPU 1 fill its TLB with both pages. */
function warm(machine: Machine): Machine {
  for (let page = 0; page < 2; page++) {
    act(machine, 1, Action.startWalk, page);
    while (can(machine, 1, Action.stepWalk, 0)) act(machine, 1, Action.stepWalk, 0);
    act(machine, 1, Action.fill, 0);
    machine.execute(1, 0);
  }
  return machine;
}

const cached = (machine: Machine, cpu: number, page: number): boolean =>
  machine.state[machine.layout.tlbSlot(cpu, 0, page)] !== 0;

function refusal(run: () => unknown): readonly [string, string] {
  try {
    run();
  } catch (error) {
    if (error instanceof ShootdownError) return [error.code, error.message];
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('INVLPGB', () => {
  it('drops nothing by itself and leaves a completion on every CPU, its own among them', () => {
    const machine = warm(
      machineOf(function* (cpu) {
        yield* cpu.invlpgb(0, 0, 1);
      }),
    );
    machine.execute(0, 0);
    expect(cached(machine, 1, 0)).toBe(true);
    expect([offered(machine, 0), offered(machine, 1)]).toEqual([[0], [0]]);
  });

  it('is carried out by a CPU with interrupts off, and drops the pages it names and no others', () => {
    const machine = warm(
      machineOf(function* (cpu) {
        yield* cpu.invlpgb(0, 1, 1);
      }),
    );
    machine.state[machine.layout.cpu(1) + CpuField.interruptFlag] = 0;
    machine.execute(0, 0);
    act(machine, 1, Action.finishBroadcast, 0);
    expect([cached(machine, 1, 0), cached(machine, 1, 1)]).toEqual([true, false]);
    expect(offered(machine, 1)).toEqual([]);
  });

  it('of another PCID leaves the translations alone; of every PCID and page it drops them all', () => {
    const machine = warm(
      machineOf(function* (cpu) {
        yield* cpu.invlpgb(2, -1, -1);
        yield* cpu.invlpgb(-1, 0, -1);
      }),
    );
    machine.execute(0, 0);
    machine.execute(0, 0);
    act(machine, 1, Action.finishBroadcast, 0);
    expect([cached(machine, 1, 0), cached(machine, 1, 1)]).toEqual([true, true]);
    act(machine, 1, Action.finishBroadcast, 1);
    expect([cached(machine, 1, 0), cached(machine, 1, 1)]).toEqual([false, false]);
  });

  it('waits for room when as many are under way as the machine has places for', () => {
    const machine = machineOf(function* (cpu) {
      for (let i = 0; i < 3; i++) yield* cpu.invlpgb(0, 0, 1);
    });
    machine.execute(0, 0);
    machine.execute(0, 0);
    expect(machine.canExecute(0)).toBe(false);
    act(machine, 0, Action.finishBroadcast, 1);
    act(machine, 1, Action.finishBroadcast, 1);
    expect(machine.canExecute(0)).toBe(true);
  });

  it('leaves the state as it was once every CPU has carried it out', () => {
    const machine = machineOf(function* (cpu) {
      yield* cpu.invlpgb(0, 0, 2);
    });
    const slot = machine.layout.broadcastSlot(0, 0);
    machine.execute(0, 0);
    for (const cpu of [1, 0]) act(machine, cpu, Action.finishBroadcast, 0);
    expect([...machine.state.subarray(slot, slot + machine.layout.broadcastStride)]).toEqual([0, 0, 0, 0, 0]);
  });

  it.each<[string, Body]>([
    ['PCID 7', (cpu) => cpu.invlpgb(7, 0, 1)],
    ['3 pages', (cpu) => cpu.invlpgb(0, 0, 3)],
    ['pages 1 … 2', (cpu) => cpu.invlpgb(0, 1, 2)],
  ])('of %s is refused', (named, body) => {
    const machine = machineOf(function* (cpu) {
      yield* body(cpu);
    });
    const [code, message] = refusal(() => machine.execute(0, 0));
    expect(code).toBe('INVALID_OPERAND');
    expect(message).toContain(named);
  });
});

describe('TLBSYNC', () => {
  it('ends when every CPU has carried out the INVLPGBs of its own CPU', () => {
    const machine = machineOf(function* (cpu) {
      yield* cpu.invlpgb(0, 0, 1);
      yield* cpu.tlbsync();
    });
    machine.execute(0, 0);
    act(machine, 0, Action.finishBroadcast, 0);
    expect(machine.canExecute(0)).toBe(false);
    act(machine, 1, Action.finishBroadcast, 0);
    expect(machine.canExecute(0)).toBe(true);
  });
});

describe('a machine without INVLPGB', () => {
  it('has no word for it in its state', () => {
    const sizeOf = (shape: MachineShape): number => new Layout(new Boot(shape), 0).cpuStride;
    const plain = { ...SMALL, pcid: true, asids: 3 };
    expect(sizeOf({ ...plain, asids: 2, broadcast: { outstanding: 2, pagesPerInvlpgb: 1, globalAsids: 1 } })).toBe(
      sizeOf(plain) + 2 * 5,
    );
  });

  it.each<[string, Body]>([
    ['INVLPGB', (cpu) => cpu.invlpgb(0, 0, 1)],
    ['TLBSYNC', (cpu) => cpu.tlbsync()],
  ])('refuses %s', (instruction, body) => {
    const machine = machineOf(function* (cpu) {
      yield* body(cpu);
    }, SMALL);
    const [code, message] = refusal(() => machine.execute(0, 0));
    expect(code).toBe('MISSING_HARDWARE');
    expect(message).toContain(instruction);
  });
});
