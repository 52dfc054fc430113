import {
  type Cell,
  cellActions,
  cellMachine,
  type Exploration,
  explore,
  type ExploreOptions,
  type Memory,
  REDUCTIONS,
} from '@shootdown/checker';
import { expect } from 'vitest';
import { VARIANTS } from '../kit/variants.js';
import { endOf } from './terminal-states.js';

export type Place = Pick<Cell, 'scenario' | 'targets' | 'initiators' | 'cpus' | 'nmis' | 'walker'> &
  Partial<Pick<Cell, 'assume'>>;

/** Explores a cell with moves remembered, all of them compared with what they are when made again, or for a short while, and with every move made anew: the same states in the same order. */
export function expectSameStates(
  variant: keyof typeof VARIANTS,
  place: Place,
  memory: Memory,
  maxStates: number,
): void {
  const cell: Cell = { ...place, ...VARIANTS[variant] };
  const run = (options: ExploreOptions): unknown => {
    const actions = cellActions(cell);
    return told(
      explore(cellMachine(cell, memory), {
        maxStates,
        ...options,
        actions,
        reductions: REDUCTIONS,
        project: endOf,
      }),
    );
  };
  const made = run({ rememberMoves: 0 });
  expect(run({ checkRemembered: true })).toEqual(made);
  expect(run({ rememberMoves: 200 })).toEqual(made);
}

function told(found: Exploration): unknown {
  const { states, transitions, depth, terminalStates, outcomes, violations, verdict, metFullBuffer } = found;
  return { states, transitions, depth, terminalStates, outcomes, violations, verdict, metFullBuffer };
}
