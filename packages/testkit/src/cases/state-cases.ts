import { scenarios } from '@shootdown/scenarios';
import type { CaseDefinition } from '../definition.js';
import { checkHiddenState } from '../timed/hidden-state.js';
import { repeatAgain, repeatInTurn } from '../timed/interleave.js';
import { compareCommand, subjectCell } from '../timed/subject-cell.js';

/** A program's only memory is its locals and machine words. */
export const stateCases: readonly CaseDefinition[] = [
  {
    id: 'state.words',
    section: 'state-in-words',
    tier: 'quick',
    expected: 'every program is a function of its arguments and of what it received, in whatever order programs run',
    more: (subject) => [compareCommand(subject, subjectCell(subject))],
    check(subject) {
      for (const { name } of scenarios) checkHiddenState(subjectCell(subject, { scenario: name, threads: 3 }));
    },
  },
  {
    id: 'state.two-instances',
    section: 'state-in-words',
    tier: 'quick',
    expected: 'two instances that run in turn do what each does alone',
    more: (subject) => [compareCommand(subject, subjectCell(subject))],
    check(subject) {
      repeatInTurn([
        subjectCell(subject, { scenario: 'madvise', threads: 2 }),
        subjectCell(subject, { scenario: 'munmap', threads: 4, pages: 2 }),
      ]);
    },
  },
  {
    id: 'state.used-again',
    section: 'state-in-words',
    tier: 'quick',
    expected: 'an instance does the same when it is used a second time',
    more: (subject) => [compareCommand(subject, subjectCell(subject))],
    check(subject) {
      for (const scenario of ['madvise', 'kswapd']) repeatAgain(subjectCell(subject, { scenario }));
    },
  },
];
