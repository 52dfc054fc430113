import {
  type Cell,
  cellActions,
  type CellDescription,
  cellMachine,
  type CheckOptions,
  checkCellWhole,
  explore,
  type Memory,
} from '@shootdown/checker';
import { VARIANTS } from '../kit/variants.js';

export type VariantName = keyof typeof VARIANTS;

/** Reclaim beside one user: the smallest of the cells. */
const SMALLEST: CellDescription = {
  scenario: 'reclaim',
  targets: 'user',
  initiators: 1,
  cpus: 2,
  nmis: 0,
  walker: 'demand',
};

export type Change = Partial<Omit<Cell, 'strategy' | 'options'>>;

export function cellOf(variant: VariantName, change: Change): Cell {
  const { strategy, options } = VARIANTS[variant];
  return { ...SMALLEST, ...change, strategy, options };
}

/** `clean`, or the first violation as `C1 exposed`. */
export function verdict(
  variant: VariantName,
  change: Change,
  memory: Memory = 'sc',
  options: Partial<CheckOptions> = {},
): string {
  const limits = { maxStates: 20_000_000, ...options };
  const { verdict: found, violation } = checkCellWhole(cellOf(variant, change), memory, limits);
  return violation === undefined ? found : `${violation.contract} ${violation.form}`;
}

const BEYOND = ['C1 exposed', 'C1 used', 'C2 effects', 'C2 late', 'C2 released', 'C7 effects', 'C7 late', 'C7 used'];

/** Every kind of violation that the cell has, what lies behind one included. */
export function everything(variant: VariantName, change: Change, memory: Memory = 'tso'): readonly string[] {
  const cell = cellOf(variant, change);
  const found = explore(cellMachine(cell, memory), { actions: cellActions(cell), expandBeyond: BEYOND });
  if (!found.isComplete) throw new Error('The exploration was cut.');
  return found.violations.map(({ contract, form }) => `${contract} ${form}`).sort();
}
