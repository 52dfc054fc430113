import { ShootdownError } from '@shootdown/core';
import type { KernelOptions } from '@shootdown/kernel';
import type { Strategy } from '@shootdown/plugin';
import { ASSUMPTION_NAMES, type Assumptions, defaultAssumptions } from '@shootdown/scenarios';
import { type CellScenario, findCellScenario, flushKind } from './cell-scenario.js';

/**
 * What the CPUs do that are no initiators: they use the flushed page for ever. All but `user` are away once in between.
 *
 * - `user`: never away.
 * - `lazy`: a kernel thread borrows the mm, in lazy TLB mode.
 * - `idle`: a kernel thread gives the mm up (`leave_mm`).
 * - `switching`: a thread of another process runs.
 */
export const TARGET_STATES = ['user', 'lazy', 'idle', 'switching'] as const;
export type TargetState = (typeof TARGET_STATES)[number];

/**
 * When the hardware walks and evicts.
 *
 * - `demand`: it walks when an access misses; no entry vanishes by itself.
 * - `speculative`: it also walks the page at any time, and an entry of the page may vanish at any time; each walk step and each
 *   eviction is a move.
 * - `saturated`: the same as sets (see `saturate` of core): whatever a walk can have cached is cached, and an access may use any
 *   of it or walk afresh. Far fewer states for the same verdicts.
 */
export const WALKERS = ['demand', 'speculative', 'saturated'] as const;
export type Walker = (typeof WALKERS)[number];

export const MEMORIES = ['sc', 'tso'] as const;
/** Sequential consistency, or stores through a store buffer as x86-TSO has it. */
export type Memory = (typeof MEMORIES)[number];

/** One small machine with one workload, but for its strategy: plain data, as a saved counterexample keeps it. */
export interface CellDescription {
  /** Name of a scenario of `cellScenarios`. */
  readonly scenario: string;
  readonly targets: TargetState;
  readonly initiators: 1 | 2;
  readonly cpus: number;
  /** NMIs in the whole machine, at any point of any CPU. */
  readonly nmis: number;
  /** What is assumed otherwise than by default. */
  readonly assume?: Partial<Assumptions>;
  /** Assumptions of the strategy's manifest that the environment does not keep. */
  readonly unenforced?: readonly string[];
  readonly walker: Walker;
}

/** A cell to explore. */
export interface Cell extends CellDescription {
  readonly strategy: Strategy;
  /** Validated options of the strategy. */
  readonly options: unknown;
  /** Programs that take the place of Linux's. */
  readonly programs?: NonNullable<KernelOptions['programs']>;
  /** Steps within programs that take the place of Linux's. */
  readonly steps?: NonNullable<KernelOptions['steps']>;
}

/** Most CPUs of a cell: what the exact state keys and the time of a plain search allow. */
const MOST_CPUS = 4;

/**
 * Refuses a cell that would prove nothing or that the model does not have.
 *
 * @throws ShootdownError VACUOUS_CELL, INVALID_ARGUMENT, UNKNOWN_SCENARIO
 */
export function checkCell(cell: CellDescription): CellScenario {
  const scenario = findCellScenario(cell.scenario);
  if (cell.cpus < 1 || cell.cpus > MOST_CPUS)
    throw new ShootdownError('INVALID_ARGUMENT', `${cell.cpus} CPUs; a cell has 1 to ${MOST_CPUS}.`);
  if (cell.initiators > cell.cpus)
    throw new ShootdownError(
      'INVALID_ARGUMENT',
      `${cell.initiators} initiators on ${cell.cpus} CPUs. Ask for at least as many CPUs.`,
    );
  const reason = vacuity(cell);
  if (reason === undefined) return scenario;
  throw new ShootdownError('VACUOUS_CELL', `The cell ${cellText(cell)} proves nothing: ${reason}`, {
    details: { scenario: cell.scenario, cpus: cell.cpus, initiators: cell.initiators, targets: cell.targets },
  });
}

/** Why a cell proves nothing, with the cure; undefined for a cell that may prove something. */
export function vacuity({ scenario, cpus, initiators, targets, walker }: CellDescription): string | undefined {
  if (initiators === 1 && findCellScenario(scenario).secondOperation !== undefined)
    return 'its scenario is what two initiators do. Ask for 2 initiators.';
  const readsTables = walker !== 'demand' && findCellScenario(scenario).operation === 'munmap';
  if (cpus === 1 && !(readsTables && targets === 'user'))
    return 'no CPU but the initiator uses the page that is flushed. Ask for 2 CPUs.';
  if (cpus === initiators && targets !== 'user')
    return `every CPU initiates, so none is ${targets}. Ask for ${cpus + 1} CPUs, or for targets in user mode.`;
  return undefined;
}

/** The strategy promises nothing of this cell's flush until its pages are released. Only an unmap may be deferred. */
export function isDeferred({ scenario, strategy }: Pick<Cell, 'scenario' | 'strategy'>): boolean {
  return flushKind(findCellScenario(scenario)) === 'unmap' && strategy.guarantee?.unmap === 'release';
}

/** Everything that is assumed in a cell: what it says itself, else what its strategy's manifest assumes, else the default. */
export function assumptionsOf({
  assume,
  unenforced = [],
  strategy,
}: Pick<CellDescription, 'assume' | 'unenforced'> & {
  readonly strategy?: Pick<Strategy, 'assumes'>;
}): Assumptions {
  const enforced = (strategy?.assumes ?? []).filter(({ name }) => !unenforced.includes(name));
  const own = enforced.some(({ nmi }) => nmi === 'nothing') ? { nmi: 'nothing' as const } : {};
  return { ...defaultAssumptions, ...own, ...assume };
}

/** What is assumed otherwise than by default, as `name=value`. */
export function unusualAssumptions(assumptions: Assumptions): readonly string[] {
  return ASSUMPTION_NAMES.filter((name) => assumptions[name] !== defaultAssumptions[name]).map(
    (name) => `${name}=${assumptions[name]}`,
  );
}

/** `unmap, 2 CPUs, 1 initiator, targets user, 0 NMIs, kprobe=touches`. */
export function cellText(cell: CellDescription): string {
  const { scenario, cpus, initiators, targets, nmis } = cell;
  const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
  const place = `${scenario}, ${plural(cpus, 'CPU')}, ${plural(initiators, 'initiator')}, targets ${targets}`;
  const without = (cell.unenforced ?? []).map((name) => `without ${name}`);
  return [place, plural(nmis, 'NMI'), ...unusualAssumptions(assumptionsOf(cell)), ...without].join(', ');
}
