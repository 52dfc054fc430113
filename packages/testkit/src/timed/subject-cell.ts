import type { MachineProfile } from '@shootdown/core';
import { findScenario, type Scenario } from '@shootdown/scenarios';
import type { TimedResult } from '@shootdown/simulator';
import { seen } from '../definition.js';
import { machineFor, type Subject } from '../subject.js';
import type { TimedCell } from './timed-cell.js';

/** What a case asks of a timed run; what it leaves out is small. */
export interface TimedCase {
  readonly scenario?: string | Scenario;
  readonly machine?: MachineProfile;
  readonly threads?: number;
  readonly pages?: number;
  readonly iterations?: number;
}

/** Threads of a run whose number does not matter: one, two and several targets at once. */
export const SOME_THREADS = 4;

/** The cell of a case: by default one madvise of one page after the other, on the smallest machine that will do. */
export function subjectCell(subject: Subject, given: TimedCase = {}): TimedCell {
  const { scenario = 'madvise', threads = SOME_THREADS, pages = 1, iterations = 3 } = given;
  return {
    plugin: subject.strategy,
    options: subject.options,
    machine: given.machine ?? machineFor(subject, threads),
    scenario: typeof scenario === 'string' ? findScenario(scenario) : scenario,
    threads,
    pages,
    iterations,
    warmUp: 1,
    seed: 1,
  };
}

/** Throws CONTRACT_VIOLATED when the monitors saw something in the run. What the manifest does not promise is not judged. */
export function judge({ strategy }: Subject, { scenario, threads }: TimedCell, { violations }: TimedResult): void {
  const [first] = violations;
  if (first === undefined || (scenario.operation === 'munmap' && strategy.guarantee?.freeTable === 'none')) return;
  const { contract, form, text, nowPs } = first;
  const place = `${scenario.name}, ${threads} threads, after ${nowPs / 1000} ns`;
  throw seen('CONTRACT_VIOLATED', `${contract} ${form}: ${text} (${place}).`);
}

/** The command that runs nearly the same. */
export function compareCommand({ specifier }: Subject, { scenario, threads, machine }: TimedCell): string {
  return `npx shootdown compare --strategy '${specifier}' --machine ${machine.name} --scenario ${scenario.name} --threads ${threads}`;
}
