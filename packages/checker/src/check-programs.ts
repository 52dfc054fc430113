import {
  type ErrorCode,
  type ErrorDetails,
  type Machine,
  PROGRAM_OPS,
  programIn,
  replay,
  type Schedule,
  ShootdownError,
} from '@shootdown/core';
import { DEFAULT_MAX_NODES } from './automaton/automaton-runner.js';
import { rederive } from './automaton/rederive.js';
import { automatonMachine, type MachineFactory, unstarted } from './explore.js';

/** What divergence is called: a schedule that does not replay, and a program that does not repeat. */
const DIVERGENCES: readonly ErrorCode[] = ['REPLAY_MISMATCH', 'NONDETERMINISM'];

/**
 * Checks that the programs of a run remember nothing beside the machine words. The schedule, recorded with live programs, is
 * executed with each program as a function of its arguments and of what it has received; then every step of every program is
 * derived again on fresh instances in other orders. A pass detects no such memory; it does not prove that there is none.
 *
 * Throws SHARED_STATE with strategy, program and op where something differs, or NONDETERMINISM when it differs from boot to boot;
 * UNBOUNDED_PROGRAM when one program takes more than `maxNodes` steps.
 */
export function checkPrograms(
  makeMachine: MachineFactory,
  schedule: Schedule,
  maxNodes: number = DEFAULT_MAX_NODES,
): void {
  const { machine, runner } = automatonMachine(makeMachine, maxNodes);
  try {
    replay(machine, schedule);
  } catch (error) {
    if (!(error instanceof ShootdownError) || !DIVERGENCES.includes(error.code)) throw error;
    throw sharedState(machine, error);
  }
  rederive({ machine, automaton: runner.automaton }, () => unstarted(makeMachine, maxNodes));
}

function sharedState(machine: Machine, cause: ShootdownError): ShootdownError {
  const details = { ...whereReplayed(machine, cause), ...cause.details };
  const message = `Program '${String(details['program'])}' of ${String(details['strategy'])} keeps state outside its machine words. ${cause.message}`;
  return new ShootdownError('SHARED_STATE', message, { details, cause });
}

/** A schedule that does not replay tells the CPU only. */
function whereReplayed(machine: Machine, { details: { cpu } }: ShootdownError): ErrorDetails {
  if (typeof cpu !== 'number') return {};
  const entry = programIn(machine, machine.top(cpu));
  if (entry === undefined) return {};
  const base = machine.pending(cpu);
  const op = PROGRAM_OPS[machine.runner.operands[base] as number]?.text(machine, base) ?? 'nothing';
  return { program: entry.name, strategy: entry.owner, op };
}
