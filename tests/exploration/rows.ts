import type { Exploration } from '@shootdown/checker';
import type { OperationName } from '@shootdown/kernel';
import type { ExploredCell } from '../kit/explored.js';

/** Operation and bystander of a cell: reclaim is done by a kernel thread; munmap frees a table under a reader. */
export type Work = Pick<ExploredCell, 'operation' | 'access' | 'kernelThread'>;

export const WORK: Readonly<Record<Exclude<OperationName, 'msync'>, Work>> = {
  madvise: { operation: 'madvise', access: 'write' },
  mprotect: { operation: 'mprotect', access: 'write' },
  munmap: { operation: 'munmap', access: 'read' },
  reclaim: { operation: 'reclaim', access: 'write', kernelThread: true },
};

/** What a complete exploration saw. A change of the machine, the kernel or a strategy shows as a changed count. */
export const summary = (found: Exploration): string =>
  `${found.isComplete ? 'complete' : 'cut'}, ${found.verdict}: ${found.states} states, ${found.transitions} transitions`;

/** Each kind of violation with the length of a shortest way to it. */
export const violations = (found: Exploration): readonly string[] =>
  found.violations.map(({ contract, form, trace }) => `${contract} ${form} after ${trace.length} moves`);
