import type { OkRow, ResultDocument } from '../result.js';
import { formatPercent } from '../text/numbers.js';
import { seenNothing } from './unsafe.js';
import { counted, distinct, type Variant } from './variants.js';

/** The sentences under the tables: what was seen, what failed, what the columns mean, and what the numbers are not. */
export function footLines(document: ResultDocument, variants: readonly Variant[]): string[] {
  const ranked = variants.filter(({ isUnsafe }) => !isUnsafe);
  return [
    ...cleanLines(ranked),
    ...deferredLines(variants),
    ...failureLines(variants),
    ...legendLines(ranked),
    ...quoteLines(document, ranked),
    ...sourceLines(document),
  ];
}

function measuredRows({ rows }: Variant): OkRow[] {
  return rows.filter((row) => row.status === 'ok');
}

function cleanLines(ranked: readonly Variant[]): string[] {
  const seen = ranked.flatMap((variant) => {
    const rows = measuredRows(variant);
    return rows.length === 0 ? [] : [{ label: variant.label, text: leastSeen(rows) }];
  });
  return distinct(seen.map(({ text }) => text)).map(
    (text) =>
      `${seen
        .filter((item) => item.text === text)
        .map(({ label }) => label)
        .join(', ')}: ${text}`,
  );
}

function leastSeen(rows: readonly OkRow[]): string {
  const schedules = Math.min(...rows.map(({ safety }) => safety.schedules ?? 1));
  return seenNothing({ verdict: 'clean', schedules, violations: [] });
}

function deferredLines(variants: readonly Variant[]): string[] {
  return variants.flatMap((variant) => {
    const kinds = distinct(measuredRows(variant).flatMap(({ safety }) => safety.deferred ?? []));
    return kinds.length === 0
      ? []
      : [`${variant.label}: deferred, the guarantee for ${kinds.join(', ')} holds from release, not from return`];
  });
}

function failureLines(variants: readonly Variant[]): string[] {
  return variants.flatMap(({ label, rows }) =>
    rows.flatMap((row) => {
      if (row.status === 'ok') return [];
      const place = `${counted(row.threads, 'thread')}, ${counted(row.pages, 'page')}`;
      return [`${label}, ${place}: failed with ${row.error.code}: ${row.error.message}`];
    }),
  );
}

function legendLines(ranked: readonly Variant[]): string[] {
  const published = ranked.flatMap(({ rows }) =>
    rows.flatMap((row) => (row.published === null ? [] : [row.published])),
  );
  if (published.length === 0) return [];
  const lines = ['published: value in the publication, error of the simulation against it'];
  if (published.some(({ band }) => band !== undefined)) {
    lines.push('[low..high]: 5th to 95th percentile of the simulated mean when the priors are drawn from their ranges');
  }
  if (published.some(({ role }) => role === 'fitted')) {
    lines.push(
      'fitted: parameters were solved from this cell, so its error is no evidence; every other cell is a prediction',
    );
  }
  return lines;
}

/** The sentence a person quotes: the best clean variant at the largest number of threads. */
function quoteLines({ scenario }: ResultDocument, ranked: readonly Variant[]): string[] {
  const [reference] = ranked;
  const threads = Math.max(...ranked.flatMap(({ rows }) => rows.map((row) => row.threads)));
  const best = ranked
    .flatMap(({ label, rows }) => rows.map((row) => ({ label, row })))
    .filter(({ row }) => row.threads === threads && (row.change ?? 0) < 0)
    .sort((a, b) => (a.row.change ?? 0) - (b.row.change ?? 0))[0];
  if (reference === undefined || best === undefined) return [];
  const { label, row } = best;
  const place = `${scenario.name} (${counted(row.pages, 'page')}, ${counted(threads, 'thread')})`;
  const percent = formatPercent(-(row.change ?? 0)).replace('+', '');
  return [`${label} completed ${place} in ${percent} less time than ${reference.label}`];
}

function sourceLines({ machine, scenario, manifest }: ResultDocument): string[] {
  const { iterations } = manifest.configuration;
  return [
    `machine ${machine.name}: ${machine.summary} (${counted(machine.cpuCount, 'CPU')}, ${machine.clockMhz} MHz)`,
    `scenario ${scenario.name}: ${scenario.summary} (${counted(iterations, 'iteration')}, seed ${manifest.seed})`,
    `simulated on profile ${machine.name}; not a measurement of hardware`,
  ];
}
