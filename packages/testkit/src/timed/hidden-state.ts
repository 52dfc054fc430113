import { checkPrograms } from '@shootdown/checker';
import { Machine, type Schedule, ShootdownError } from '@shootdown/core';
import { sameSchedule } from './same-schedule.js';
import { cellWorkload, simulateCell, type TimedCell } from './timed-cell.js';

/** Operations that are repeated, and threads: enough for one, two and several targets, and quick. */
const OPERATIONS = 6;
const MOST_THREADS = 4;
const MOST_PAGES = 4;

/** Cells whose strategy has been looked at, by what the strategy can tell apart. */
const checked = new WeakMap<object, Set<string>>();

/**
 * Looks for state that a strategy keeps outside its machine words, before its numbers are believed: the first operations
 * are repeated with every program as a function of its arguments and of what it has received. Each strategy, ours too, is looked at once with
 * the same options, machine, threads and pages.
 *
 * @throws ShootdownError SHARED_STATE; NONDETERMINISM when two fresh boots already differ: a module-level variable, a clock
 */
export function checkHiddenState(cell: TimedCell): void {
  const plan = smallPlan(cell);
  const { plugin, machine, scenario, options, threads, pages } = plan;
  const key = JSON.stringify([machine.name, scenario.name, options, threads, pages]);
  const known = checked.get(plugin) ?? new Set();
  if (known.has(key)) return;
  const schedule = recorded(plan);
  try {
    checkPrograms((machineOptions) => {
      const { boot, monitor } = cellWorkload(plan);
      return new Machine(boot, { ...machineOptions, monitor });
    }, schedule);
  } catch (error) {
    if (!(error instanceof ShootdownError) || error.code !== 'SHARED_STATE') throw error;
    throw sameSchedule(schedule, recorded(plan)) ? error : nondeterminism(error);
  }
  checked.set(plugin, known.add(key));
}

function smallPlan(plan: TimedCell): TimedCell {
  const { threads, pages, scenario } = plan;
  return {
    ...plan,
    threads: Math.min(threads, Math.max(MOST_THREADS, scenario.initiators)),
    pages: Math.min(pages, MOST_PAGES),
    iterations: OPERATIONS,
    warmUp: 1,
  };
}

/** The schedule of a cell's run. */
function recorded(cell: TimedCell): Schedule {
  const { schedule } = simulateCell(cell, true);
  if (schedule === undefined) throw new ShootdownError('INTERNAL', 'A recorded run has no schedule.');
  return schedule;
}

function nondeterminism({ message, details, cause }: ShootdownError): ShootdownError {
  const text = `Two runs with the same inputs differ. A strategy may use no clock, no randomness and no variable outside create(). ${message}`;
  return new ShootdownError('NONDETERMINISM', text, { details, cause });
}
