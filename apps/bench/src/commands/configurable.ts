import type { ArgsDef } from 'citty';
import type { CommandOptions } from '@shootdown/host';
import { CHECK_ARGUMENTS } from './check-arguments.js';
import { COMPARE_ARGUMENTS } from './compare-arguments.js';
import { EXPLAIN_ARGUMENTS } from './explain-arguments.js';

/** Options whose defaults a configuration may state, by command. */
export const CONFIGURABLE: CommandOptions = {
  check: optionsOf(CHECK_ARGUMENTS),
  compare: optionsOf(COMPARE_ARGUMENTS),
  explain: optionsOf(EXPLAIN_ARGUMENTS),
};

function optionsOf(definition: ArgsDef): readonly string[] {
  return Object.keys(definition).filter((name) => name !== 'config' && definition[name]?.type !== 'positional');
}
