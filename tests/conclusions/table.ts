import type { Change, Gain } from './gains.js';
import type { Series } from './cells.js';

const signed = (value: number, digits: number): string => value.toFixed(digits).replace('-', '−');
const cell = ({ percent, ns }: Change): string => `${signed(percent, 1)} % (${signed(ns, 0)} ns)`;

/** A series as a Markdown table; `first` names what varies. */
export function table(first: string, series: Series): string {
  const rows = [...series].map(
    ([value, gain]) =>
      `| ${value} | ${gain.beforeNs.toFixed(0)} | ${cell(gain.concurrent)} | ${cell(gain.early)} | ${cell(gain.earlyOverConcurrent)} |`,
  );
  return [
    `| ${first} | before, ns | concurrent | async-inline | async-inline over concurrent |`,
    '|---:|---:|---:|---:|---:|',
    ...rows,
  ].join('\n');
}

/** The phases that take time, in nanoseconds per operation. */
export function phaseTable({ phasesNs }: Gain): string {
  const [before = {}, concurrent = {}, early = {}] = phasesNs;
  const rows = Object.keys(before)
    .map((phase) => [phase, ...[before, concurrent, early].map((of) => (of[phase] ?? 0).toFixed(0))])
    .filter(([, ...values]) => values.some((value) => value !== '0'));
  return [
    '| phase, ns | before | concurrent | async-inline |',
    '|---|---:|---:|---:|',
    ...rows.map((row) => `| ${row.join(' | ')} |`),
  ].join('\n');
}
