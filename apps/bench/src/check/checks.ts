import type { Registry } from '@shootdown/host';
import type { Strategy } from '@shootdown/plugin';
import type { RunExplain } from '../explain/explain-request.js';
import { makeRunExplain } from '../explain/run-explain.js';
import type { RunCheck } from './check-request.js';
import { makeReplay, type Replay } from '../replay/replay-counterexample.js';
import { makeRunCheck } from './run-check.js';

/** What the command line needs of the exploring driver. */
export interface Checks {
  readonly runCheck: RunCheck;
  readonly runExplain: RunExplain;
  readonly replay: Replay;
  /** A strategy by a name that the laboratory lists. */
  readonly strategy: (name: string) => Strategy;
}

export function makeChecks(registry: Registry): Checks {
  return {
    runCheck: makeRunCheck(registry),
    runExplain: makeRunExplain(registry),
    replay: makeReplay(registry),
    strategy: registry.find,
  };
}
