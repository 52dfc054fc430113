import { type Ending, sequenceText, type Step, unusualAssumptions } from '@shootdown/checker';
import { terminalText, variantKey, variantLabel } from '@shootdown/reporter';
import { alignColumns } from '../output/align.js';
import { wrapped } from '../output/wrap.js';
import { type CheckDocument, type CheckRow, checkVariant, type CounterexampleRecord } from './check-document.js';

const HEAD = ['strategy', 'scenario', 'CPUs', 'initiators', 'targets', 'NMIs', 'assumed', 'memory', 'verdict'];
const COUNTS = ['states', 'moves'];

/** A check's result for a person: the rows, the shortest counterexample of each violated one, and what it all says. */
export function checkText(document: CheckDocument, width: number): string {
  const { rows, cells, claims, strategies } = document;
  const labels = new Map(
    strategies.map((variant) => [variantKey(variant.name, variant.options), variantLabel(variant)]),
  );
  const labelOf = (row: CheckRow): string => labels.get(checkVariant(row)) ?? row.strategy;
  const missing = cells - rows.length;
  return [
    alignColumns([[...HEAD, ...COUNTS], ...rows.map((row) => [labelOf(row), ...rowCells(row)])]),
    ...rows.flatMap((row) => counterexampleLines(row, labelOf(row))),
    ...(missing === 0 ? [] : [`${missing} of ${cells} cells were not begun.`]),
    ...claims.map((claim) => wrapped(terminalText(claim), width)),
  ]
    .map((block) => `${block}\n`)
    .join('\n');
}

/** What a violation is called: `C1 exposed: …`. */
export function endingOf({
  violation,
  onlyUnderTso,
}: Pick<CounterexampleRecord, 'violation' | 'onlyUnderTso'>): Ending {
  const { contract, form, cpu, text } = violation;
  return { cpu, text: `${contract} ${form}${onlyUnderTso ? ' (under TSO only)' : ''}: ${text}` };
}

function rowCells(row: CheckRow): readonly string[] {
  const { bounds } = row;
  return [
    row.scenario,
    String(row.cpus),
    String(bounds.initiators),
    bounds.targets,
    String(bounds.nmis),
    unusualAssumptions(row.assumptions).join(' ') || 'defaults',
    row.memory,
    verdictText(row),
    String(row.states),
    String(row.transitions),
  ];
}

function verdictText(row: CheckRow): string {
  return row.deferred ? `${promptVerdict(row)}, from the release on` : promptVerdict(row);
}

function promptVerdict({ verdict, error, bounds, counterexample }: CheckRow): string {
  if (error !== undefined) return `failed: ${error.code}`;
  if (counterexample !== null) {
    const { contract, form } = counterexample.violation;
    return `UNSAFE ${contract} ${form}${counterexample.onlyUnderTso ? ' (under TSO only)' : ''}`;
  }
  return verdict === 'clean' ? 'no violation within bounds' : `inconclusive (${bounds.cutBy ?? 'cut'})`;
}

function counterexampleLines(row: CheckRow, label: string): readonly string[] {
  const { counterexample, cpus, error } = row;
  if (error !== undefined) return [terminalText(`${label}, ${row.scenario}: ${error.code}: ${error.message}`)];
  if (counterexample === null) return [];
  const title = `${label}, ${row.scenario}, shortest way under ${counterexample.memory}, ${counterexample.moves.length} moves in ${counterexample.steps.length} steps:`;
  return [[title, ...sequenceText(stepsOfRecord(counterexample), cpus, endingOf(counterexample))].join('\n')];
}

/** The saved steps again with their moves. */
export function stepsOfRecord(counterexample: CounterexampleRecord): readonly Step[] {
  return counterexample.steps.map((step) => stepOf(step, counterexample));
}

function stepOf(
  { number, cpu, span, inner, moves }: CounterexampleRecord['steps'][number],
  { steps, moves: choices }: CounterexampleRecord,
): Step {
  const first = steps.slice(0, number - 1).reduce((sum, step) => sum + step.moves.length, 0);
  return {
    number,
    cpu,
    span,
    inner,
    moves: moves.map((text, index) => ({
      cpu,
      text,
      programs: [],
      move: choices[first + index]?.[1] ?? 0,
      choice: 0,
      value: 0,
    })),
  };
}
