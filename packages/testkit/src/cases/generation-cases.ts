import { ShootdownError } from '@shootdown/core';
import { MAX_GENERATION } from '@shootdown/mm';
import { type CaseDefinition, seen } from '../definition.js';
import type { Subject } from '../subject.js';
import { compareCommand, judge, subjectCell } from '../timed/subject-cell.js';
import { cellWorkload, simulateWorkload } from '../timed/timed-cell.js';

/** Flushes left before the last generation of the model; the run makes more. */
const LEFT = 3;

/** A strategy that counts no generations may go on for ever; one that does asks the kernel, which refuses. */
export const generationCases: readonly CaseDefinition[] = [
  {
    id: 'generations.no-wrap',
    section: 'generations',
    tier: 'quick',
    expected: 'tlb_gen is increased by kernel.nextGeneration alone, which refuses to wrap',
    more: (subject) => [compareCommand(subject, subjectCell(subject))],
    check(subject) {
      for (const scenario of ['madvise', 'mprotect']) checkWrap(subject, scenario);
    },
  },
];

function checkWrap(subject: Subject, scenario: string): void {
  const cell = subjectCell(subject, { scenario, iterations: 3 * LEFT });
  const workload = cellWorkload(cell, { firstGeneration: MAX_GENERATION - LEFT });
  try {
    const result = simulateWorkload(workload, cell);
    const generation = result.machine.state[workload.generation(0)] as number;
    if (generation < 0 || generation >= MAX_GENERATION)
      throw seen(
        'NOT_CONFORMING',
        `tlb_gen was taken to ${generation}, beyond the last generation ${MAX_GENERATION - 1}.`,
      );
    judge(subject, cell, result);
  } catch (error) {
    if (!(error instanceof ShootdownError) || error.code !== 'GENERATION_OVERFLOW') throw error;
  }
}
