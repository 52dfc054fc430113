import { Action, FIRST_ACTION, Machine, machineProfile, replay, Schedule } from '@shootdown/core';
import { scenarios } from '@shootdown/scenarios';
import { describe, expect, it } from 'vitest';
import { bootCell, timeCell } from '../kit/timed.js';
import { VARIANTS } from '../kit/variants.js';
import { replaysExactly } from './replays-exactly.js';

const variants = Object.values(VARIANTS);

/** Threads and pages of the cells on each machine. */
const SIZES = [
  { machine: 'haswell', what: 'flat xAPIC', threads: [1, 2, 4], pages: [1, 3] },
  { machine: 'skylake-2s', what: 'page-table isolation and PCIDs', threads: [2, 4], pages: [1] },
  { machine: 'server', what: 'two x2APIC clusters', threads: [20], pages: [1] },
] as const;

describe.each(scenarios)(
  'every timed run is a schedule of the abstract machine: $name',
  { timeout: 120_000 },
  (scenario) => {
    describe.each(SIZES)('$machine, $what', ({ machine, threads, pages }) => {
      it.each(variants)('$title', (variant) => {
        for (const threadCount of threads)
          for (const pageCount of pages)
            replaysExactly({ variant, scenario, machine, threads: threadCount, pages: pageCount });
      });
    });
  },
);

/** A copy of the schedule, with one move's result changed. */
function forged(schedule: Schedule, at: number): Schedule {
  const copy = new Schedule();
  for (let index = 0; index < schedule.length; index++)
    copy.add(
      schedule.cpu(index),
      schedule.move(index),
      schedule.choice(index),
      schedule.result(index) + (index === at ? 1 : 0),
    );
  return copy;
}

const CELL = { variant: VARIANTS.early, scenario: 'madvise', threads: 2 } as const;

describe('the replay', () => {
  it('sees the evictions of a TLB that is too small', () => {
    const haswell = machineProfile('haswell');
    const tlb = { ...haswell.tlb, l1Entries: 2, l1Ways: 2, stlbEntries: 2, stlbWays: 2 };
    const schedule = replaysExactly({ ...CELL, machine: { ...haswell, tlb }, pages: 8 });
    const moves = Array.from({ length: schedule.length }, (_, index) => schedule.move(index));
    expect(moves).toContain(FIRST_ACTION + Action.evict);
  });

  it('refuses a value that the machine does not give, wherever it is', () => {
    const { schedule } = timeCell({ ...CELL, record: true });
    if (schedule === undefined) throw new Error('The run recorded no schedule.');
    const ops = Array.from({ length: schedule.length }, (_, index) => index).filter(
      (index) => schedule.move(index) < FIRST_ACTION,
    );
    for (const at of [ops[0], ops[ops.length >> 1], ops.at(-1)] as number[]) {
      const { boot, monitor } = bootCell(CELL);
      expect(() => replay(new Machine(boot, { monitor }), forged(schedule, at))).toThrow(`Move ${at} on CPU`);
    }
  });
});
