import { Machine, type MachineShape, pendingOp, ShootdownError } from '@shootdown/core';
import { type Cpu, defineStrategy, type Env, type KernelThread, type Strategy } from '@shootdown/plugin';
import { describe, expect, it } from 'vitest';
import { addIdle, addInitiator, addSpinner, addToucher, bootKernel, NO_COSTS } from '../src/index.js';
import { type Log, runToEnd, step } from './drive.js';
import { SHAPE } from './shape.js';

interface Words {
  /** Wakes the thread `first` or `second` of a CPU. */
  readonly bell: (thread: number, cpu: number) => ReturnType<KernelThread['wake']>;
  readonly runs: ReturnType<KernelThread['wake']>;
}

interface Wakes {
  /** CPUs whose first threads a flush wakes, and those that it interrupts. */
  readonly wakes: readonly number[];
  readonly interrupts: readonly number[];
  /** Wakes the second threads too. */
  readonly both?: boolean;
  /** Waits in `flush` until so many runs have been made. */
  readonly awaits?: number;
}

/** A flush wakes threads, and each run of a thread flushes its CPU and counts itself. */
function waking({ wakes, interrupts, both = false, awaits = 0 }: Wakes): Strategy {
  return defineStrategy({
    apiVersion: 1,
    name: 'waking',
    title: 'Waking',
    summary: 'Wakes threads.',
    references: [],
    optionsSchema: { type: 'object' },
    create(env) {
      const reschedule = env.vector('reschedule');
      const { bell, runs } = wordsOf(env);
      return {
        *flush(cpu, { mm }) {
          yield* cpu.call(env.kernel.nextGeneration, mm);
          for (const to of wakes) {
            if (both) yield* cpu.exchange(bell(1, to), 1);
            yield* cpu.exchange(bell(0, to), 1);
          }
          for (const to of interrupts) yield* cpu.sendIpi(to, reschedule);
          yield* cpu.waitUntil(runs, 'atLeast', awaits);
        },
        handlers: { *reschedule() {} },
        threads: { first: threadOf(env, bell, runs, 0), second: threadOf(env, bell, runs, 1) },
      };
    },
  });
}

function wordsOf({ records, cpuCount }: Env): Words {
  const bells = records('bell', ['rung'], 2 * cpuCount, { home: (index) => index % cpuCount });
  const runs = records('runs', ['count'], 1);
  return { bell: (thread, cpu) => bells.rung(thread * cpuCount + cpu), runs: runs.count(0) };
}

function threadOf({ kernel }: Env, bell: Words['bell'], runs: Words['runs'], thread: number): KernelThread {
  return {
    wake: (cpu) => bell(thread, cpu),
    *run(cpu: Cpu) {
      yield* cpu.disableInterrupts();
      yield* cpu.call(kernel.flushHere, 0, 0, -1, 2);
      yield* cpu.enableInterrupts();
      yield* cpu.fetchAdd(runs, 1);
    },
  };
}

const UNMAP = { cpu: 0, mm: 0, operation: 'madvise', firstPage: 0, pages: 1, touch: 'none', operations: 1 } as const;

/** What one CPU does while CPU 0 unmaps a page, and `settle` more moves of it; CPU 1 spins, idles, or runs the toucher that has ended. */
function lines(
  strategy: Strategy,
  cpu: number,
  other: 'spins' | 'idles' | 'ends' = 'spins',
  shape: Partial<MachineShape> = {},
): { readonly log: Log; readonly machine: Machine } {
  const kernel = bootKernel({ shape: { ...SHAPE, ...shape }, costs: NO_COSTS, strategy });
  const thread = addInitiator(kernel.kernel, UNMAP);
  if (other === 'spins') addSpinner(kernel.kernel, 1, 0);
  else if (other === 'idles') addIdle(kernel.kernel, 1, 0, false);
  else addToucher(kernel.kernel, { cpu: 1, mm: 0, firstPage: 1, pages: 1, access: 'read', accesses: 1 });
  const machine = new Machine(kernel.boot);
  const log = runToEnd(machine, [thread]);
  for (let move = 0; move < 300; move++) step(machine, 1, log);
  const own = log.filter((line) => line.startsWith(`${cpu}: `)).map((line) => line.slice(3));
  expect(machine.violations).toEqual([]);
  return { log: own, machine };
}

const only = (log: Log, ...words: readonly string[]): string[] =>
  log.filter((line) => words.some((word) => line.startsWith(word)));

const SCHEDULING = ['preempts', 'switch to', 'wait bell', 'goes on'];

describe('a kernel thread', () => {
  it('displaces a user thread at the end of the interrupt that finds it woken, and gives the CPU back', () => {
    const { log } = lines(waking({ wakes: [1], interrupts: [1] }), 1);
    expect(only(log, 'eoi', ...SCHEDULING, 'lock xadd')).toEqual([
      'eoi',
      'preempts the thread: preempt_schedule',
      'switch to first/1',
      'wait bell[1].rung notEqual 0, then xchg ← 0',
      'lock xadd runs.count + 1',
      'switch to spinner1',
      'goes on where it was preempted, in user mode',
    ]);
    expect(log.at(-1)).toContain('work');
  });

  it('sleeps when nobody wakes it, and on a CPU in user mode when nobody interrupts', () => {
    expect(only(lines(waking({ wakes: [], interrupts: [1] }), 1).log, ...SCHEDULING)).toEqual([]);
    expect(only(lines(waking({ wakes: [1], interrupts: [] }), 1).log, ...SCHEDULING)).toEqual([]);
  });

  it('borrows the mm in lazy TLB mode, so its flush gives the mm up and the thread loads it again', () => {
    const { log, machine } = lines(waking({ wakes: [1], interrupts: [1] }), 1);
    const stores = ['is_lazy', 'loaded_mm'].map((field) => `store cpu_tlbstate[1].${field} `);
    expect(only(log, ...stores, 'mov cr3', 'invlpg')).toEqual([
      'store cpu_tlbstate[1].is_lazy ← 1',
      'store cpu_tlbstate[1].is_lazy ← 0',
      'store cpu_tlbstate[1].loaded_mm ← -2',
      'mov cr3 root 3 pcid 1',
      'store cpu_tlbstate[1].loaded_mm ← -1',
      'store cpu_tlbstate[1].is_lazy ← 0',
      'store cpu_tlbstate[1].loaded_mm ← -2',
      'mov cr3 root 0 pcid 0',
      'store cpu_tlbstate[1].loaded_mm ← 0',
    ]);
    expect(machine.inUserMode(1)).toBe(true);
  });

  it('waits for the end of the flush of its own CPU, where preemption is off', () => {
    const { log } = lines(waking({ wakes: [0], interrupts: [0] }), 0);
    const at = log.indexOf('switch to first/0');
    expect(log.indexOf('eoi')).toBeGreaterThan(0);
    expect(at).toBeGreaterThan(log.indexOf('mark return'));
    expect(at).toBeLessThan(log.indexOf('mark release'));
  });

  it('needs no interrupt on an idle CPU', () => {
    const { log, machine } = lines(waking({ wakes: [1], interrupts: [], awaits: 1 }), 1, 'idles');
    expect(only(log, 'eoi', ...SCHEDULING)).toEqual([
      'switch to first/1',
      'wait bell[1].rung notEqual 0, then xchg ← 0',
      'switch to swapper1',
    ]);
    expect(pendingOp(machine, 1)?.text(machine, machine.pending(1))).toBe('wait any of bell[1].rung, bell[3].rung');
  });

  it('runs on a CPU whose thread has ended', () => {
    const { log } = lines(waking({ wakes: [1], interrupts: [1], awaits: 1 }), 1, 'ends');
    expect(only(log, 'switch to', 'goes on')).toEqual([
      'switch to first/1',
      'switch to toucher1',
      'goes on where it was preempted, in user mode',
    ]);
  });

  it('runs after the other one that was woken, each with the CPU from the same thread', () => {
    const { log } = lines(waking({ wakes: [1], interrupts: [1], both: true, awaits: 2 }), 1);
    expect(only(log, 'switch to')).toEqual([
      'switch to first/1',
      'switch to spinner1',
      'switch to second/1',
      'switch to spinner1',
    ]);
  });

  it('leaves the exit to user mode, and its CR3 write, to the thread that it has displaced', () => {
    const { log } = lines(waking({ wakes: [1], interrupts: [1], awaits: 1 }), 1, 'spins', { pti: true });
    const [entry, ...rest] = only(log, 'mov cr3', 'preempts', 'goes on');
    expect(entry).toBe('mov cr3 root 0 pcid 0 (keep)');
    expect(rest[0]).toBe('preempts the thread: preempt_schedule');
    expect(rest.slice(-2)).toEqual(['mov cr3 root 0 pcid 2', 'goes on where it was preempted, in user mode']);
  });
});

/** A strategy whose threads have these wake words. */
const wokenBy = (wake: (cpu: number, env: Env) => number): Strategy =>
  defineStrategy({
    apiVersion: 1,
    name: 'odd',
    title: 'Odd',
    summary: 'Has odd wake words.',
    references: [],
    optionsSchema: { type: 'object' },
    create: (env) => ({
      *flush() {},
      threads: { odd: { wake: (cpu) => wake(cpu, env) as ReturnType<KernelThread['wake']>, *run() {} } },
    }),
  });

describe('a kernel thread without a word of its own', () => {
  it.each([
    ['no word', () => Number.NaN],
    ['the same word on every CPU', (_cpu: number, env: Env) => env.kernel.generation(0)],
  ])('is refused: %s', (_title, wake) => {
    let refused: unknown;
    try {
      bootKernel({ shape: SHAPE, costs: NO_COSTS, strategy: wokenBy(wake) });
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(ShootdownError);
    expect((refused as ShootdownError).code).toBe('INVALID_OPERAND');
    expect((refused as ShootdownError).details['hook']).toBe('threads.odd.wake');
  });
});
