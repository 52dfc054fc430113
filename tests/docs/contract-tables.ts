import { CONTRACTS } from '@shootdown/safety';
import { ASSUMPTION_NAMES, ASSUMPTIONS } from '@shootdown/scenarios';
import type { AssumptionRecord, ExplainDocument, Finding } from 'shootdown';
import { sequenceText, TARGET_STATES } from '@shootdown/checker';
import { endingOf, stepsOfRecord } from '../../apps/bench/src/check/check-text.js';
import type { VariantName } from '../analysis/verdict.js';
import { guardRows } from './guard-table.js';

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(row)].join('\n');

/** C1 to C10 as they are judged. */
export function contractTable(): string {
  return table(
    ['', 'statement', 'source'],
    Object.entries(CONTRACTS).map(([id, { title, statement, source }]) => [`**${id}** ${title}`, statement, source]),
  );
}

/** Every assumption with its values, the default in bold. */
export function assumptionTable(): string {
  return table(
    ['assumption', 'value', 'what it says of the world', 'source'],
    ASSUMPTION_NAMES.flatMap((name) => {
      const { values, default: usual, source, title } = ASSUMPTIONS[name];
      return Object.entries(values).map(([value, text], index) => [
        index === 0 ? `\`${name}\`: ${title}` : '',
        value === usual ? `**\`${value}\`**` : `\`${value}\``,
        text,
        index === 0 ? source : '',
      ]);
    }),
  );
}

const FINDINGS: Readonly<Record<Finding, string>> = {
  loadBearing: '**load-bearing**',
  repairs: 'repairs it',
  violatedAnyway: 'violated anyway',
  doesNotRepair: 'does not repair it',
  notLoadBearing: 'not load-bearing within bounds',
  notExercised: 'not exercised',
  inconclusive: 'inconclusive',
};

/** What one strategy's safety rests on: the conditions as sentences, then every flip with what it did. */
export function restsOn({ assumptions }: ExplainDocument): string {
  const conditions = assumptions.filter(({ finding }) => finding === 'loadBearing').map(({ assumed }) => assumed);
  return [
    ...[...new Set(conditions)].map((text) => `- ${text};`),
    '',
    table(
      ['given up', 'finding', 'violated', 'shortest counterexample'],
      assumptions.map((record) => [
        `\`${record.assumption}\`: ${record.from} → ${record.to}`,
        FINDINGS[record.finding],
        violatedText(record),
        shortestText(record),
      ]),
    ),
  ].join('\n');
}

/** `C1 with targets lazy, switching`. */
function violatedText({ cells, reason }: AssumptionRecord): string {
  if (reason !== null) return reason;
  const broken = cells.filter(({ verdict, baseVerdict }) => verdict === 'violated' && baseVerdict === 'clean');
  if (broken.length === 0) return `in none of ${cells.length} cells`;
  const contracts = [...new Set(broken.map(({ contract }) => contract))].join(', ');
  const targets = TARGET_STATES.filter((state) => broken.some((cell) => cell.targets === state));
  return `${contracts} in ${broken.length} of ${cells.length} cells: targets ${targets.join(', ')}`;
}

function shortestText({ counterexample }: AssumptionRecord): string {
  if (counterexample === null) return '';
  const { cell, moves, steps } = counterexample;
  return `${cell.scenario}, ${cell.targets}: ${moves.length} moves in ${steps.length} steps`;
}

/** The shortest counterexample of one flip as a sequence. */
export function counterexampleOf({ assumptions, cpus }: ExplainDocument, assumption: string, to: string): string {
  const found = assumptions.find((record) => record.assumption === assumption && record.to === to)?.counterexample;
  if (found === undefined || found === null) throw new Error(`${assumption}=${to} has no counterexample.`);
  return sequenceText(stepsOfRecord(found), cpus, endingOf(found)).join('\n');
}

/** What an NMI that asks finds with each form of the guard. */
export function guardTable(variants: readonly VariantName[], titles: readonly string[]): string {
  const all = variants.map(guardRows);
  const [first = []] = all;
  const head = [
    '`uaccessGuard`',
    '`switchOrder`',
    ...titles.flatMap((title) => TARGET_STATES.map((state) => `${title}, ${state}`)),
  ];
  return table(
    head,
    first.map(({ form }, index) => [
      form.uaccessGuard,
      form.switchOrder,
      ...all.flatMap((rows) =>
        (rows[index]?.verdicts ?? []).map((found) => (found === 'clean' ? '–' : found.slice(0, 2))),
      ),
    ]),
  );
}
