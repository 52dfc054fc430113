import {
  type Cell,
  type CellDescription,
  cellMachine,
  checkCellWhole,
  type FoundViolation,
  scheduleOf,
} from '@shootdown/checker';
import { type Machine, machineProfile, replay, Schedule } from '@shootdown/core';
import { resolveOptions } from '@shootdown/host';
import { type KernelCosts, NO_COSTS } from '@shootdown/kernel';
import { type TimedMove, timeSchedule } from '@shootdown/simulator';
import { entries, runVariant } from '@shootdown/zoo';
import { builtInStrategies } from 'shootdown';
import { describe, expect, it } from 'vitest';

type MakeMachine = (costs: KernelCosts) => Machine;
const MILAN = machineProfile('milan');

/** The same moves in the order in which they take effect. */
function inTime(schedule: Schedule, moves: readonly TimedMove[]): Schedule {
  const order = moves.map((_, index) => index).sort((a, b) => (moves[a]?.endPs ?? 0) - (moves[b]?.endPs ?? 0) || a - b);
  const sorted = new Schedule();
  for (const i of order) sorted.add(schedule.cpu(i), schedule.move(i), schedule.choice(i), schedule.result(i));
  return sorted;
}

/** The machine after these moves, on which each of them has answered what it says. */
function after(makeMachine: MakeMachine, schedule: Schedule): Machine {
  const machine = makeMachine(NO_COSTS);
  replay(machine, schedule);
  return machine;
}

/**
 * The run in time ends in the same state, and so does a machine without time on which the moves are made in the order that time gives them;
 * both violate what the counterexample is for.
 */
function isTheSameRun({ trace, contract, form }: FoundViolation, makeMachine: MakeMachine): void {
  const schedule = scheduleOf(trace);
  const untimed = after(makeMachine, schedule);
  const timing = timeSchedule({ schedule, makeMachine, profile: MILAN });
  const reordered = after(makeMachine, inTime(schedule, timing.moves));
  if (contract !== 'C6') expect(untimed.violations).toContainEqual(expect.objectContaining({ contract, form }));
  for (const machine of [timing.machine, reordered]) {
    expect([...machine.state]).toEqual([...untimed.state]);
    expect(machine.violations).toEqual(untimed.violations);
  }
}

const SMALLEST: CellDescription = {
  scenario: 'unmap',
  targets: 'user',
  initiators: 1,
  cpus: 2,
  nmis: 0,
  walker: 'saturated',
};

/**
 * A violation of each strategy: by an option that gives something up, or in a world that it is not made for. INVLPGB reaches lazy CPUs too, so
 * for `broadcast` the zoo has one.
 */
const LAZY = { scenario: 'reclaim', targets: 'lazy', nmis: 1 } as const;
const WITH_LAZY_CPUS = builtInStrategies.strategies.filter(({ name }) => name !== 'broadcast');
const VIOLATED: readonly (readonly [name: string, options: object, cell: Partial<CellDescription>])[] = [
  ['async-inline', { ack: 'none' }, {}],
  ['async-inline', { ack: 'none' }, { scenario: 'reclaim' }],
  ['async-inline', { freedTables: 'early' }, { scenario: 'free-table' }],
  ['async-inline', { nmiGuard: false }, { nmis: 1 }],
  ['async-inline', {}, { assume: { deviceLoad: 'on' } }],
  ['async-inline', {}, { scenario: 'reclaim', assume: { kprobe: 'touches' } }],
  ['latr', {}, { unenforced: ['ticks-in-step'] }],
  ...WITH_LAZY_CPUS.map(({ name }) => [name, {}, { ...LAZY, assume: { nmi: 'touches' } }] as const),
];

describe('a counterexample in time', { timeout: 120_000 }, () => {
  it.each(VIOLATED)('%s %o, %o: is the same run', (name, given, description) => {
    const strategy = builtInStrategies.find(name);
    const cell: Cell = { ...SMALLEST, ...description, strategy, options: resolveOptions(strategy, given) };
    const { violation, walker, memory } = checkCellWhole(cell, 'tso', { maxStates: 5e6 });
    if (violation === undefined) throw new Error('Nothing was found.');
    isTheSameRun(violation, (costs) => cellMachine({ ...cell, walker }, memory, costs)());
  });

  it.each(entries.map((entry) => [entry.id, entry] as const))('%s is the same run', (_id, entry) => {
    const { violations, makeMachine } = runVariant(entry, 'buggy', { maxStates: 5e6 });
    const [found] = violations;
    if (found === undefined) throw new Error('Nothing was found.');
    isTheSameRun(found, makeMachine);
  });
});
