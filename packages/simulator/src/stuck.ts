import { type ErrorDetails, type Machine, PROGRAM_OPS, programIn, ShootdownError } from '@shootdown/core';

/** CPUs that an error names before it stops listing. */
const NAMED_CPUS = 8;

/** No event is left, and a thread has not finished. */
export function deadlock(machine: Machine, nowPs: number): ShootdownError {
  const message = `Nothing can move after ${nowPs / 1000} ns: ${whoWaits(machine)}.`;
  return new ShootdownError('DEADLOCK', message, { details: unfinished(machine) });
}

/** No operation has ended within one of the limits. */
export function neverFinishes(machine: Machine, limit: string): ShootdownError {
  const message = `The run was given up because no operation has ended within ${limit}: ${whoWaits(machine)}. A wait may never be satisfied.`;
  return new ShootdownError('NEVER_FINISHES', message, { details: unfinished(machine) });
}

/** What each of the first CPUs is at. */
function whoWaits(machine: Machine): string {
  const lines: string[] = [];
  for (let cpu = 0; cpu < machine.layout.cpuCount && lines.length < NAMED_CPUS; cpu++) {
    const base = machine.pending(cpu);
    const op = base < 0 ? undefined : PROGRAM_OPS[machine.runner.operands[base] as number];
    if (op !== undefined) lines.push(`CPU ${cpu} is at ${op.text(machine, base)}`);
  }
  return lines.join('; ');
}

/** The program of a strategy that an unfinished context is in; handlers come before the thread that they keep from going on. */
function unfinished(machine: Machine): ErrorDetails {
  const { cpuCount } = machine.layout;
  const threads = machine.boot.threads.flatMap((_, thread) => (machine.isFinished(thread) ? [] : [thread]));
  const handlers = Array.from({ length: cpuCount }, (_, cpu) => machine.top(cpu)).filter(
    (context) => context >= machine.layout.threadCount,
  );
  const programs = [...handlers, ...threads].map((context) => programIn(machine, context));
  const program = programs.find((entry) => entry !== undefined && entry.owner !== 'kernel') ?? programs[0];
  return program === undefined ? {} : { program: program.name, strategy: program.owner };
}
