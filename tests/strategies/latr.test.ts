import { Action, Machine, MACHINE_ACTIONS } from '@shootdown/core';
import { resolveOptions } from '@shootdown/host';
import { addInitiator, addSpinner, bootKernel, type InitiatorOptions, NO_COSTS } from '@shootdown/kernel';
import { latr, type LatrSteps } from '@shootdown/strategy-latr';
import { sync } from '@shootdown/strategy-sync';
import { describe, expect, it } from 'vitest';
import { runToEnd, step } from '../../packages/kernel/test/drive.js';
import { timeCell, type TimedCell } from '../kit/timed.js';
import { replaysExactly } from '../replay/replays-exactly.js';
import { exploreLatr } from './latr-cells.js';
import { FOUR_PAGES } from './shapes.js';

interface Run {
  readonly operations?: number;
  readonly pages?: number;
  readonly operation?: InitiatorOptions['operation'];
  readonly options?: object;
}

/** CPU 0 has performed its operations while CPUs 1 and 2 spin, and no timer has run down yet. */
class Stand {
  readonly machine: Machine;
  readonly lines: readonly string[];

  constructor({ operations = 1, pages = 1, operation = 'madvise', options = {} }: Run = {}) {
    const { kernel, boot } = bootKernel({
      shape: FOUR_PAGES,
      costs: NO_COSTS,
      strategy: latr,
      options: resolveOptions(latr, options),
      batchesPerCpu: 3,
      unenforced: ['ticks-in-step'],
    });
    const range = { mm: 0, firstPage: 0, pages };
    const thread = addInitiator(kernel, { ...range, cpu: 0, operation, touch: 'none', operations });
    for (let cpu = 1; cpu < 3; cpu++) addSpinner(kernel, cpu, 0);
    this.machine = new Machine(boot);
    this.lines = runToEnd(this.machine, [thread]);
  }

  /** Ops of the last flush of CPU 0 and what follows of its thread. */
  get flush(): readonly string[] {
    const own = this.lines.filter((line) => line.startsWith('0: ')).map((line) => line.slice(3));
    return own.slice(own.lastIndexOf('mark call') + 1);
  }

  /** Ops of one tick of the CPU. */
  tick(cpu: number): readonly string[] {
    const log: string[] = [];
    MACHINE_ACTIONS[Action.tick]?.apply(this.machine, cpu, 0);
    do step(this.machine, cpu, log);
    while (this.machine.top(cpu) === this.machine.interruptContext(cpu));
    return log.map((line) => line.slice(3));
  }
}

/** The lines that begin with one of the words, in order. */
const only = (lines: readonly string[], ...words: readonly string[]): string[] =>
  lines.filter((line) => words.some((word) => line.startsWith(word)));

const STEPS = ['lock xadd', 'test latr', 'store latr', 'invlpg', 'icr', 'wait call', 'mark return', 'mark release'];

describe('latr: an unmap', () => {
  it('leaves a record that becomes visible as a whole, flushes here, interrupts nobody and keeps the pages', () => {
    expect(only(new Stand().flush, ...STEPS)).toEqual([
      'lock xadd mm[1].tlb_gen + 1',
      'test latr_held[0].ticksLeft equal 0',
      'store latr_state[0].mm ← 0',
      'store latr_state[0].firstPage ← 0',
      'store latr_state[0].pageCount ← 1',
      'store latr_state[0].tlbGen ← 2',
      'store latr_cpus 0.bits ← 6',
      'lock xadd latr_published[0].records + 1',
      'store latr_cpu[0].next ← 1',
      'store latr_cpu[0].open ← 1',
      'invlpg page 0',
      'mark return',
      'store latr_cpu[0].open ← 0',
      'store latr_held[0].batch ← 0',
      'store latr_held[0].ticksLeft ← 2',
    ]);
  });

  it('is swept at the tick of each other CPU: invalidation first, then the own bit', () => {
    const stand = new Stand();
    expect(only(stand.tick(1), 'eoi', 'test latr', 'load latr', 'invlpg', 'lock and')).toEqual([
      'eoi',
      'test latr_published[0].records equal 0',
      'test latr_cpus 0.bits anyBitSet 2',
      'load latr_state[0].mm',
      'load latr_state[0].firstPage',
      'load latr_state[0].pageCount',
      'load latr_state[0].tlbGen',
      'invlpg page 0',
      'lock and latr_cpus 0.bits & ~2',
      'test latr_cpus 1.bits anyBitSet 2',
      'test latr_published[2].records equal 0',
      'test latr_published[1].records equal 0',
    ]);
    expect(only(stand.tick(1), 'invlpg')).toEqual([]);
  });

  it('gives its pages back at the second tick of its CPU', () => {
    const stand = new Stand();
    const releases = (lines: readonly string[]): string[] =>
      only(lines, 'mark release', 'store page', 'store latr_held');
    expect(releases(stand.tick(0))).toEqual(['store latr_held[0].ticksLeft ← 1']);
    expect(releases(stand.tick(0))).toEqual([
      'mark release',
      'store page[0].refcount ← 0',
      'store latr_held[0].ticksLeft ← 0',
    ]);
    expect(releases(stand.tick(0))).toEqual([]);
  });

  it('gives them back when everybody has swept its record, where that is asked for', () => {
    const stand = new Stand({ options: { reclaim: 'whenSwept' } });
    const released = (): number => only(stand.tick(0), 'mark release').length;
    stand.tick(1);
    expect([released(), released(), released()]).toEqual([0, 0, 0]);
    stand.tick(2);
    expect(released()).toBe(1);
  });

  it('interrupts the others when every record is in use, and frees at once', () => {
    const stand = new Stand({ operations: 3 });
    expect(only(stand.flush, 'test latr', 'store latr', 'icr', 'mark release')).toEqual([
      'test latr_held[0].ticksLeft equal 0',
      'icr → cluster 0: call_function',
      'mark release',
    ]);
  });
});

describe('latr: what may not wait', () => {
  it.each([
    ['mprotect', 1],
    ['msync', 1],
    ['munmap', 4],
    ['reclaim', 1],
  ] as const)('%s of %i pages is flushed by IPI', (operation, pages) => {
    expect(only(new Stand({ operation, pages }).flush, 'store latr_state', 'icr', 'mark return')).toEqual([
      'icr → cluster 0: call_function',
      'mark return',
    ]);
  });
});

/** Protections wait for the ticks like unmaps. */
const everyKind: LatrSteps['freeRecord'] = function* ({ perCpu, next, held }, cpu) {
  const record = cpu.id * perCpu + (yield* cpu.load(next(cpu.id)));
  return (yield* cpu.test(held.ticksLeft(record), 'equal', 0)) ? record : -1;
};

describe('latr on two CPUs', () => {
  it('reclaim: clean', () => {
    expect(exploreLatr({ scenario: 'reclaim' })).toBe('complete, clean: 11175 states, 29125 transitions');
  }, 60_000);

  it('frees pages that another CPU still uses when it has not ticked meanwhile', () => {
    expect(exploreLatr({ unenforced: ['ticks-in-step'] })).toBe('C1 exposed after 65 moves');
  }, 60_000);

  it('frees them too early after one tick, although ticks are in step', () => {
    expect(exploreLatr({ given: { ticks: 1 } })).toBe('C1 exposed after 57 moves');
  }, 60_000);

  it('may defer nothing but unmaps', () => {
    expect(exploreLatr({ scenario: 'protect', replaced: { freeRecord: everyKind } })).toBe('C1 exposed after 37 moves');
  }, 60_000);
});

describe('latr on the machine server', () => {
  const cell = (strategy: typeof latr, operations: number, scenario = 'madvise'): TimedCell => ({
    variant: { title: strategy.name, strategy, options: resolveOptions(strategy, {}) },
    machine: 'server',
    scenario,
    threads: 8,
    operations,
  });

  it('interrupts nobody until the records are used up, and no violation is seen', () => {
    const { ipis, violations } = timeCell(cell(latr, 20));
    expect([ipis, violations]).toEqual([0, []]);
  });

  it('finds as many free records in every two ticks as it has, however fast it unmaps', () => {
    const { ipis, violations, simulatedPs } = timeCell({ ...cell(latr, 1100), threads: 2 });
    const periods = Math.floor(simulatedPs / 2e9);
    expect([periods, violations]).toEqual([1, []]);
    expect(1101 - ipis).toBe(28 * (periods + 1));
  }, 30_000);

  it('is quicker than sync as long as there are records, and no quicker for what it does not defer', () => {
    const [burst, baseline] = [latr, sync].map((strategy) => timeCell(cell(strategy, 20)).meanNs) as [number, number];
    expect(burst).toBeLessThan(0.6 * baseline);
    const [tables, before] = [latr, sync].map((strategy) => timeCell(cell(strategy, 20, 'munmap')).meanNs) as [
      number,
      number,
    ];
    expect(tables).toBeGreaterThan(0.98 * before);
  });

  it.each(['madvise', 'munmap', 'mprotect', 'kswapd', 'idle'])('%s replays on the abstract machine', (scenario) => {
    expect(replaysExactly({ ...cell(latr, 20, scenario), machine: 'haswell', threads: 4 }).length).toBeGreaterThan(100);
  });
});
