import type { CaseDefinition } from '../definition.js';
import type { Subject } from '../subject.js';
import { compareCommand, judge, subjectCell } from '../timed/subject-cell.js';
import { simulateCell } from '../timed/timed-cell.js';

/** Sizes around the edges of a word of a mask (32), of a multicast (8, 16), and of the smallest cases. */
const QUICK: readonly number[] = [1, 2, 3, 8, 17, 32, 33, 64];
const MOST = 64;

/** 1 to 64 CPUs in the timed driver, each number as a case. */
export const scaleCases: readonly CaseDefinition[] = Array.from({ length: MOST }, (_, index) => scaleCase(index + 1));

function scaleCase(cpus: number): CaseDefinition {
  return {
    id: `cpus.${cpus}`,
    section: 'numbers-of-cpus',
    tier: QUICK.includes(cpus) ? 'quick' : 'full',
    expected: `flushes end on ${cpus} CPU${cpus === 1 ? '' : 's'} and no violation is seen`,
    more: (subject) => [compareCommand(subject, subjectCell(subject, { threads: cpus }))],
    check: (subject) => checkScale(subject, cpus),
  };
}

function checkScale(subject: Subject, threads: number): void {
  for (const scenario of ['madvise', 'lazy', 'kswapd']) {
    const cell = subjectCell(subject, { scenario, threads, iterations: 2 });
    judge(subject, cell, simulateCell(cell));
  }
}
