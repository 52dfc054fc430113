import type { Memory, Verdict } from '@shootdown/checker';
import { ShootdownError } from '@shootdown/core';
import type { Entry, Variant } from './entry.js';
import { expectations } from './expectations.js';
import type { Observation } from './run-entry.js';

/** An entry's variant: what was expected of it and what was found. */
export interface ZooRow {
  readonly id: string;
  readonly variant: Variant;
  readonly kind: Entry['kind'];
  readonly title: string;
  /** A contract, or `clean`. */
  readonly expected: string;
  readonly verdict: Verdict;
  /** Of the shortest violation; null when there is none. */
  readonly contract: string | null;
  readonly form: string | null;
  /** The memory model of the exploration that decided. */
  readonly memory: Memory;
  readonly states: number;
  /** Moves on the shortest way to the violation. */
  readonly moves: number | null;
  /** What was found is what was expected. */
  readonly ok: boolean;
}

/** Holds what was found against what is expected. */
export function zooRow({ id, kind, title }: Entry, variant: Variant, observation: Observation): ZooRow {
  const { verdict, memory, states } = observation;
  const [first] = observation.violations;
  const expected = variant === 'fixed' ? 'clean' : expectationOf(id);
  const found = verdict === 'violated' ? (first?.contract ?? null) : verdict;
  return {
    id,
    variant,
    kind,
    title,
    expected,
    verdict,
    contract: first?.contract ?? null,
    form: first?.form ?? null,
    memory,
    states,
    moves: first?.trace.length ?? null,
    ok: found === expected,
  };
}

function expectationOf(id: string): string {
  const expectation = expectations[id];
  if (expectation === undefined)
    throw new ShootdownError('INTERNAL', `Nothing is written down to be expected of ${id}.`);
  return expectation.contract;
}
