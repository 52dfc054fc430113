import type { CostTable, Machine, RandomStream, Schedule, Topology } from '@shootdown/core';
import type { Directory } from './directory.js';
import type { Observer } from './observer.js';
import type { TlbGeometry } from './tlb-geometry.js';

/** A host that takes each virtual CPU away again and again. The CPUs begin evenly spread over one run. */
export interface Preemption {
  /** From the moment that a virtual CPU goes on until the host wants it away. */
  readonly runPs: number;
  /** How long it is away. */
  readonly awayPs: number;
}

/** What a simulator is made of. */
export interface SimulatorParts {
  readonly machine: Machine;
  readonly costs: CostTable;
  readonly topology: Topology;
  readonly directory: Directory;
  readonly geometry: TlbGeometry;
  readonly random: RandomStream;
  readonly isXapic: boolean;
  readonly observer?: Observer;
  /** Receives every move, so that the run can be replayed on the abstract machine. */
  readonly schedule?: Schedule;
  /** Period of the local timers of a machine that has them; all CPUs tick at once, as Linux has it without `skew_tick`. */
  readonly tickPs?: number;
  /** Default: virtual CPUs always run. */
  readonly preemption?: Preemption;
}
