import { scenarios } from '@shootdown/scenarios';
import { type CaseDefinition, seen } from '../definition.js';
import { guarded, type Subject } from '../subject.js';
import { compareCommand, subjectCell } from '../timed/subject-cell.js';
import { simulateCell } from '../timed/timed-cell.js';
import { watchedInputs } from './watched-inputs.js';

/** What a strategy is handed belongs to the laboratory. */
export const inputCases: readonly CaseDefinition[] = [
  {
    id: 'inputs.frozen',
    section: 'frozen-inputs',
    tier: 'quick',
    expected: 'create(), hooks and programs do not try to change what they are handed',
    more: (subject) => [compareCommand(subject, subjectCell(subject))],
    check(subject) {
      for (const scenario of scenarios) checkScenario(subject, scenario.name);
    },
  },
];

/** What the strategy threw when it was refused says less than what it tried. */
function checkScenario(subject: Subject, scenario: string): void {
  const { strategy, attempts } = watchedInputs(subject.original);
  const cell = { ...subjectCell(subject, { scenario, iterations: 1 }), plugin: guarded(strategy) };
  try {
    simulateCell(cell);
  } catch (error) {
    if (attempts.length === 0) throw error;
  }
  const [first] = attempts;
  if (first !== undefined) throw seen('CHANGED_INPUT', `It tried to change ${first}. Copy what you want to change.`);
}
