import { machineProfile } from '@shootdown/core';
import { findScenario } from '@shootdown/scenarios';
import { scenarioWorkload, timedRun, type TimedResult } from '@shootdown/simulator';
import strategy from './one-by-one.js';

const profile = machineProfile('haswell');
const scenario = findScenario('madvise');
const cell = { profile, scenario, strategy, options: {}, threads: 4, pages: 1, operations: 220 };
const limits = { maxTimePs: 1e12, maxOps: 1e7 };

/** `meanNs`, `phasesNs`, `violations` and more of 200 operations, after 20 for warm-up. */
export const result: TimedResult = timedRun(scenarioWorkload(cell), profile, { seed: 1, warmUp: 20, limits });
