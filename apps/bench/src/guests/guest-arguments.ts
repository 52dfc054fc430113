import type { ArgsDef } from 'citty';
import { shellText } from '../arguments/command-line.js';
import { wholeNumber } from '../arguments/numbers.js';
import type { ReadArguments } from '../arguments/read-arguments.js';

/** Seconds in which a strategy that is not the laboratory's must yield or return. */
const DEFAULT_SECONDS = '10';

/** Options of every command that takes strategies which the laboratory does not have. */
export const GUEST_ARGUMENTS: ArgsDef = {
  config: {
    type: 'string',
    valueHint: 'FILE',
    description: 'Configuration (Default: shootdown.config.{ts,js,mjs,json} here)',
  },
  'plugin-seconds': {
    type: 'string',
    valueHint: 'S',
    default: DEFAULT_SECONDS,
    description: 'Seconds in which a strategy given by path, package or configuration must yield, else it is ended',
  },
};

/** @throws ShootdownError INVALID_ARGUMENT */
export function limitSeconds(given: ReadArguments, definition: ArgsDef): number {
  const byDefault = String(definition['plugin-seconds']?.default ?? DEFAULT_SECONDS);
  return wholeNumber('--plugin-seconds', given.one('plugin-seconds') ?? byDefault, 1);
}

/** The words that a repeated command needs to meet the same guests on the same terms. */
export function guestWords(given: ReadArguments): string {
  const words = ['config', 'plugin-seconds'].flatMap((name) => {
    const value = given.one(name);
    return value === undefined || (name === 'plugin-seconds' && value === DEFAULT_SECONDS) ? [] : [`--${name}`, value];
  });
  return words.length === 0 ? '' : ` ${shellText(words)}`;
}
