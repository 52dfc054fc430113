import { type KernelCpu, Machine, type Program, ShootdownError } from '@shootdown/core';
import { defineStrategy, type Hooks } from '@shootdown/plugin';
import { describe, expect, it } from 'vitest';
import {
  addIdle,
  addInitiator,
  addSpinner,
  addToucher,
  addYielder,
  type BootedKernel,
  bootKernel,
  kernelCosts,
  type KernelOptions,
  NO_COSTS,
  type OperationName,
  OPERATIONS,
} from '../src/index.js';
import { runToEnd } from './drive.js';
import { SHAPE } from './shape.js';
import { testStrategy } from './test-strategy.js';

const boot = (options: Partial<KernelOptions> = {}): BootedKernel =>
  bootKernel({ shape: SHAPE, costs: NO_COSTS, strategy: testStrategy(), ...options });
const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof ShootdownError) return error.code;
    throw error;
  }
  return 'none';
};
const withHooks = (hooks: Partial<Hooks>): BootedKernel => boot({ strategy: testStrategy(() => hooks) });
function* nothing(): Program {}

describe('bootKernel', () => {
  it('refuses a vector without a handler and a handler without a vector', () => {
    expect(codeOf(() => withHooks({ handlers: {} }))).toBe('INVALID_OPERAND');
    expect(codeOf(() => withHooks({ handlers: { 'test-flush': nothing, other: nothing } }))).toBe('INVALID_OPERAND');
    expect(codeOf(() => boot())).toBe('none');
  });

  it('refuses a machine with too few table pages or frames', () => {
    expect(codeOf(() => boot({ shape: { ...SHAPE, tables: 3 } }))).toBe('INVALID_OPERAND');
    expect(codeOf(() => boot({ shape: { ...SHAPE, frames: 3 } }))).toBe('INVALID_OPERAND');
  });

  it('gives a strategy no kernel ops', () => {
    let names: string[] = [];
    const curious = defineStrategy({
      apiVersion: 1,
      name: 'curious',
      title: 'Curious',
      summary: 'Looks at its cpu.',
      references: [],
      optionsSchema: { type: 'object' },
      create: () => ({
        *flush(cpu) {
          names = ['markReturn', 'setFrameOwner', 'load'].filter((name) => name in cpu);
          yield* cpu.fence();
        },
      }),
    });
    const kernel = boot({ strategy: curious });
    const thread = addInitiator(kernel.kernel, { ...INITIATOR, operation: 'madvise' });
    runToEnd(new Machine(kernel.boot), [thread]);
    expect(names).toEqual(['load']);
  });

  it('runs a replaced program in the place of Linux’s', () => {
    const kernel = boot({
      programs: {
        sysMadvise: () =>
          function* (cpu: KernelCpu): Program {
            yield* cpu.enterKernel();
            yield* cpu.work(12_345);
            yield* cpu.returnToUser();
          },
      },
    });
    const thread = addInitiator(kernel.kernel, { ...INITIATOR, operation: 'madvise' });
    const log = runToEnd(new Machine(kernel.boot), [thread]);
    expect(log).toContain('0: work 12345 cycles');
    expect(log).not.toContain('0: mark call');
  });

  it('runs a replaced step in the frame of Linux’s program', () => {
    const kernel = boot({
      steps: {
        *flushAll(_mm, cpu) {
          yield* cpu.work(12_345);
        },
      },
    });
    const thread = addInitiator(kernel.kernel, { ...INITIATOR, operation: 'madvise' });
    const log = runToEnd(new Machine(kernel.boot), [thread]);
    expect(log.filter((line) => line.includes('cr3'))).toEqual([]);
    expect(log).toContain('0: work 12345 cycles');
  });
});

const INITIATOR = { cpu: 0, mm: 0, firstPage: 0, pages: 2, touch: 'write', operations: 1 } as const;

describe('operations', () => {
  it.each(
    OPERATIONS.flatMap(
      (name) =>
        [
          [name, false],
          [name, true],
        ] as [OperationName, boolean][],
    ),
  )('%s (kernel thread %s) flushes and leaves the pages usable', (operation, kernelThread) => {
    const kernel = boot();
    const thread = addInitiator(kernel.kernel, { ...INITIATOR, operation, kernelThread, operations: 2 });
    addToucher(kernel.kernel, { cpu: 1, mm: 0, firstPage: 0, pages: 2, access: 'write' });
    const machine = new Machine(kernel.boot);
    const log = runToEnd(machine, [thread]);
    expect(log.filter((line) => line === '0: mark return')).toHaveLength(2);
    expect(log.filter((line) => line === '1: eoi')).toHaveLength(2);
    for (const page of [0, 1]) expect(machine.state[kernel.kernel.mm.tables.pte(0, page)]).toBeGreaterThan(0);
  });

  it('charges the first fault of an operation more than the next ones', () => {
    const costs = kernelCosts((name) => ({ faultWorkCycles: 900, perPageFaultCycles: 400 })[name as string] ?? 0);
    const kernel = boot({ costs });
    const thread = addInitiator(kernel.kernel, { ...INITIATOR, operation: 'madvise', operations: 2 });
    const log = runToEnd(new Machine(kernel.boot), [thread]);
    expect(log.filter((line) => line.includes('work'))).toEqual(
      [900, 400, 900, 400].map((cycles) => `0: work ${cycles} cycles`),
    );
  });

  it('orders EOI before the handler, and marks cover, call, return and release in this order', () => {
    const kernel = boot();
    const thread = addInitiator(kernel.kernel, { ...INITIATOR, operation: 'madvise' });
    addSpinner(kernel.kernel, 1, 0);
    const log = runToEnd(new Machine(kernel.boot), [thread]);
    expect(log.filter((line) => line.startsWith('0: mark'))).toEqual(
      ['cover', 'call', 'generation', 'return', 'release'].map((name) => `0: mark ${name}`),
    );
    expect(log.indexOf('1: eoi')).toBeLessThan(log.indexOf('1: load test.mm'));
  });
});

describe('page-table isolation', () => {
  it('changes CR3 at every entry from and exit to user mode, and flushes the user PCID when that is owed', () => {
    const kernel = boot({ shape: { ...SHAPE, pti: true } });
    const thread = addInitiator(kernel.kernel, { ...INITIATOR, operation: 'madvise', pages: 1 });
    addSpinner(kernel.kernel, 1, 0);
    const log = runToEnd(new Machine(kernel.boot), [thread]);
    const writes = log.filter((line) => line.startsWith('0: mov cr3'));
    expect(writes).toEqual([
      '0: mov cr3 root 0 pcid 0 (keep)',
      '0: mov cr3 root 0 pcid 0',
      '0: mov cr3 root 0 pcid 2',
      '0: mov cr3 root 0 pcid 0 (keep)',
      '0: mov cr3 root 0 pcid 2 (keep)',
    ]);
    expect(log.filter((line) => line.startsWith('1: mov cr3')).at(-1)).toBe('1: mov cr3 root 0 pcid 2');
  });

  it('is absent without PTI', () => {
    const kernel = boot();
    const thread = addInitiator(kernel.kernel, { ...INITIATOR, operation: 'mprotect', pages: 1 });
    const log = runToEnd(new Machine(kernel.boot), [thread]);
    expect(log.filter((line) => line.startsWith('0: mov cr3'))).toEqual(['0: mov cr3 root 0 pcid 0']);
  });
});

describe('scheduling', () => {
  it('switches mms between two threads of a CPU', () => {
    const kernel = boot({ mmCount: 2 });
    const place = { cpu: 0, firstPage: 0, pages: 1, access: 'write', rounds: 2 } as const;
    const first = addYielder(kernel.kernel, { ...place, mm: 0, next: { thread: 1, mm: 1 } });
    addYielder(kernel.kernel, { ...place, mm: 1, next: { thread: 0, mm: 0 } });
    const machine = new Machine(kernel.boot);
    const log = runToEnd(machine, [first]);
    expect(log.filter((line) => line.startsWith('0: mov cr3'))).toEqual([
      '0: mov cr3 root 3 pcid 1',
      '0: mov cr3 root 0 pcid 0 (keep)',
      '0: mov cr3 root 3 pcid 1 (keep)',
      '0: mov cr3 root 0 pcid 0 (keep)',
    ]);
    expect(machine.violations).toEqual([]);
  });

  it('idles lazily, or without the mm after leave_mm', () => {
    for (const deep of [false, true]) {
      const kernel = boot();
      const thread = addInitiator(kernel.kernel, { ...INITIATOR, operation: 'madvise' });
      addIdle(kernel.kernel, 1, 0, deep);
      const { mm } = kernel.kernel;
      const machine = new Machine(kernel.boot);
      expect(machine.state[mm.spaces.cpuMask(0)]).toBe(deep ? 1 : 3);
      runToEnd(machine, [thread]);
      expect(machine.state[mm.tlbState.loadedMm(1)]).toBe(-1);
    }
  });
});
