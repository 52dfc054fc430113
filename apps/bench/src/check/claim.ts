import { ASSUMPTION_NAMES, type AssumptionName, assumptionText } from '@shootdown/scenarios';
import { type StrategyVariant, variantKey, variantLabel } from '@shootdown/reporter';
import { type CheckRow, checkVariant } from './check-document.js';

/** Contracts whose monitors judge every move. */
const JUDGED = 'C1, C2, C3, C4, C5, C7, C8, C9 and C10';
/** Assumptions that say nothing where no NMI arrives. */
const ABOUT_NMIS: readonly AssumptionName[] = ['nmi', 'uaccessGuard'];

/**
 * What the rows of each strategy say, with everything the statement depends on. The searches are exhaustive within their
 * bounds and say nothing outside them, so none of the words used claims more.
 */
export function claimTexts(
  rows: readonly CheckRow[],
  variants: readonly StrategyVariant[],
  version: string,
): readonly string[] {
  return variants.flatMap((variant) => {
    const own = rows.filter((row) => checkVariant(row) === variantKey(variant.name, variant.options));
    const [first] = own;
    return first === undefined ? [] : [claim(variantLabel(variant), own, first, version)];
  });
}

function claim(name: string, rows: readonly CheckRow[], first: CheckRow, version: string): string {
  const explored = rows.filter(({ error }) => error === undefined);
  return [
    `${name}, version ${version}: ${verdicts(rows)}.`,
    `Explored: ${distinct(explored.map(({ scenario }) => scenario))}; targets ${distinct(explored.map(({ bounds }) => bounds.targets))}; CPUs up to ${most(explored, (row) => row.cpus)}, initiators up to ${most(explored, ({ bounds }) => bounds.initiators)}, one flush each, of one page; NMIs in the machine up to ${most(explored, ({ bounds }) => bounds.nmis)}; user accesses and preemptions without bound.`,
    `Machine: ${machine(explored, first)}.`,
    `Search: breadth first, ${reductions(first)}, exact states; ${total(explored, (row) => row.states)} states and ${total(explored, (row) => row.transitions)} transitions in the explorations that decided; ${cut(explored)} cut by a limit.`,
    `Judged: ${JUDGED} at every move; C6 on each graph that was explored to its end: from every state the end of every operation can be reached by ops, drains, deliveries, interrupts and demanded walks alone.`,
    `Assumed: ${assumptions(explored)}.`,
    'It says nothing about hardware beyond this model, and nothing about compiled code.',
  ].join(' ');
}

function verdicts(rows: readonly CheckRow[]): string {
  const count = (verdict: CheckRow['verdict']): number => rows.filter((row) => row.verdict === verdict).length;
  const violated = distinct(rows.flatMap(({ contract }) => (contract === null ? [] : [contract])));
  return [
    `no violation within bounds in ${count('clean')} of ${rows.length} cells`,
    `${count('violated')} violated${violated === '' ? '' : ` (${violated})`}`,
    `${count('inconclusive')} inconclusive`,
  ].join(', ');
}

function reductions({ bounds }: CheckRow): string {
  if (bounds.reductions.length === 0) return 'no reduction';
  return `reductions ${bounds.reductions.join(', ')}, which leave verdicts as they are`;
}

/** A deeper store buffer might show more only where one was full. */
function buffers(rows: readonly CheckRow[], { memory, bounds }: CheckRow): string {
  if (memory === 'sc') return 'sequentially consistent';
  const met = rows.filter((row) => row.bounds.metFullBuffer).length;
  return `x86-TSO, store buffers of ${bounds.storeBufferDepth} (full in ${met} of ${rows.length} cells)`;
}

function machine(rows: readonly CheckRow[], first: CheckRow): string {
  const { bounds } = first;
  const walker =
    bounds.walker === 'demand'
      ? 'walks on demand only, no evictions'
      : `walks of the page at any time, its entries may vanish at any time${bounds.walker === 'saturated' ? ' (kept as sets)' : ''}`;
  return `${buffers(rows, first)}, paging-structure caches, ${walker}, ${bounds.tableLevels} table levels of ${bounds.entriesPerTable} entries, a PTI-free kernel`;
}

/** Every assumption with the values that the rows had, and the strategy's own. Without an NMI it does not matter what one would do. */
function assumptions(rows: readonly CheckRow[]): string {
  const withNmi = rows.filter(({ bounds }) => bounds.nmis > 0);
  const texts = ASSUMPTION_NAMES.flatMap((name) => {
    const relevant = ABOUT_NMIS.includes(name) ? withNmi : rows;
    return [...new Set(relevant.map((row) => assumptionText(name, row.assumptions[name])))];
  });
  return [
    ...(withNmi.length === 0 ? ['no NMI arrives'] : []),
    ...texts,
    ...new Set(rows.flatMap(({ ownAssumptions }) => Object.entries(ownAssumptions).map(ownText))),
    'INVLPG drops paging-structure entries of its address',
  ].join('; ');
}

/** `between two ticks … (ticks-in-step, which the strategy names)`: the statement as a clause. */
function ownText([name, statement]: readonly [string, string]): string {
  const clause = `${statement.charAt(0).toLowerCase()}${statement.slice(1)}`.replace(/\.$/, '');
  return `${clause} (${name}, which the strategy names)`;
}

function distinct(texts: readonly string[]): string {
  return [...new Set(texts)].join(', ');
}

function most(rows: readonly CheckRow[], of: (row: CheckRow) => number): number {
  return Math.max(0, ...rows.map(of));
}

function total(rows: readonly CheckRow[], of: (row: CheckRow) => number): number {
  return rows.reduce((sum, row) => sum + of(row), 0);
}

function cut(rows: readonly CheckRow[]): number {
  return rows.filter(({ bounds }) => bounds.cutBy !== null).length;
}
