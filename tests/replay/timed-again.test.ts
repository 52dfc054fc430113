import { Machine, machineProfile } from '@shootdown/core';
import { resolveOptions } from '@shootdown/host';
import { timeSchedule } from '@shootdown/simulator';
import { builtInStrategies } from 'shootdown';
import { describe, expect, it } from 'vitest';
import type { RandomMachine } from '../kit/random-machine.js';
import { bootCell, type TimedCell } from '../kit/timed.js';
import { compareTimes } from './random-schedules.js';
import { simulate } from './simulate.js';

const boot = (cell: TimedCell): Machine => {
  const { boot: booted, monitor } = bootCell(cell);
  return new Machine(booted, { monitor });
};

const SCENARIOS = ['madvise', 'munmap', 'mprotect', 'kswapd', 'lazy', 'idle'];

describe('the schedule of a timed run, timed again', () => {
  it.each(
    builtInStrategies.strategies.flatMap((strategy) =>
      SCENARIOS.map((scenario) => [strategy.name, scenario, strategy] as const),
    ),
  )('%s, %s: every move comes at the same picosecond, and nothing is held back', (_name, scenario, strategy) => {
    const machine = strategy.requires?.includes('invlpgb') === true ? 'milan' : 'haswell';
    const profile = machineProfile(machine);
    for (const threads of [2, 4]) {
      const variant = { title: strategy.name, strategy, options: resolveOptions(strategy, {}) };
      const cell: TimedCell = { variant, scenario, machine, threads };
      const schedule = simulate(boot(cell), profile);
      const { moves, beginPs } = timeSchedule({ schedule, makeMachine: () => boot(cell), profile, warmUps: 0 });
      expect(moves.map(({ endPs }) => endPs)).toEqual(schedule.times);
      expect(beginPs.every((ps) => ps === 0)).toBe(true);
      expect(moves.filter(({ heldPs }) => heldPs > 0)).toEqual([]);
    }
  });
});

type Body = RandomMachine['handler'];
const wait = (a: number, b = 0): Body[number] => ({ kind: 'wait', a, b });
const store = (a: number, b = 0): Body[number] => ({ kind: 'store', a, b });

const beside = (...threads: readonly Body[]): RandomMachine => ({
  sequentiallyConsistent: false,
  storeBufferDepth: 1,
  nmiBudget: 0,
  probeBudget: 0,
  threads,
  inUserMode: false,
  handler: [],
  higher: [],
  ticks: false,
  preempting: undefined,
  scheduled: undefined,
  nmi: [],
  probe: [],
});

/** CPUs that come to a wait while a store to its word is under way, behind which others ask for the line. */
const RACES: readonly RandomMachine[] = [
  beside([wait(0), wait(0)], [store(0), store(0, 1), store(0)]),
  beside([wait(0), wait(1)], [wait(0), store(1)], [store(0), store(1)]),
  beside([wait(0), wait(0)], [wait(0), store(0)], [store(0), store(0, 1)]),
  beside([wait(0), wait(1, 1)], [wait(0), store(1)], [store(0), store(1, 1)]),
  beside([wait(0), store(0, 1), store(0, 1)], [wait(0), store(0)], [store(0), wait(0, 1)]),
];

describe('the schedule of random programs, timed again', () => {
  it.each(['haswell', 'milan'])('%s: every move comes at the same picosecond', { timeout: 60_000 }, (name) => {
    compareTimes(name, { seed: 1, numRuns: 1000, examples: RACES.map((each) => [each]) });
  });
});
