import { ShootdownError } from '@shootdown/core';
import { accountingCases } from './cases/accounting-cases.js';
import { contractCases } from './cases/contract-cases.js';
import { determinismCases } from './cases/determinism-cases.js';
import { generationCases } from './cases/generation-cases.js';
import { inputCases } from './cases/input-cases.js';
import { machineCases } from './cases/machine-cases.js';
import { manifestCases } from './cases/manifest-cases.js';
import { optionsCases } from './cases/options-cases.js';
import { progressCases } from './cases/progress-cases.js';
import { promiseCases } from './cases/promise-cases.js';
import { scaleCases } from './cases/scale-cases.js';
import { stateCases } from './cases/state-cases.js';
import type { ConformanceCase, Tier } from './conformance-case.js';
import { type CaseDefinition, conformanceCase } from './definition.js';
import { type ExplorationSigns, NO_SIGNS } from './exploration-signs.js';
import { type Subject, subjectOf } from './subject.js';

export interface ConformanceOptions {
  /** Options of the strategy. Default: those of its schema. */
  readonly options?: object;
  /** `quick` leaves the full cases out. Default: all cases. */
  readonly tier?: Tier;
  /** How a command line names the strategy, for the commands in messages: a package or a path. Default: its name. */
  readonly specifier?: string;
  /** States of one exploration after which its case ends as CASE_CUT. Default 8 million. */
  readonly maxStates?: number;
  /** Nodes that one program may unfold into before it is refused as UNBOUNDED_PROGRAM. Default 1000, several times what built-in programs take. */
  readonly maxNodes?: number;
  /** Who is told that an exploration goes on. Default: nobody. */
  readonly signs?: ExplorationSigns;
}

const MAX_STATES = 8_000_000;
const MAX_NODES = 1000;

/**
 * What a strategy must do, case by case: `for (const c of conformanceCases(strategy)) test(c.name, c.run)`. Nothing runs before a case is run, and no case
 * needs another one. Of a value that is refused as a strategy only the cases of manifest and options are there, one of which says why.
 */
export function conformanceCases(value: unknown, given: ConformanceOptions = {}): readonly ConformanceCase[] {
  const {
    options = {},
    specifier,
    maxStates = MAX_STATES,
    maxNodes = MAX_NODES,
    tier = 'full',
    signs = NO_SIGNS,
  } = given;
  const first = manifestCases(value, options);
  let subject: Subject;
  try {
    subject = subjectOf(value, options, specifier, { maxStates, maxNodes, ...signs });
  } catch (error) {
    if (error instanceof ShootdownError) return first;
    throw error;
  }
  const rest = definitions(subject).map((definition) => conformanceCase(definition, subject));
  return [...first, ...rest].filter((each) => tier === 'full' || each.tier === 'quick');
}

function definitions(subject: Subject): readonly CaseDefinition[] {
  return [
    ...optionsCases,
    ...inputCases,
    ...determinismCases,
    ...stateCases,
    ...promiseCases(subject),
    ...progressCases(subject),
    ...accountingCases,
    ...machineCases(subject),
    ...scaleCases,
    ...generationCases,
    ...contractCases(subject),
  ];
}
