import { Machine } from '@shootdown/core';
import { resolveOptions } from '@shootdown/host';
import { addIdle, addInitiator, addSpinner, bootKernel, NO_COSTS, type OperationName } from '@shootdown/kernel';
import { findScenario } from '@shootdown/scenarios';
import { message } from '@shootdown/strategy-message';
import { sync } from '@shootdown/strategy-sync';
import { describe, expect, it } from 'vitest';
import { runToEnd } from '../../packages/kernel/test/drive.js';
import { timeCell, type TimedCell } from '../kit/timed.js';
import { replaysExactly } from '../replay/replays-exactly.js';
import { early, exploreMessage, type MessageCell, silent, told } from './message-cells.js';
import { ONE_PAGE } from './shapes.js';

/** Ops of one operation of CPU 0 beside two CPUs that run the mm, or that idle with it in lazy TLB mode. */
function run(operation: OperationName, others: 'spin' | 'idle', options: object = {}): readonly string[] {
  const { kernel, boot } = bootKernel({
    shape: ONE_PAGE,
    costs: NO_COSTS,
    strategy: message,
    options: resolveOptions(message, options),
  });
  const page = { mm: 0, firstPage: 0, pages: 1 };
  const thread = addInitiator(kernel, { ...page, cpu: 0, operation, touch: 'none', operations: 1 });
  for (const cpu of [1, 2]) {
    if (others === 'spin') addSpinner(kernel, cpu, 0);
    else addIdle(kernel, cpu, 0, false);
  }
  return runToEnd(new Machine(boot), [thread]);
}

const of = (cpu: number, lines: readonly string[], ...words: readonly string[]): string[] =>
  lines
    .filter((line) => line.startsWith(`${cpu}: `))
    .map((line) => line.slice(3))
    .filter((line) => words.some((word) => line.startsWith(word)));

describe('message: the steps of its page', () => {
  it('writes a request into each channel, rings, interrupts who is not listening, flushes, and waits for the replies', () => {
    const lines = run('madvise', 'spin');
    const words = ['store monitor', 'store re', 'cmpxchg mon', 'test monitor', 'icr', 'invlpg', 'wait any', 'xchg mon'];
    expect(of(0, lines, ...words)).toEqual([
      'store monitor[0].attentive ← 1',
      ...[1, 2].flatMap((to) => [
        `store reply[${to}].done ← 0`,
        `store request[${to}].mm ← 0`,
        `store request[${to}].firstPage ← 0`,
        `store request[${to}].pageCount ← 1`,
        `store request[${to}].generation ← 2`,
        `store request[${to}].turn ← 1`,
        `cmpxchg monitor[${to}].bell 0 → 1`,
        `test monitor[${to}].attentive equal 1`,
        `icr → cpu ${to}: reschedule`,
      ]),
      'invlpg page 0',
      'wait any of reply[1].done, monitor[0].bell',
      'wait any of reply[2].done, monitor[0].bell',
      'xchg monitor[0].attentive ← 0',
      'test monitor[0].bell notEqual 0',
    ]);
  });

  it('answers in the monitor, which the scheduler puts in the place of the user thread: flush, then reply', () => {
    const lines = of(1, run('madvise', 'spin'), 'preempts', 'switch to', 'load req', 'mov cr3', 'store re', 'wait mon');
    expect(lines.slice(0, 11)).toEqual([
      'preempts the thread: preempt_schedule',
      'switch to monitor/1',
      'wait monitor[1].bell notEqual 0, then xchg ← 0',
      'load request[1].turn',
      'load request[1].mm',
      'load request[1].firstPage',
      'load request[1].pageCount',
      'load request[1].generation',
      'mov cr3 root 2 pcid 0',
      'store reply[1].done ← 1',
      'load request[7].turn',
    ]);
  });

  it('interrupts no idle CPU, and asks it only when a page table is freed', () => {
    expect(of(0, run('madvise', 'idle'), 'cmpxchg mon', 'icr')).toEqual([]);
    expect(of(0, run('munmap', 'idle'), 'cmpxchg mon', 'icr')).toEqual([
      'cmpxchg monitor[1].bell 0 → 1',
      'cmpxchg monitor[2].bell 0 → 1',
    ]);
  });
});

describe('message on two CPUs', { timeout: 60_000 }, () => {
  const rows: readonly (readonly [title: string, cell: MessageCell, expected: string])[] = [
    ['unmaps', {}, 'clean, complete: 2725 states, 5462 transitions'],
    ['frees a table', { scenario: 'free-table' }, 'clean, complete: 3972 states, 7744 transitions'],
    ['reclaims', { scenario: 'reclaim' }, 'clean, complete: 1731 states, 3304 transitions'],
    [
      'waits for ever for a CPU in user mode that nobody interrupts',
      { steps: silent },
      'C6 progress after 40 moves: no state is reachable in which it has finished: CPU 0 is at wait any of reply[1].done, monitor[0].bell; CPU 1 is at write page 0 ← 1',
    ],
    [
      'frees a table too early when monitors reply before they flush',
      { scenario: 'free-table', steps: early, walker: 'saturated' },
      'C3 walked after 83 moves: a walk of CPU 1 read table page 1 after it went back to the allocator',
    ],
  ];
  it.each(rows)('%s', (_title, cell, expected) => {
    expect(told(exploreMessage(cell))).toBe(expected);
  });
});

const timed = (change: Partial<TimedCell> & { readonly options?: object; readonly initiators?: number }): TimedCell => {
  const { options = {}, initiators = 1, scenario = 'madvise', ...rest } = change;
  const base = typeof scenario === 'string' ? findScenario(scenario) : scenario;
  return {
    variant: { title: 'message', strategy: message, options: resolveOptions(message, options) },
    scenario: { ...base, initiators },
    threads: 4,
    operations: 20,
    warmUp: 5,
    ...rest,
  };
};
const SYNC = { variant: { title: 'sync', strategy: sync, options: {} } };

describe('message on the machine haswell', () => {
  it('costs every busy CPU an interrupt and a whole context, and is slower than sync', () => {
    const { ipis, fullFlushes, violations, meanNs, stolenPs } = timeCell(timed({}));
    const reference = timeCell(timed(SYNC));
    expect([ipis, Math.round(fullFlushes / 20), violations]).toEqual([3 * 20, 3, []]);
    expect(meanNs).toBeGreaterThan(reference.meanNs);
    expect(stolenPs).toBeGreaterThan(2 * reference.stolenPs);
  });

  it('is quicker than sync where every CPU initiates, for those who wait answer without being interrupted', () => {
    const all = { initiators: 4 };
    const { ipis, meanNs } = timeCell(timed(all));
    const reference = timeCell(timed({ ...all, ...SYNC }));
    expect(ipis).toBeLessThan(reference.ipis / 4);
    expect(meanNs).toBeLessThan(reference.meanNs);
  });

  it('sends no IPI at all when busy CPUs are left to their ticks, and takes a tick for each operation', () => {
    const { ipis, meanNs } = timeCell(timed({ options: { wake: 'tick' } }));
    expect(ipis).toBe(0);
    expect(meanNs).toBeCloseTo(1e6, -3);
  });

  it.each(['madvise', 'munmap', 'mprotect', 'kswapd', 'lazy', 'idle'])('%s replays on the abstract machine', (name) => {
    expect(replaysExactly(timed({ scenario: name, operations: 4, warmUp: 1 })).length).toBeGreaterThan(100);
  });

  it.each(['haswell', 'skylake-2s', 'milan'])(
    'two initiators and a tick replay on the abstract machine of %s',
    (machine) => {
      const cell = { machine, operations: 4, warmUp: 1, initiators: 2 };
      for (const options of [{}, { wake: 'tick' }])
        expect(replaysExactly(timed({ ...cell, options })).length).toBeGreaterThan(100);
    },
  );
});
