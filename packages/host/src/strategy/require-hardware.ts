import { type MachineProfile, ShootdownError } from '@shootdown/core';
import type { Manifest } from '@shootdown/plugin';

/**
 * Checks that the machine has what the strategy's manifest requires.
 * @throws ShootdownError MISSING_HARDWARE naming the machine and every missing feature
 */
export function requireHardware(strategy: Manifest<object>, { name, features }: MachineProfile): void {
  const missing = (strategy.requires ?? []).filter((feature) => !features[feature]);
  if (missing.length === 0) return;
  throw new ShootdownError(
    'MISSING_HARDWARE',
    `Strategy '${strategy.name}' needs ${missing.join(' and ')}, which machine '${name}' lacks; ` +
      `choose a machine whose features set ${missing.join(' and ')} to true.`,
    { details: { strategy: strategy.name, machine: name, missing } },
  );
}
