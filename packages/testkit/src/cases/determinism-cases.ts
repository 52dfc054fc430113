import type { TimedResult } from '@shootdown/simulator';
import { ShootdownError, thrownText } from '@shootdown/core';
import { type CaseDefinition, seen } from '../definition.js';
import type { Subject } from '../subject.js';
import { sameSchedule } from '../timed/same-schedule.js';
import { compareCommand, subjectCell } from '../timed/subject-cell.js';
import { simulateCell, type TimedCell } from '../timed/timed-cell.js';
import { withoutHost } from '../without-host.js';

/** The same inputs give the same bytes, whatever the host is like. */
export const determinismCases: readonly CaseDefinition[] = [
  {
    id: 'determinism.twice',
    section: 'determinism',
    tier: 'quick',
    expected: 'two fresh boots make the same moves, with the same answers and times',
    more: (subject) => [compareCommand(subject, subjectCell(subject))],
    check(subject) {
      for (const cell of someCells(subject)) compare(cell, simulateCell(cell, true), simulateCell(cell, true));
    },
  },
  {
    id: 'determinism.without-host',
    section: 'determinism',
    tier: 'quick',
    expected:
      'it runs, with the same result, while clock, chance, timers, environment and output throw when they are used',
    more: (subject) => [compareCommand(subject, subjectCell(subject))],
    check(subject) {
      for (const cell of someCells(subject)) {
        const there = simulateCell(cell, true);
        compare(
          cell,
          there,
          hostless(() => simulateCell(cell, true)),
        );
      }
    },
  },
];

function someCells(subject: Subject): readonly TimedCell[] {
  return ['madvise', 'munmap'].map((scenario) => subjectCell(subject, { scenario, pages: 2 }));
}

/** An error is made while everything is in place again: what prints it may need the host. */
function hostless(run: () => TimedResult): TimedResult {
  try {
    return withoutHost(run);
  } catch (error) {
    if (error instanceof ShootdownError) throw error;
    throw seen('PLUGIN_THREW', thrownText(error));
  }
}

function compare({ scenario, threads }: TimedCell, first: TimedResult, second: TimedResult): void {
  const isSame =
    first.schedule !== undefined && second.schedule !== undefined && sameSchedule(first.schedule, second.schedule);
  if (isSame && first.simulatedPs === second.simulatedPs) return;
  throw seen(
    'NONDETERMINISM',
    `Two runs of ${scenario.name} with ${threads} threads differ: ${runText(first)}, then ${runText(second)}. A strategy may use no clock, no randomness and no variable outside create().`,
  );
}

function runText({ schedule, simulatedPs }: TimedResult): string {
  return `${schedule?.length ?? 0} moves in ${simulatedPs / 1000} ns`;
}
