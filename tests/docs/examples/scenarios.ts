import { findScenario, type Scenario } from '@shootdown/scenarios';

/** The benchmark of the thread with a reading touch and four pages a call. */
export const reading: Scenario = { ...findScenario('madvise'), name: 'madvise-read', touch: 'read', pages: 4 };
