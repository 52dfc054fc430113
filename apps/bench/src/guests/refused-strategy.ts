import { ShootdownError } from '@shootdown/core';
import { API_VERSION, STRATEGY_BRAND, type Manifest, type Strategy } from '@shootdown/plugin';
import { failedRow } from '../check/check-row.js';
import { failedCell } from '../comparison/run-cell.js';
import type { GuestRunner, GuestStrategy } from './guests.js';

/** A strategy that could not be loaded, under the name that the user gave it: all its rows say why. */
export function refusedStrategy(name: string, error: ShootdownError): GuestStrategy {
  return { strategy: bodiless(unknownManifest(name)), runner: refusing(error), refusal: error };
}

/** A strategy whose code is not here. */
export function bodiless(manifest: Manifest<object>): Strategy {
  const create = (): never => {
    throw new ShootdownError('INTERNAL', `The code of strategy '${manifest.name}' is in its thread.`);
  };
  return { ...manifest, [STRATEGY_BRAND]: API_VERSION, create };
}

/** Nothing is known of its options, so any are let through to the rows. */
function unknownManifest(name: string): Manifest<object> {
  const optionsSchema = { type: 'object' };
  return { apiVersion: API_VERSION, name, title: name, summary: 'could not be loaded', references: [], optionsSchema };
}

function refusing(error: ShootdownError): GuestRunner {
  return {
    runCell: async (plan) => failedCell(plan, error),
    startCell: (cell, request) => {
      const row = failedRow(cell, request, error);
      return { toEnd: async () => row, row: () => row };
    },
    runExplain: () => {
      throw error;
    },
    replay: () => Promise.reject(error),
  };
}
