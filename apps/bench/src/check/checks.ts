import type { Registry } from '@shootdown/host';
import type { RunCheck } from './check-request.js';
import { makeReplay, type Replay } from './replay-counterexample.js';
import { makeRunCheck } from './run-check.js';

/** What the command line needs of the exploring driver. */
export interface Checks {
  readonly runCheck: RunCheck;
  readonly replay: Replay;
}

export function makeChecks(registry: Registry): Checks {
  return { runCheck: makeRunCheck(registry), replay: makeReplay(registry) };
}
