import { readFileSync } from 'node:fs';

/** @type {Record<string, number>} */
const table = JSON.parse(readFileSync(new URL('../layers.json', import.meta.url), 'utf8'));

/** The private collection of deliberately wrong strategies may build on the right ones. */
const mayUseStrategies = new Set(['@shootdown/zoo', '@shootdown/tests', 'shootdown']);

const isStrategy = (/** @type {string} */ name) => name.startsWith('@shootdown/strategy-');

/**
 * The layer of a workspace package; undefined for a name that `layers.json` does not place.
 *
 * @param {string} name
 * @returns {number | undefined}
 */
export function layerOf(name) {
  return table[isStrategy(name) ? '@shootdown/strategy-*' : name];
}

/**
 * Why package `from` must not use package `to`; undefined when it may.
 *
 * @param {string} from
 * @param {string} to
 * @returns {string | undefined}
 */
export function objection(from, to) {
  const lower = layerOf(to);
  const upper = layerOf(from);
  if (upper === undefined) return `${from} has no layer: place it in scripts/layers.json`;
  if (lower === undefined) return `${to} has no layer: place it in scripts/layers.json`;
  if (lower >= upper) return `${from} (layer ${upper}) uses ${to} (layer ${lower}): only lower layers may be used`;
  if (isStrategy(to) && !mayUseStrategies.has(from))
    return `${from} uses ${to}: nothing below the comparer names a strategy`;
  return undefined;
}
