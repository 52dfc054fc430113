import {
  type Cell,
  cellMachine,
  type Counterexample,
  counterexampleSchema,
  retrace,
  savedSchedule,
} from '@shootdown/checker';
import { type Machine, type MachineProfile, ShootdownError } from '@shootdown/core';
import { documentValidator, type Registry, resolveOptions } from '@shootdown/host';
import type { JsonValue } from '@shootdown/reporter';
import { modelHash } from '../check/counterexample-record.js';
import { packageVersion } from '../version.js';
import type { ReplayDocument } from './replay-document.js';
import { timedReplay } from './timed-replay.js';

/**
 * Executes a saved counterexample again, with the strategy's programs themselves: without time, and in time on a machine of the profile.
 *
 * @throws ShootdownError INVALID_COUNTEREXAMPLE when it fails its schema; OTHER_VERSION when it was found on another model;
 * REPLAY_MISMATCH when a move is not enabled, answers something else, or the violation is missing
 */
export type Replay = (content: JsonValue, place: string, profile: MachineProfile) => ReplayDocument;

const validate = documentValidator<Counterexample>({
  noun: 'counterexample',
  whole: 'the counterexample',
  code: 'INVALID_COUNTEREXAMPLE',
  schema: counterexampleSchema,
  problems: strangers,
});

/** See `Replay`, with these strategies. */
export function makeReplay(registry: Registry): Replay {
  return (content, place, profile) => {
    const counterexample = validate(content, place);
    const strategy = registry.find(counterexample.strategy);
    const cell = { ...counterexample.cell, strategy, options: resolveOptions(strategy, counterexample.options) };
    checkModel(counterexample, cell, place);
    const machine = cellMachine(cell, counterexample.memory)();
    const trace = retrace(machine, counterexample.moves);
    const { memory } = counterexample;
    return {
      schemaVersion: 1,
      kind: 'replay',
      version: packageVersion(),
      id: null,
      title: null,
      counterexample,
      cpus: cell.cpus,
      memory,
      violation: violationOf(counterexample, machine, place),
      trace,
      ...timedReplay({
        schedule: savedSchedule(counterexample),
        makeMachine: (costs) => cellMachine(cell, memory, costs)(),
        profile,
      }),
    };
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

/** CPUs that the cell has not. */
function strangers({ cell: { cpus }, moves, violation }: Counterexample): readonly string[] {
  const isStranger = (cpu: number): boolean => cpu < 0 || cpu >= cpus;
  const at = moves.findIndex(([cpu]) => isStranger(cpu));
  return [
    ...(at < 0 ? [] : [`moves.${at} must be of one of the ${cpus} CPUs of the cell`]),
    ...(isStranger(violation.cpu) ? [`violation.cpu must be one of the ${cpus} CPUs of the cell`] : []),
  ];
}

/**
 * As the machine reports it. C6 is judged by all ways that lead on from a state: a replay leads there and searches for none, so it is told
 * as it was saved.
 */
function violationOf({ violation }: Counterexample, machine: Machine, place: string): ReplayDocument['violation'] {
  const { contract, form, cpu } = violation;
  if (contract === 'C6') return violation;
  const same = machine.violations.filter((each) => each.contract === contract && each.form === form);
  const seen = same.find((each) => each.cpu === cpu) ?? same[0];
  if (seen !== undefined) return seen;
  throw new ShootdownError(
    'REPLAY_MISMATCH',
    `${place}: its moves do not violate ${contract} ${form}. Run check again.`,
  );
}
