import { createHash } from 'node:crypto';
import { cpuCountOf, type MachineProfile } from '@shootdown/core';
import {
  canonicalJson,
  type JsonObject,
  type JsonValue,
  type MachineRecord,
  type ScenarioRecord,
} from '@shootdown/reporter';
import type { Scenario } from '@shootdown/scenarios';

/** The machine profile as the document records it. */
export function machineRecord(profile: MachineProfile): MachineRecord {
  const data = plain(profile);
  return {
    name: profile.name,
    summary: profile.summary,
    cpuCount: cpuCountOf(profile.topology),
    clockMhz: profile.parameters.clockMhz.value,
    hash: createHash('sha256').update(canonicalJson(data)).digest('hex'),
    parameters: profile.parameters,
  };
}

/** The workload as the document records it: everything that decides the numbers besides its name. */
export function scenarioRecord(scenario: Scenario): ScenarioRecord {
  const {
    schemaVersion: _version,
    name,
    summary,
    title: _title,
    references: _references,
    choices: _choices,
    ...parameters
  } = scenario;
  return { name, summary, parameters: plain(parameters) as JsonObject };
}

/** The same data without its types: what JSON would make of it. */
function plain(value: object): JsonValue {
  return JSON.parse(JSON.stringify(value)) as JsonValue;
}
