import { ShootdownError } from '@shootdown/core';
import { byCodeUnit } from '../document/json.js';
import type { ResultDocument } from '../result.js';

/** Keys of the document in reading order. Any other key follows, in order of code units. */
const READING_ORDER: readonly string[] = [
  ...['schemaVersion', 'manifest', 'machine', 'scenario', 'rows'],
  ...['tool', 'packages', 'configuration', 'seed', 'commandLine', 'host'],
  ...['name', 'version', 'given', 'summary', 'cpuCount', 'clockMhz', 'hash', 'parameters'],
  ...['strategies', 'strategy', 'options', 'threads', 'pages', 'iterations', 'status', 'samples', 'ns', 'cycles'],
  ...['mean', 'median', 'p90', 'p99', 'max', 'stddev'],
  ...['change', 'ipisPerOp', 'phases', 'counters', 'safety', 'published', 'error'],
  ...['verdict', 'deferred', 'schedules', 'violations', 'contract', 'form', 'cpu'],
  ...['value', 'unit', 'low', 'high', 'source', 'note', 'band', 'role', 'series', 'sources', 'code', 'message'],
];

const RANK: ReadonlyMap<string, number> = new Map(READING_ORDER.map((key, i) => [key, i]));

/** Objects whose keys are in an order that means something and is kept: phases stand in order of execution. */
const KEPT_ORDER: ReadonlySet<string> = new Set(['phases']);

/**
 * The document as JSON with a trailing newline. The bytes do not depend on the order in which the document was put together.
 * @throws ShootdownError INTERNAL when a number is not finite, which JSON cannot state
 */
export function renderJson(document: ResultDocument): string {
  return `${JSON.stringify(ordered('document', document), null, 2)}\n`;
}

function ordered(place: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new ShootdownError('INTERNAL', `The result holds ${value} at ${place}; a result holds finite numbers only.`);
  }
  if (Array.isArray(value)) return value.map((item, i) => ordered(`${place}[${i}]`, item));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value);
  const lastKey = place.slice(place.lastIndexOf('.') + 1);
  if (!KEPT_ORDER.has(lastKey)) entries.sort(([a], [b]) => byRank(a, b));
  return Object.fromEntries(entries.map(([key, item]) => [key, ordered(`${place}.${key}`, item)]));
}

function byRank(a: string, b: string): number {
  const last = READING_ORDER.length;
  return (RANK.get(a) ?? last) - (RANK.get(b) ?? last) || byCodeUnit(a, b);
}
