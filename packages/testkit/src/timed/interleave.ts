import { type ErrorCode, Machine, replayMove, type Schedule, ShootdownError } from '@shootdown/core';
import { cellWorkload, simulateCell, type TimedCell } from './timed-cell.js';

/** A machine with live programs, and the run that it is to repeat. */
interface Repeated {
  readonly machine: Machine;
  readonly schedule: Schedule;
  /** The state in which that run ended. */
  readonly end: Int32Array;
}

/** Two instances, booted one after the other, repeat their runs move by move in turn. @throws ShootdownError SHARED_STATE */
export function repeatInTurn(cells: readonly TimedCell[]): void {
  const runs = cells.map(runOf);
  const repeated = cells.map((cell, index): Repeated => {
    const { boot, monitor } = cellWorkload(cell);
    return { machine: new Machine(boot, { monitor }), ...(runs[index] as Omit<Repeated, 'machine'>) };
  });
  asSharedState('An instance beside which another one of the same strategy runs', () => inTurn(repeated));
}

/** One instance repeats its run after it has finished it. @throws ShootdownError SHARED_STATE */
export function repeatAgain(cell: TimedCell): void {
  const run = runOf(cell);
  const { boot, monitor } = cellWorkload(cell);
  for (const _ of ['first', 'second'])
    asSharedState('An instance that has been used before', () =>
      inTurn([{ machine: new Machine(boot, { monitor }), ...run }]),
    );
}

function runOf(cell: TimedCell): Omit<Repeated, 'machine'> {
  const { schedule, machine } = simulateCell(cell, true);
  if (schedule === undefined) throw new ShootdownError('INTERNAL', 'A recorded run has no schedule.');
  return { schedule, end: machine.state };
}

function inTurn(runs: readonly Repeated[]): void {
  const longest = Math.max(...runs.map(({ schedule }) => schedule.length));
  for (let index = 0; index < longest; index++)
    for (const { machine, schedule } of runs) if (index < schedule.length) replayMove(machine, schedule, index);
  for (const { machine, end } of runs) checkEnd(machine, end);
}

/** @throws ShootdownError REPLAY_MISMATCH naming the first integer of the state that differs */
export function checkEnd(machine: Machine, end: Int32Array): void {
  const at = machine.state.findIndex((value, index) => value !== end[index]);
  if (at < 0) return;
  const place = at < machine.boot.memory.size ? `Word ${at}` : `Integer ${at} of the state`;
  throw new ShootdownError('REPLAY_MISMATCH', `${place} ends as ${machine.state[at]} instead of ${end[at]}.`);
}

const DIVERGENCES: readonly ErrorCode[] = ['REPLAY_MISMATCH', 'NONDETERMINISM'];

function asSharedState(who: string, body: () => void): void {
  try {
    body();
  } catch (error) {
    if (!(error instanceof ShootdownError) || !DIVERGENCES.includes(error.code)) throw error;
    const message = `${who} does something else than alone. ${error.message} Keep all state in locals and machine words.`;
    throw new ShootdownError('SHARED_STATE', message, { details: error.details, cause: error.cause });
  }
}
