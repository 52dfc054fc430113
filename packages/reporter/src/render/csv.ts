import { stringify } from 'csv-stringify/sync';
import { canonicalJson } from '../document/json.js';
import type { OkRow, ResultDocument, ResultRow, RowCounters } from '../result.js';
import { violationText } from '../report/unsafe.js';
import { distinct } from '../report/variants.js';
import { terminalText } from '../text/escape.js';

type CsvValue = string | number | null;
type Line = Readonly<Record<string, CsvValue>>;

/**
 * One line for each row. Units are in the column names; phases and counters have a column each, empty where a row lacks them.
 * A text that a spreadsheet would take for a formula is preceded by an apostrophe.
 */
export function renderCsv({ rows }: ResultDocument): string {
  const measured = rows.filter((row) => row.status === 'ok');
  const phases = distinct(measured.flatMap((row) => Object.keys(row.phases)));
  const counters = distinct(measured.flatMap((row) => Object.keys(row.counters)));
  const lines = rows.map(
    (row): Line => ({
      ...keyFields(row),
      ...timeFields(row),
      ...Object.fromEntries(phases.map((name) => [`phase_${snakeCase(name)}_ns`, row.phases?.[name] ?? null])),
      ...Object.fromEntries(counters.map((name) => [snakeCase(name), counterOf(row.counters, name)])),
      ...verdictFields(row),
    }),
  );
  return stringify(lines, { header: true, record_delimiter: '\n', escape_formulas: true });
}

/** `ackWaitNs` as `ack_wait_ns`: the form of all column names. */
function snakeCase(name: string): string {
  return terminalText(name).replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function counterOf(counters: RowCounters | null, name: string): number | null {
  return counters?.[name] ?? null;
}

function keyFields({ strategy, options, threads, pages, status, samples }: ResultRow): Line {
  const text = { strategy: terminalText(strategy), options: terminalText(canonicalJson(options)) };
  return { ...text, threads, pages, status, samples };
}

function timeFields({ ns, cycles, change, ipisPerOp }: ResultRow): Line {
  return {
    ns_mean: ns?.mean ?? null,
    ns_median: ns?.median ?? null,
    ns_p90: ns?.p90 ?? null,
    ns_p99: ns?.p99 ?? null,
    ns_max: ns?.max ?? null,
    ns_stddev: ns?.stddev ?? null,
    cycles_mean: cycles?.mean ?? null,
    change,
    ipis_per_op: ipisPerOp,
  };
}

function verdictFields(row: ResultRow): Line {
  const { published } = row;
  return {
    verdict: row.safety?.verdict ?? null,
    violations: row.status === 'ok' ? violationsOf(row) : null,
    published_ns: published?.ns ?? null,
    published_error: published?.error ?? null,
    published_band_low_ns: published?.band?.[0] ?? null,
    published_band_high_ns: published?.band?.[1] ?? null,
    published_role: published?.role ?? null,
    error: row.status === 'failed' ? terminalText(`${row.error.code}: ${row.error.message}`) : null,
  };
}

function violationsOf({ safety }: OkRow): string {
  return terminalText(safety.violations.map(violationText).join('; '));
}
