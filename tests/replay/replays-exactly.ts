import { Machine, replay, type Schedule } from '@shootdown/core';
import { expect } from 'vitest';
import { bootCell, timeCell, type TimedCell } from '../kit/timed.js';

/** First violation of each contract and form on each CPU. */
const seen = (violations: readonly { contract: string; form: string; cpu: number }[]): readonly string[] => [
  ...new Set(violations.map(({ contract, form, cpu }) => `${contract} ${form} cpu ${cpu}`)),
];

/**
 * Times the cell, then executes its schedule on a second machine that knows neither time nor TLB geometry. `replay` itself
 * throws when a move is not enabled or a program receives another value. Returns the schedule.
 */
export function replaysExactly(cell: TimedCell): Schedule {
  const timed = timeCell({ ...cell, record: true });
  if (timed.schedule === undefined) throw new Error('The run recorded no schedule.');
  const { boot, monitor } = bootCell(cell);
  const machine = new Machine(boot, { monitor });
  replay(machine, timed.schedule);
  expect(timed.schedule.length).toBeGreaterThan(timed.ops);
  expect(Buffer.compare(Buffer.from(machine.state.buffer), Buffer.from(timed.machine.state.buffer))).toBe(0);
  expect(seen(machine.violations)).toEqual(seen(timed.violations));
  return timed.schedule;
}
