import { Action, DEVICE_OWNER, Machine, MACHINE_ACTIONS, Opcode } from '@shootdown/core';
import { describe, expect, it } from 'vitest';
import {
  addIdle,
  addInitiator,
  addSpinner,
  addToucher,
  type BootedKernel,
  bootKernel,
  type Environment,
  NO_COSTS,
} from '../src/index.js';
import { type Log, runToEnd, step } from './drive.js';
import { SHAPE } from './shape.js';
import { testStrategy } from './test-strategy.js';

const boot = (environment: Partial<Environment>): BootedKernel =>
  bootKernel({ shape: SHAPE, costs: NO_COSTS, strategy: testStrategy(), environment });
const unmapping = {
  cpu: 0,
  mm: 0,
  operation: 'madvise',
  firstPage: 0,
  pages: 1,
  touch: 'none',
  operations: 1,
} as const;

describe('a kprobe', () => {
  /** What CPU 1 executes from a hit of the probe on, where there is one, while CPU 0 flushes. */
  function handler(kprobe: Environment['kprobe'], probeBudget: number): Log {
    const kernel = boot({ kprobe });
    addInitiator(kernel.kernel, unmapping);
    addSpinner(kernel.kernel, 1, 0);
    const machine = new Machine(kernel.boot, { probeBudget });
    const log: Log = [];
    const probe = MACHINE_ACTIONS[Action.hitProbe];
    while (machine.top(1) !== machine.interruptContext(1)) {
      expect(probe?.enabled(machine, 1, 0)).toBe(false);
      for (const cpu of [0, 1]) step(machine, cpu);
    }
    if (probe?.enabled(machine, 1, 0)) probe.apply(machine, 1, 0);
    while (machine.top(1) === machine.interruptContext(1)) for (const cpu of [0, 1]) step(machine, cpu, log);
    return log.filter((line) => line.startsWith('1: '));
  }

  it('reads user memory inside a handler, which goes on with the instruction under it', () => {
    const [first, ...rest] = handler('touches', 1);
    expect(first).toBe('1: read page 0');
    expect(rest).toEqual(handler('nothing', 0));
  });

  it('is not there without a budget, nor when the environment has none', () => {
    expect(handler('touches', 0)).toEqual(handler('nothing', 1));
  });
});

describe('user memory with interrupts off', () => {
  /** The ops of a user that takes the section whenever it may, up to its first access. */
  function section(interruptsOff: Environment['interruptsOff']): Log {
    const kernel = boot({ interruptsOff });
    addToucher(kernel.kernel, { cpu: 0, mm: 0, firstPage: 0, pages: 1, access: 'read' });
    const machine = new Machine(kernel.boot);
    const log: Log = [];
    while (log.at(-1) !== '0: read page 0') {
      const base = machine.pending(0);
      if (machine.runner.operands[base] === Opcode.choose) machine.execute(0, 1);
      else step(machine, 0, log);
    }
    return log;
  }

  it('is accessed by kernel code, by user code or not at all, as the environment states', () => {
    expect(section('none')).toEqual(['0: read page 0']);
    expect(section('kernel')).toEqual(['0: syscall', '0: cli', '0: read page 0']);
    expect(section('user')).toEqual(['0: cli', '0: read page 0']);
  });

  it('that is not there stays away from kernel code, and a fault of user code enables interrupts', () => {
    const faults = (interruptsOff: 'kernel' | 'user'): Log => {
      const kernel = boot({ interruptsOff });
      kernel.boot.memory.initial(kernel.kernel.mm.tables.pte(0, 0), 0);
      addToucher(kernel.kernel, { cpu: 0, mm: 0, firstPage: 0, pages: 1, access: 'read' });
      const machine = new Machine(kernel.boot);
      const log: Log = [];
      machine.execute(0, 1);
      while (log.at(-1) !== '0: sti') step(machine, 0, log);
      return log;
    };
    expect(faults('kernel')).toEqual(['0: syscall', '0: cli', '0: read page 0', '0: sti']);
    expect(faults('user')).toEqual(['0: cli', '0: read page 0', '0: sti']);
  });
});

describe('a call queued ahead', () => {
  it('runs on the next CPU before the flush of the same queue, and reads user memory when the environment says so', () => {
    const reads = (callAhead: Environment['callAhead']): number => {
      const kernel = boot({ callAhead });
      const initiator = addInitiator(kernel.kernel, unmapping);
      addIdle(kernel.kernel, 1, 0, false);
      const log = runToEnd(new Machine(kernel.boot), [initiator]);
      return log.filter((line) => line === '1: read page 0').length;
    };
    expect([reads('plain'), reads('touches')]).toEqual([0, 1]);
  });
});

describe('released pages', () => {
  it.each([
    ['off', -1],
    ['on', DEVICE_OWNER],
  ] as const)('speculative device loads %s: the old frame’s owner is %i', (deviceLoad, owner) => {
    const kernel = boot({ deviceLoad });
    const initiator = addInitiator(kernel.kernel, { ...unmapping, operation: 'munmap', pages: 2 });
    const machine = new Machine(kernel.boot);
    const owners: number[] = [];
    while (!machine.isFinished(initiator)) {
      step(machine, 0);
      step(machine, 1);
      owners.push(machine.state[machine.layout.frameOwner] as number);
    }
    expect(new Set(owners).has(owner)).toBe(true);
    expect(new Set(owners).has(DEVICE_OWNER)).toBe(deviceLoad === 'on');
  });
});
