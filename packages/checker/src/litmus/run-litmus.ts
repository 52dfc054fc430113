import { type Machine, ShootdownError } from '@shootdown/core';
import { MEMORIES, type Memory } from '../cells/cell.js';
import type { Exploration } from '../exploration.js';
import { explore } from '../explore.js';
import { dirtyBit } from './instruction.js';
import { pageOf } from './lab.js';
import { bootLab, litmusMachine } from './litmus-machine.js';
import type { LitmusExpectation, LitmusTest } from './litmus-test.js';
import { registerText } from './registers.js';

/** What a test has shown. */
export interface LitmusObservation {
  readonly outcomes: readonly string[];
  readonly violations: readonly string[];
  readonly states: number;
  readonly transitions: number;
}

/** A test under one memory model. */
export interface LitmusResult {
  readonly id: string;
  readonly title: string;
  readonly memory: Memory;
  readonly expected: LitmusExpectation;
  readonly observed: LitmusObservation;
  readonly ok: boolean;
}

/**
 * Explores a test under every memory model that it expects something of.
 *
 * @throws ShootdownError INVALID_LITMUS naming the test and the line
 */
export function runLitmus(test: LitmusTest): readonly LitmusResult[] {
  try {
    return MEMORIES.flatMap((memory) => {
      const expected = test.expected[memory];
      return expected === undefined ? [] : [resultOf(test, memory, expected)];
    });
  } catch (error) {
    if (!(error instanceof ShootdownError) || error.code !== 'INVALID_LITMUS') throw error;
    throw new ShootdownError('INVALID_LITMUS', `Litmus test ${test.id}: ${error.message}`, { cause: error });
  }
}

function resultOf(test: LitmusTest, memory: Memory, expected: LitmusExpectation): LitmusResult {
  const observed = observationOf(exploreLitmus(test, memory));
  const { id, title } = test;
  return { id, title, memory, expected, observed, ok: isMet(expected, observed) };
}

/** Outcomes are the registers, then what the test observes of the final memory. */
export function exploreLitmus(test: LitmusTest, memory: Memory): Exploration {
  const { speculative = [], evictable = [], evictPagingStructures = false } = test.hardware ?? {};
  const makeMachine = litmusMachine(test, memory);
  const observe = observers(test);
  return explore(makeMachine, {
    actions: {
      speculativePages: speculative.map(pageOf),
      evictablePages: evictable.map(pageOf),
      evictPagingStructures,
    },
    project: (machine) => [registerText(machine), ...observe(machine)].filter((text) => text !== '').join(' '),
  });
}

function observers(test: LitmusTest): (machine: Machine) => readonly string[] {
  const { lab } = bootLab(test);
  const watched = Object.entries(test.observe ?? {}).map(([label, place]) => {
    const isDirty = place.startsWith('dirty ');
    return { label, word: lab.location(isDirty ? place.slice(6) : place), isDirty };
  });
  return (machine) =>
    watched.map(({ label, word, isDirty }) => {
      const value = machine.state[word] as number;
      return `${label}=${isDirty ? dirtyBit(value) : value}`;
    });
}

function observationOf({ outcomes, violations, states, transitions }: Exploration): LitmusObservation {
  return {
    outcomes: [...outcomes.keys()],
    violations: violations.map(({ contract, form }) => `${contract} ${form}`).sort(),
    states,
    transitions,
  };
}

function isMet(expected: LitmusExpectation, observed: LitmusObservation): boolean {
  const { outcomes, permitted = [], forbidden = [], violations = [], states, transitions } = expected;
  const has = (outcome: string): boolean => observed.outcomes.includes(outcome);
  return (
    (outcomes === undefined || isSameSet(outcomes, observed.outcomes)) &&
    permitted.every(has) &&
    !forbidden.some(has) &&
    isSameSet(violations, observed.violations) &&
    (states ?? observed.states) === observed.states &&
    (transitions ?? observed.transitions) === observed.transitions
  );
}

function isSameSet(first: readonly string[], second: readonly string[]): boolean {
  return first.length === second.length && first.every((text) => second.includes(text));
}
