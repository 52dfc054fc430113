import { Machine, type MachineShape } from '@shootdown/core';
import {
  addIdle,
  addInitiator,
  addSpinner,
  bootKernel,
  type InitiatorOptions,
  type KernelOptions,
  NO_COSTS,
} from '@shootdown/kernel';
import type { Strategy } from '@shootdown/plugin';
import { asyncInline } from '@shootdown/strategy-async-inline';
import { concurrent } from '@shootdown/strategy-concurrent';
import { sync } from '@shootdown/strategy-sync';
import { describe, expect, it } from 'vitest';
import { runToEnd } from '../../packages/kernel/test/drive.js';
import { ONE_PAGE } from './shapes.js';

const SHAPE: MachineShape = { ...ONE_PAGE, virtualPages: 2, asids: 2, pcid: true };

interface Cell {
  readonly cpus?: number;
  readonly options?: unknown;
  readonly operation?: InitiatorOptions['operation'];
  /** CPUs above the initiator that are lazy; the others spin in user mode. */
  readonly lazy?: readonly number[];
  readonly layout?: KernelOptions['layout'];
}

/** Ops of one operation on one page, as text, CPU by CPU in the order in which they took effect. */
function log(strategy: Strategy, { cpus = 3, options = {}, operation = 'madvise', lazy = [], layout }: Cell): string[] {
  const kernel = bootKernel({
    shape: { ...SHAPE, cpuCount: cpus },
    costs: NO_COSTS,
    strategy,
    options,
    ...(layout === undefined ? {} : { layout }),
  });
  const pages = operation === 'munmap' ? 2 : 1;
  const thread = addInitiator(kernel.kernel, {
    cpu: 0,
    mm: 0,
    operation,
    firstPage: 0,
    pages,
    touch: 'none',
    operations: 1,
  });
  for (let cpu = 1; cpu < cpus; cpu++) {
    if (lazy.includes(cpu)) addIdle(kernel.kernel, cpu, 0, false);
    else addSpinner(kernel.kernel, cpu, 0);
  }
  return runToEnd(new Machine(kernel.boot), [thread]);
}

/** What the initiator does between the marks `call` and `return`, without the reads of masks and of its own state. */
function initiator(lines: readonly string[]): string[] {
  const own = lines.filter((line) => line.startsWith('0: ')).map((line) => line.slice(3));
  return own.slice(own.indexOf('mark call') + 1, own.indexOf('mark return'));
}

/** The lines of the list that begin with one of the words, in order. */
const only = (lines: readonly string[], ...words: readonly string[]): string[] =>
  lines.filter((line) => words.some((word) => line.startsWith(word)));

const FILL = ['mm', 'start', 'pages', 'new_tlb_gen', 'freed_tables'].map((field) => `store flush_tlb_info[0].${field}`);

describe('sync: the steps of Linux 5.1', () => {
  it('flushes itself completely, then queues, sends and waits per target, then calls the remote function on itself', () => {
    const own = initiator(log(sync, {}));
    expect(only(own, 'lock xadd', 'store flush_tlb_info').map((line) => line.split(' ←')[0])).toEqual([
      'lock xadd mm[1].tlb_gen + 1',
      ...FILL,
    ]);
    expect(
      only(own, 'invlpg', 'wait', 'cmpxchg', 'icr', 'store flush_tlb', 'phase').filter(
        (line) => !line.includes('info'),
      ),
    ).toEqual([
      'phase prepare',
      'phase localFlush',
      'invlpg page 0',
      'phase prepare',
      'phase queue',
      'wait csd[3].flags allBitsClear 1',
      'cmpxchg call_single_queue[1].head 0 → 4',
      'wait csd[6].flags allBitsClear 1',
      'cmpxchg call_single_queue[2].head 0 → 7',
      'phase send',
      'icr → cluster 0: call_function',
      'phase wait',
      'wait csd[3].flags allBitsClear 1',
      'wait csd[6].flags allBitsClear 1',
      'phase localFlush',
    ]);
    const second = own.slice(own.lastIndexOf('phase localFlush'));
    expect(only(second, 'cli', 'load flush_tlb_info[0].mm', 'load mm[1]', 'invlpg', 'sti')).toEqual([
      'cli',
      'load flush_tlb_info[0].mm',
      'load mm[1].tlb_gen',
      'sti',
    ]);
  });

  it('uses a csd on the stack for one target, without taking its lock, and no mask to send to', () => {
    const own = initiator(log(sync, { cpus: 2 }));
    expect(only(own, 'wait', 'icr', 'store stack_csd[0].flags')).toEqual([
      'store stack_csd[0].flags ← 3',
      'icr → cpu 1: call_function_single',
      'wait stack_csd[0].flags allBitsClear 1',
    ]);
  });

  it('reads is_lazy of every CPU of the mask, itself included, from the line of cpu_tlbstate', () => {
    const own = initiator(log(sync, { lazy: [2] }));
    const selection = own.slice(own.lastIndexOf('phase prepare'), own.indexOf('phase queue'));
    expect(only(selection, 'test')).toEqual([0, 1, 2].map((cpu) => `test cpu_tlbstate[${cpu}].is_lazy equal 1`));
    expect(only(selection, 'store temporary_cpumask')).toHaveLength(1);
    expect(only(own, 'icr')).toEqual(['icr → cpu 1: call_function_single']);
  });

  it('ends after its own flush when nobody else is in the mask', () => {
    const own = initiator(log(sync, { cpus: 1 }));
    expect(only(own, 'invlpg', 'icr', 'wait', 'test cpu_tlbstate.is_lazy')).toEqual([
      'test cpu_tlbstate.is_lazy equal 1',
      'invlpg page 0',
    ]);
  });

  it('interrupts lazy CPUs too when tables are freed, and does not call itself a second time', () => {
    const own = initiator(log(sync, { lazy: [1, 2], operation: 'munmap' }));
    expect(only(own, 'icr')).toEqual(['icr → cluster 0: call_function']);
    expect(only(own, 'cli')).toHaveLength(2);
    expect(own.at(-1)).toMatch(/^wait csd\[6\]/);
  });

  it('acknowledges after the flush', () => {
    const target = log(sync, {}).filter((line) => line.startsWith('1: '));
    expect(
      only(
        target,
        '1: eoi',
        '1: xchg call_single_queue',
        '1: load csd',
        '1: invlpg',
        '1: store csd[3].flags',
        '1: iret',
      ),
    ).toEqual([
      '1: eoi',
      '1: xchg call_single_queue[1].head ← 0',
      '1: load csd[3].next',
      '1: load csd[3].next',
      '1: load csd[3].func',
      '1: load csd[3].flags',
      '1: load csd[3].info',
      '1: invlpg page 0',
      '1: store csd[3].flags ← 0',
      '1: iret',
    ]);
  });
});

describe('concurrent: the steps of RFC v1', () => {
  it('queues, sends, flushes itself with interrupts off, then waits', () => {
    const own = initiator(log(concurrent, {}));
    expect(only(own, 'phase', 'cmpxchg', 'icr', 'cli', 'invlpg', 'sti')).toEqual([
      'phase prepare',
      'phase queue',
      'cmpxchg call_single_queue[1].head 0 → 4',
      'cmpxchg call_single_queue[2].head 0 → 7',
      'phase send',
      'cli',
      'icr → cluster 0: call_function',
      'sti',
      'phase localFlush',
      'cli',
      'invlpg page 0',
      'sti',
      'phase wait',
    ]);
    expect(only(own, 'invlpg')).toHaveLength(1);
  });

  it('uses the slot of the pair for one target too', () => {
    const own = initiator(log(concurrent, { cpus: 2 }));
    expect(only(own, 'wait', 'icr')).toEqual([
      'wait csd[2].flags allBitsClear 1',
      'icr → cpu 1: call_function_single',
      'wait csd[2].flags allBitsClear 1',
    ]);
  });

  it('builds no mask when it is alone', () => {
    const own = initiator(log(concurrent, { cpus: 1 }));
    expect(only(own, 'store flush_tlb_mask', 'icr')).toEqual([]);
    expect(only(own, 'invlpg')).toHaveLength(1);
  });
});

describe('async-inline: the steps of RFC v2', () => {
  const EARLY = { ack: 'early', freedTables: 'sync', nmiGuard: true } as const;

  it('sends the request inside the csd and reads is_lazy from lines of its own', () => {
    const own = initiator(log(asyncInline, { options: EARLY }));
    expect(only(own, 'store csd[3]')).toEqual([
      'store csd[3].flags ← 5',
      'store csd[3].func ← 1',
      'store csd[3].info ← 0',
      'store csd[3].inline1 ← 0',
      'store csd[3].inline2 ← 1',
      'store csd[3].inline3 ← 2',
      'store csd[3].inline4 ← 0',
      'store csd[3].next ← 0',
    ]);
    expect(only(own, 'test cpu_tlbstate_shared')).not.toEqual([]);
    expect(only(own, 'test cpu_tlbstate[')).toEqual([]);
  });

  it('acknowledges after the copy and before the flush, with the marker of the NMI guard around it', () => {
    const target = log(asyncInline, { options: EARLY }).filter((line) => line.startsWith('1: '));
    expect(
      only(target, '1: store payload_copy[1].word4', '1: store async_func', '1: store csd[3].flags', '1: invlpg'),
    ).toEqual([
      '1: store payload_copy[1].word4 ← 0',
      '1: store async_func_in_progress[1].func ← 1',
      '1: store csd[3].flags ← 0',
      '1: invlpg page 0',
      '1: store async_func_in_progress[1].func ← 0',
    ]);
  });

  it('waits for the acknowledgements, or as posted for nothing', () => {
    const waits = (ack: string): string[] => {
      const own = initiator(log(asyncInline, { options: { ...EARLY, ack } }));
      return only(own.slice(own.indexOf('phase localFlush')), 'wait');
    };
    expect(waits('early')).toEqual(['wait csd[3].flags allBitsClear 1', 'wait csd[6].flags allBitsClear 1']);
    expect(waits('late')).toEqual(waits('early'));
    expect(waits('none')).toEqual([]);
  });

  it('is synchronous for freed tables and with the late acknowledgement', () => {
    const flags = (cell: Cell): string[] => only(initiator(log(asyncInline, cell)), 'store csd[3].flags');
    expect(flags({ options: EARLY, operation: 'munmap' })).toEqual(['store csd[3].flags ← 7']);
    expect(flags({ options: { ...EARLY, freedTables: 'early' }, operation: 'munmap' })).toEqual([
      'store csd[3].flags ← 5',
    ]);
    expect(flags({ options: { ...EARLY, ack: 'late' } })).toEqual(['store csd[3].flags ← 7']);
  });
});
