import { type MachineProfile, ShootdownError } from '@shootdown/core';
import type { Manifest } from '@shootdown/plugin';
import type { JsonValue } from '@shootdown/reporter';
import type { Scenario } from '@shootdown/scenarios';
import type { CatalogueDetail, Kind, Laboratory, ValidFile } from '../laboratory.js';
import { machineDetail } from './machine-detail.js';
import { scenarioDetail } from './scenario-detail.js';
import { strategyDetail } from './strategy-detail.js';

/** Everything with a name, and the judges of files. */
export interface CatalogueParts {
  readonly strategies: readonly Manifest<object>[];
  readonly scenarios: readonly Scenario[];
  readonly machines: readonly MachineProfile[];
  /** @throws ShootdownError INVALID_PROFILE */
  readonly validateMachine: (content: unknown, place: string) => MachineProfile;
  /** @throws ShootdownError INVALID_SCENARIO */
  readonly validateScenario: (content: unknown, place: string) => Scenario;
}

/** The part of the laboratory that names, shows and judges things without running anything. */
export function makeCatalogue(parts: CatalogueParts): Pick<Laboratory, 'list' | 'show' | 'validate'> {
  const details: Readonly<Record<Kind, () => readonly CatalogueDetail[]>> = {
    strategy: () => parts.strategies.map(strategyDetail),
    scenario: () => parts.scenarios.map(scenarioDetail),
    machine: () => parts.machines.map(machineDetail),
  };
  return {
    list: (kind) => details[kind]().map(({ name, summary }) => ({ name, summary })),
    show: (kind, name) => {
      const detail = details[kind]().find((each) => each.name === name);
      if (detail === undefined) throw new ShootdownError('INTERNAL', `The catalogue lists no ${kind} ${name}.`);
      return detail;
    },
    validate: (content, place) => validateFile(content, place, parts),
  };
}

/** Files do not state their kind; the field that only one kind has tells it. */
function validateFile(content: JsonValue, place: string, parts: CatalogueParts): ValidFile {
  if (hasField(content, 'topology'))
    return { kind: 'machine profile', name: parts.validateMachine(content, place).name };
  if (hasField(content, 'operation')) return { kind: 'scenario', name: parts.validateScenario(content, place).name };
  const message = `${place} is neither a machine profile, which has a topology, nor a scenario, which has an operation.`;
  throw new ShootdownError('INVALID_FILE', message);
}

function hasField(content: JsonValue, field: string): boolean {
  return content !== null && typeof content === 'object' && Object.hasOwn(content, field);
}
