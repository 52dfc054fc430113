import { type ErrorCode, ShootdownError } from '@shootdown/core';
import type { Kind, Laboratory } from './laboratory.js';
import { suggestion } from '@shootdown/host';

const CODES: Readonly<Record<Kind, ErrorCode>> = {
  strategy: 'UNKNOWN_STRATEGY',
  scenario: 'UNKNOWN_SCENARIO',
  machine: 'UNKNOWN_MACHINE',
};

/**
 * Makes sure that the laboratory knows a name.
 * @throws ShootdownError UNKNOWN_STRATEGY, UNKNOWN_SCENARIO or UNKNOWN_MACHINE with the nearest name
 */
export function checkName(laboratory: Laboratory, kind: Kind, name: string): string {
  const known = laboratory.list(kind).map((entry) => entry.name);
  if (known.includes(name)) return name;
  throw new ShootdownError(CODES[kind], `No ${kind} is named "${name}".${suggestion(name, known)}`);
}
