import { type Cell, cellActions, cellMachine, explore, REDUCTIONS } from '@shootdown/checker';
import { resolveOptions } from '@shootdown/host';
import { latr, type LatrSteps, latrWith } from '@shootdown/strategy-latr';
import { summary } from '../exploration/rows.js';

/** What a cell of two CPUs differs in from an unmap under a user, and what of the strategy is replaced. */
export interface LatrCell extends Partial<Cell> {
  readonly memory?: 'sc' | 'tso';
  readonly given?: object;
  readonly replaced?: Partial<LatrSteps>;
}

/** The cell explored with all reductions, page walks on demand: the first violation with the length of its trace, or the counts. */
export function exploreLatr({ memory = 'sc', given = {}, replaced, ...change }: LatrCell): string {
  const strategy = replaced === undefined ? latr : latrWith(replaced);
  const base = { scenario: 'unmap', targets: 'user', initiators: 1, cpus: 2, nmis: 0, walker: 'demand' } as const;
  const cell: Cell = { ...base, strategy, options: resolveOptions(strategy, given), ...change };
  const found = explore(cellMachine(cell, memory), {
    actions: cellActions(cell),
    stopAtFirst: true,
    reductions: REDUCTIONS,
    maxStates: 3_000_000,
  });
  const [violation] = found.violations;
  return violation === undefined
    ? summary(found)
    : `${violation.contract} ${violation.form} after ${violation.trace.length} moves`;
}
