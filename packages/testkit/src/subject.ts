import { cpuCountOf, type MachineProfile, machineProfile, ShootdownError } from '@shootdown/core';
import { checkStrategy, createRegistry, type ResolvedOptions, resolveOptions, unguarded } from '@shootdown/host';
import type { Strategy } from '@shootdown/plugin';
import type { ExplorationSigns } from './exploration-signs.js';

/** The strategy that is held against the contract. */
export interface Subject extends ExplorationSigns {
  /** Guarded as every strategy is: inputs frozen, hooks checked. */
  readonly strategy: Strategy;
  /** As its author wrote it. */
  readonly original: Strategy;
  readonly options: ResolvedOptions;
  /** How a command line names it, options included. */
  readonly specifier: string;
  /** States of one exploration after which it is given up. */
  readonly maxStates: number;
  /** Nodes that one program may unfold into. */
  readonly maxNodes: number;
}

/** @throws ShootdownError of `createRegistry` and `resolveOptions` */
export function subjectOf(
  value: unknown,
  options: object,
  specifier: string | undefined,
  limits: Pick<Subject, 'maxStates' | 'maxNodes'> & ExplorationSigns,
): Subject {
  const original = unguarded(checkStrategy(value, 'The value'));
  const strategy = guarded(original);
  const isPlain = Object.keys(options).length === 0;
  const name = specifier ?? strategy.name;
  return {
    strategy,
    original,
    options: resolveOptions(strategy, options),
    specifier: isPlain ? name : `${name}${JSON.stringify(options)}`,
    ...limits,
  };
}

/** The strategy as a registry gives it out. */
export function guarded(strategy: Strategy): Strategy {
  return createRegistry([strategy]).find(strategy.name);
}

/** From the smallest machine to the largest, then those with rarer features. */
const MACHINES = ['haswell', 'server', 'milan'] as const;

/** The first machine that has what the manifest requires, and as many CPUs. */
export function machineFor({ strategy }: Subject, cpus: number): MachineProfile {
  const needs = strategy.requires ?? [];
  const machines = MACHINES.map((name) => machineProfile(name));
  const found = machines.find(
    ({ topology, features }) => cpuCountOf(topology) >= cpus && needs.every((feature) => features[feature]),
  );
  if (found !== undefined) return found;
  throw new ShootdownError(
    'MISSING_HARDWARE',
    `No machine of the laboratory has ${cpus} CPUs with ${needs.join(' and ')}.`,
  );
}
