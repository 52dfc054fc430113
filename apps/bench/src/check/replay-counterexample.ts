import {
  type Cell,
  cellMachine,
  type Counterexample,
  counterexampleSchema,
  retrace,
  type TraceStep,
} from '@shootdown/checker';
import { type Machine, ShootdownError } from '@shootdown/core';
import { documentValidator, type Registry, resolveOptions } from '@shootdown/host';
import type { JsonValue } from '@shootdown/reporter';
import { packageVersion } from '../version.js';
import { modelHash } from './counterexample-record.js';

/** A counterexample that has been executed again. */
export interface ReplayedCounterexample {
  readonly counterexample: Counterexample;
  readonly trace: readonly TraceStep[];
}

/**
 * Executes a saved counterexample again, with the strategy's programs themselves.
 *
 * @throws ShootdownError INVALID_COUNTEREXAMPLE when it fails its schema; OTHER_VERSION when it was found on another model;
 * REPLAY_MISMATCH when a move is not enabled, answers something else, or the violation is missing
 */
export type Replay = (content: JsonValue, place: string) => ReplayedCounterexample;

const validate = documentValidator<Counterexample>({
  noun: 'counterexample',
  whole: 'the counterexample',
  code: 'INVALID_COUNTEREXAMPLE',
  schema: counterexampleSchema,
  problems: () => [],
});

/** See `Replay`, with these strategies. */
export function makeReplay(registry: Registry): Replay {
  return (content, place) => {
    const counterexample = validate(content, place);
    const strategy = registry.find(counterexample.strategy);
    const cell = { ...counterexample.cell, strategy, options: resolveOptions(strategy, counterexample.options) };
    checkModel(counterexample, cell, place);
    const machine = cellMachine(cell, counterexample.memory)();
    const trace = retrace(machine, counterexample.moves);
    checkViolation(counterexample, machine, place);
    return { counterexample, trace };
  };
}

function checkModel({ version, model, memory }: Counterexample, cell: Cell, place: string): void {
  const here = modelHash(cell, memory);
  if (here === model) return;
  throw new ShootdownError(
    'OTHER_VERSION',
    `${place} was found by version ${version} on model ${model.slice(0, 12)}; this is version ${packageVersion()} with model ${here.slice(0, 12)}, on which its choices mean something else. Run check again.`,
    { details: { version, model, here } },
  );
}

function checkViolation({ violation }: Counterexample, machine: Machine, place: string): void {
  const { contract, form } = violation;
  if (machine.violations.some((seen) => seen.contract === contract && seen.form === form)) return;
  throw new ShootdownError(
    'REPLAY_MISMATCH',
    `${place}: its moves do not violate ${contract} ${form}. Run check again.`,
  );
}
