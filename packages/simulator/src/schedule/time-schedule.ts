import { costTable, type Machine, ShootdownError, Topology } from '@shootdown/core';
import { NO_COSTS } from '@shootdown/kernel';
import { Directory } from '../directory.js';
import { checkTimeable } from './check-timeable.js';
import { type Conflicts, conflictsOf } from './conflicts.js';
import { leastLucky } from './beginnings.js';
import { drive } from './drive.js';
import type { Driven } from './driven.js';
import type { ScheduleRequest } from './schedule-request.js';
import type { ScheduleTiming } from './schedule-timing.js';
import { unmadeBy } from './unmade.js';

/**
 * A schedule of the abstract machine as a run of the simulator: every move as early as the costs of the machine and the order of moves that
 * conflict allow, and how much later than costs alone would have it. Directory, ops, interrupts and INVLPGBs take what they take in a timed
 * run, an IPI what it takes on average. The lines are where the same run, made before, has left them. When
 * a CPU begins is anybody's choice, and is chosen so that little has to be late.
 *
 * @throws ShootdownError REPLAY_MISMATCH when a move is not enabled or answers something else; NOT_TIMEABLE when the profile lacks CPUs or
 * instructions that the schedule has, and for a saturated walker, whose walks have no duration
 */
export function timeSchedule(request: ScheduleRequest): ScheduleTiming {
  const { schedule, profile } = request;
  const untimed = request.makeMachine(NO_COSTS);
  checkTimeable(untimed, schedule, profile);
  const conflicts = conflictsOf(untimed, schedule);
  const timing = leastLucky(schedule, untimed.layout.cpuCount, (beginPs) => warm(request, untimed, conflicts, beginPs));
  checkEnd(untimed, timing.machine);
  return timing;
}

/** One run after others that warm the lines up. */
function warm(
  request: ScheduleRequest,
  { boot, layout }: Machine,
  conflicts: Conflicts,
  beginPs: readonly number[],
): ScheduleTiming {
  const { profile, warmUps = 1 } = request;
  const costs = costTable(profile, { ipiJitterCycles: 0 });
  const topology = new Topology(profile.topology);
  const directory = new Directory(topology, costs, (boot.memory.size >> 3) + 1, layout.cpuCount);
  const parts = { conflicts, costs, directory };
  let startPs = 0;
  let driven = drive(request, parts, startPs, beginPs);
  for (let run = 0; run < warmUps; run++) {
    startPs = driven.clock.nowPs;
    driven = drive(request, parts, startPs, beginPs);
  }
  return timingOf(driven, startPs, beginPs);
}

/** Times count from when the run has begun. */
function timingOf(driven: Driven, startPs: number, beginPs: readonly number[]): ScheduleTiming {
  const { machine, clock } = driven;
  return {
    totalPs: clock.nowPs - startPs,
    beginPs,
    hasSoftware: clock.softwarePs > 0,
    moves: clock.moves.map((move) => ({ ...move, startPs: move.startPs - startPs, endPs: move.endPs - startPs })),
    unmade: unmadeBy(driven),
    machine,
  };
}

/** Moves that do not conflict may have changed places; what they lead to is the same. */
function checkEnd(untimed: Machine, timed: Machine): void {
  const at = untimed.state.findIndex((value, index) => value !== timed.state[index]);
  if (at < 0 && told(untimed) === told(timed)) return;
  const place = at < 0 ? 'what it violates' : `word ${at} of its state`;
  throw new ShootdownError('INTERNAL', `A schedule in time has not led where it leads without: ${place} differs.`);
}

function told({ violations }: Machine): string {
  return violations
    .map(({ contract, form, cpu }) => `${contract} ${form} ${cpu}`)
    .sort()
    .join();
}
