import {
  type AnyParameterName,
  BROADCAST_PARAMETER_NAMES,
  PARAMETER_NAMES,
  parameterNames,
  unitOf,
  VIRTUAL_PARAMETER_NAMES,
} from './parameter-names.js';
import type { Parameter, PriorRange } from './parameter.js';
import { cpuCountOf, type MachineProfile } from './profile.js';

/** The largest machine the model is built for. */
export const MAX_CPUS = 1024;
/** More fitted parameters than this would leave too little to predict. */
export const MAX_FITTED = 3;
/** A flat logical destination has eight bits, one per CPU (SDM vol. 3A, "Logical destination mode"). */
const FLAT_CPUS = 8;

/**
 * Rules that a JSON schema cannot state. The profile has passed the schema before.
 * Returns one whole sentence per broken rule, and an empty list for a sound profile.
 */
export function profileProblems(profile: MachineProfile): readonly string[] {
  return [
    ...machineProblems(profile),
    ...fitProblems(profile),
    ...broadcastProblems(profile),
    ...virtualProblems(profile),
    ...parameterNames(profile).flatMap((name) => {
      const parameter = profile.parameters[name];
      return parameter === undefined ? [] : parameterProblems(name, parameter);
    }),
  ];
}

function machineProblems({ topology, features, tlb }: MachineProfile): string[] {
  const cpus = cpuCountOf(topology);
  const problems: string[] = [];
  if (cpus > MAX_CPUS) problems.push(`topology has ${cpus} CPUs; the model is built for at most ${MAX_CPUS}.`);
  if (features.apic === 'xapic-flat' && cpus > FLAT_CPUS) {
    problems.push(`features.apic is xapic-flat, which addresses at most ${FLAT_CPUS} CPUs, but topology has ${cpus}.`);
  }
  if (tlb.l1Entries % tlb.l1Ways !== 0) problems.push('tlb.l1Entries must be a multiple of tlb.l1Ways.');
  if (tlb.stlbEntries % tlb.stlbWays !== 0) problems.push('tlb.stlbEntries must be a multiple of tlb.stlbWays.');
  return problems;
}

function fitProblems({ parameters }: MachineProfile): string[] {
  const fitted = PARAMETER_NAMES.filter((name) => parameters[name].status === 'fitted');
  return fitted.length > MAX_FITTED
    ? [`parameters ${fitted.join(', ')} are fitted; at most ${MAX_FITTED} may be.`]
    : [];
}

/** What belongs to INVLPGB is there exactly when the machine has it. */
function broadcastProblems({ features, broadcast, parameters }: MachineProfile): string[] {
  const given: [string, boolean][] = [
    ['broadcast', broadcast !== undefined],
    ...BROADCAST_PARAMETER_NAMES.map((name): [string, boolean] => [
      `parameters.${name}`,
      parameters[name] !== undefined,
    ]),
  ];
  const wrong = given.filter(([, isGiven]) => isGiven !== features.invlpgb).map(([name]) => name);
  if (wrong.length === 0) return [];
  return [
    features.invlpgb
      ? `features.invlpgb is true, but ${wrong.join(', ')} is missing.`
      : `features.invlpgb is false, but ${wrong.join(', ')} is given.`,
  ];
}

function virtualProblems({ parameters }: MachineProfile): string[] {
  const missing = VIRTUAL_PARAMETER_NAMES.filter((name) => parameters[name] === undefined);
  if (missing.length === 0 || missing.length === VIRTUAL_PARAMETER_NAMES.length) return [];
  return [
    `parameters.${missing.join(', ')} is missing; a machine has all of ${VIRTUAL_PARAMETER_NAMES.join(', ')} or none.`,
  ];
}

function parameterProblems(name: AnyParameterName, parameter: Parameter): string[] {
  const problems: string[] = [];
  const unit = unitOf(name);
  if (parameter.unit !== unit) problems.push(`parameters.${name}.unit is ${parameter.unit}; its name says ${unit}.`);
  problems.push(...rangeProblems(`parameters.${name}`, parameter, unit === 'fraction'));
  if (parameter.status === 'fitted')
    problems.push(...rangeProblems(`parameters.${name}.prior`, parameter.prior, unit === 'fraction'));
  return problems;
}

function rangeProblems(place: string, { value, low, high }: PriorRange, isFraction: boolean): string[] {
  const problems: string[] = [];
  if (!(low <= value && value <= high))
    problems.push(`${place}.value ${value} lies outside its range ${low} to ${high}.`);
  if (isFraction && high > 1) problems.push(`${place}.high is ${high}; a fraction is at most 1.`);
  return problems;
}
