import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ShootdownError } from '@shootdown/core';

/** Names that a configuration may have in the folder in which the command is run. */
export const CONFIG_FILES = [
  'shootdown.config.ts',
  'shootdown.config.js',
  'shootdown.config.mjs',
  'shootdown.config.json',
] as const;

/**
 * The configuration of a folder, if it has one.
 * @throws ShootdownError INVALID_CONFIG when it has several
 */
export function configFile(directory: string): string | undefined {
  const [found, other] = CONFIG_FILES.filter((name) => existsSync(join(directory, name)));
  if (other === undefined) return found;
  const text = `There is both ${found} and ${other}. Keep one, or name one with --config.`;
  throw new ShootdownError('INVALID_CONFIG', text, { details: { found: [String(found), other] } });
}
