import { sequenceText } from '@shootdown/checker';
import { terminalText } from '@shootdown/reporter';
import { endingOf, stepsOfRecord } from '../check/check-text.js';
import { alignColumns } from '../output/align.js';
import { wrapped } from '../output/wrap.js';
import type { AssumptionRecord, BaseRecord, ExplainDocument } from './explain-document.js';
import { FINDINGS, type Finding } from './finding.js';

const TITLES: Readonly<Record<Finding, string>> = {
  loadBearing: 'Load-bearing: without it the contract is violated',
  repairs: 'Violated as it is, and not when more is assumed',
  violatedAnyway: 'Violated with the assumption too',
  doesNotRepair: 'Violated as it is, and also when more is assumed',
  notLoadBearing: 'Not load-bearing within these bounds: no violation without it',
  notExercised: 'Not exercised: the switch changed no reachable state, so this says nothing about it',
  inconclusive: 'Inconclusive: a limit cut a cell that would have decided',
};

/** An explanation for a person: findings in the order of their weight, each load-bearing one with its counterexample. */
export function explainText(document: ExplainDocument, width: number): string {
  const { assumptions, planned, claim, base } = document;
  return [
    baseText(base),
    ...FINDINGS.flatMap((finding) => sectionOf(finding, assumptions, document.cpus)),
    ...(assumptions.length === 0 ? [`None of ${planned} assumptions was judged.`] : []),
    wrapped(terminalText(claim), width),
  ]
    .map((block) => `${block}\n`)
    .join('\n');
}

function baseText(base: readonly BaseRecord[]): string {
  const head = ['scenario', 'targets', 'NMIs', 'verdict', 'memory', 'states', 'moves'];
  const lines = base.map(({ scenario, targets, nmis, verdict, contract, memory, states, transitions }) => [
    scenario,
    targets,
    String(nmis),
    verdictText(verdict, contract),
    memory,
    String(states),
    String(transitions),
  ]);
  return `With every assumption at its default:\n${alignColumns([head, ...lines])}`;
}

function verdictText(verdict: string, contract: string | null): string {
  if (verdict === 'clean') return 'no violation within bounds';
  return contract === null ? verdict : `UNSAFE ${contract}`;
}

function sectionOf(finding: Finding, assumptions: readonly AssumptionRecord[], cpus: number): readonly string[] {
  const own = assumptions.filter((each) => each.finding === finding);
  if (own.length === 0) return [];
  const texts = own.map((each) => recordText(each, cpus));
  const isList = finding === 'notLoadBearing' || finding === 'notExercised';
  return isList ? [[TITLES[finding], ...texts.map((text) => `  ${text}`)].join('\n')] : [TITLES[finding], ...texts];
}

function recordText(record: AssumptionRecord, cpus: number): string {
  const { assumption, from, to, assumed, instead, reason, counterexample, finding } = record;
  if (finding === 'notLoadBearing' || finding === 'notExercised')
    return terminalText(`${assumption}: ${from} → ${to}: ${instead} (${reason ?? `${record.cells.length} cells`})`);
  const lines = [
    `${assumption}: ${from} → ${to}`,
    `  assumed: ${assumed}`,
    `  instead: ${instead}`,
    `  ${cellsText(record)}${reason === null ? '' : `; ${reason}`}`,
  ].map(terminalText);
  if (counterexample === null) return lines.join('\n');
  const { cell, moves, steps, memory } = counterexample;
  const title = `  shortest: ${cell.scenario}, targets ${cell.targets}, ${moves.length} moves in ${steps.length} steps under ${memory}`;
  return [...lines, title, ...sequenceText(stepsOfRecord(counterexample), cpus, endingOf(counterexample))].join('\n');
}

function cellsText({ cells }: AssumptionRecord): string {
  const violated = cells.filter(({ verdict }) => verdict === 'violated');
  if (violated.length === 0) return `violated in none of ${cells.length} cells`;
  const contracts = [...new Set(violated.map(({ contract }) => contract))].join(', ');
  return `violated in ${violated.length} of ${cells.length} cells (${contracts}): ${placesText(violated)}`;
}

/** `unmap, remap (lazy, switching)` for each set of target states. */
function placesText(cells: AssumptionRecord['cells']): string {
  const scenarios = new Map<string, string[]>();
  for (const { scenario, targets } of cells) scenarios.set(scenario, [...(scenarios.get(scenario) ?? []), targets]);
  const byTargets = new Map<string, string[]>();
  for (const [scenario, targets] of scenarios)
    byTargets.set(targets.join(', '), [...(byTargets.get(targets.join(', ')) ?? []), scenario]);
  return [...byTargets].map(([targets, names]) => `${names.join(', ')} with targets ${targets}`).join('; ');
}
