import { Machine, type MachineShape, randomStream } from '@shootdown/core';
import { addIdle, addInitiator, addToucher, bootKernel, NO_COSTS, OPERATIONS } from '@shootdown/kernel';
import type { Strategy } from '@shootdown/plugin';
import { SafetyMonitor } from '@shootdown/safety';
import { asyncInline } from '@shootdown/strategy-async-inline';
import { concurrent } from '@shootdown/strategy-concurrent';
import { sync } from '@shootdown/strategy-sync';
import { describe, expect, it } from 'vitest';
import { runAtRandom } from '../../packages/kernel/test/drive.js';
import { FOUR_PAGES } from './shapes.js';

const SHAPE: MachineShape = { ...FOUR_PAGES, levelBits: 1, tables: 4, frames: 6 };

/** Violations by contract that random schedules of two initiators, a user, and a lazy CPU or two users met. */
function seen(strategy: Strategy, options: unknown, seeds: number): readonly string[] {
  const found = new Set<string>();
  for (let seed = 0; seed < seeds; seed++) {
    const operation = OPERATIONS[seed % OPERATIONS.length] ?? 'madvise';
    const kernel = bootKernel({
      shape: { ...SHAPE, pti: seed % 4 === 1, invpcid: seed % 8 !== 1, icrWriteDrainsStores: seed % 3 !== 0 },
      costs: NO_COSTS,
      strategy,
      options,
    });
    const place = { mm: 0, pages: 2, touch: 'write', operations: 2 } as const;
    const threads = [addInitiator(kernel.kernel, { ...place, cpu: 0, operation, firstPage: 0 })];
    addToucher(kernel.kernel, { cpu: 1, mm: 0, firstPage: 0, pages: 4, access: 'write' });
    if (seed % 2 === 0) addIdle(kernel.kernel, 2, 0, false);
    else threads.push(addInitiator(kernel.kernel, { ...place, cpu: 2, operation, firstPage: 2 }));
    const monitor = new SafetyMonitor(kernel.boot, { flushes: 2, rootOf: kernel.rootOf });
    for (const context of kernel.generationContexts) monitor.watchGeneration(context);
    for (const { mm, word } of kernel.generations) monitor.watchTlbGeneration(mm, word);
    const machine = new Machine(kernel.boot, { monitor, nmiBudget: 2 });
    runAtRandom(machine, threads, randomStream(seed, 'schedule'));
    for (const { contract, form } of machine.violations) found.add(`${contract} ${form}`);
  }
  return [...found].sort();
}

const DEFAULTS = { ack: 'early', freedTables: 'sync', nmiGuard: true } as const;

describe('random schedules', () => {
  it.each([
    ['sync', sync, {}],
    ['concurrent', concurrent, {}],
    ['async-inline', asyncInline, DEFAULTS],
    ['async-inline, late', asyncInline, { ...DEFAULTS, ack: 'late' }],
  ] as const)(
    '%s: no violation seen',
    (_name, strategy, options) => {
      expect(seen(strategy, options, 60)).toEqual([]);
    },
    60_000,
  );

  it('async-inline as posted: exposed', () => {
    expect(seen(asyncInline, { ...DEFAULTS, ack: 'none' }, 30)).toContain('C1 exposed');
  });
});
