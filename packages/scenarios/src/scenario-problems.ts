import { defaultAssumptions } from './assumptions.js';
import type { Scenario } from './scenario.js';

/**
 * Rules that the schema cannot state. The scenario has passed the schema before.
 * Returns one whole sentence per broken rule, and an empty list for a sound scenario.
 */
export function scenarioProblems(scenario: Scenario): readonly string[] {
  return [...boundProblems(scenario), ...initiatorProblems(scenario), ...assumptionProblems(scenario)];
}

function boundProblems({ timed, explored, initiators }: Scenario): string[] {
  const problems: string[] = [];
  if (timed === undefined && explored === undefined) {
    problems.push('timed and explored are both missing; state at least one, or no driver can run the scenario.');
  }
  if (explored !== undefined && initiators > explored.cpus) {
    problems.push(`initiators is ${initiators}, but explored.cpus is ${explored.cpus}; each initiator needs a CPU.`);
  }
  return problems;
}

function initiatorProblems({ operation, initiatorRunsMm, touch }: Scenario): string[] {
  const problems: string[] = [];
  if (!initiatorRunsMm && operation !== 'reclaim') {
    problems.push(`initiatorRunsMm is false, but ${operation} is a system call of a thread of the mm; use reclaim.`);
  }
  if (!initiatorRunsMm && touch !== 'none') {
    problems.push(`touch is ${touch}, but a kernel thread has no user memory to touch; use none.`);
  }
  if (operation === 'munmap' && touch !== 'none') {
    problems.push(`touch is ${touch}, but nothing is mapped after munmap; use none.`);
  }
  if (operation === 'mprotect' && touch === 'write') {
    problems.push('touch is write, but mprotect has just forbidden it; use read or none.');
  }
  return problems;
}

/** What only the exploring driver can do: a timed run would need rates that no source gives. */
const EXPLORED_ONLY = ['kprobe', 'interruptsOff', 'callAhead', 'deviceLoad'] as const;

function assumptionProblems({ timed, assumptions }: Scenario): string[] {
  if (timed === undefined) return [];
  return EXPLORED_ONLY.filter((name) => assumptions[name] !== defaultAssumptions[name]).map(
    (name) =>
      `assumptions.${name} is ${assumptions[name]}, but a timed run has no rate for it; leave timed out, or use ${defaultAssumptions[name]}.`,
  );
}
