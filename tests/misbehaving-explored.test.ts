import { explore } from '@shootdown/checker';
import { createRegistry } from '@shootdown/host';
import type { Strategy } from '@shootdown/plugin';
import { describe, expect, it } from 'vitest';
import * as bad from './fixtures/misbehaving.js';
import { machineOf } from './kit/explored.js';

/** Explores one unmap beside a CPU that reads the page. */
function explored(strategy: Strategy): ReturnType<typeof explore> {
  const variant = { title: strategy.name, strategy: createRegistry([strategy]).find(strategy.name), options: {} };
  const makeMachine = machineOf({ variant, operation: 'madvise', access: 'read' });
  return explore(makeMachine, { maxNodesPerProgram: 80, expandBeyond: ['C1 exposed', 'C1 used'] });
}

const inFlush = { program: 'flush' } as const;

const cases: readonly [strategy: Strategy, code: string, details: object][] = [
  [bad.throwsInCreate, 'PLUGIN_THREW', { hook: 'create' }],
  [bad.throwsInFlush, 'PLUGIN_THREW', inFlush],
  [bad.yieldsNoOp, 'NOT_AN_OP', inFlush],
  [bad.forgetsToYield, 'STALE_OP', inFlush],
  [bad.forgetsTheLastYield, 'STALE_OP', inFlush],
  [bad.yieldsTwice, 'STALE_OP', inFlush],
  [bad.spinsForEver, 'UNBOUNDED_PROGRAM', inFlush],
  [bad.becomesItself, 'CONTROL_LOOP', { program: 'again' }],
  [bad.callsItself, 'CALL_DEPTH', { program: 'deeper' }],
  [bad.returnsNoGenerators, 'INVALID_MANIFEST', { hook: 'create' }],
  [bad.allocatesLate, 'LATE_ALLOCATION', inFlush],
  [bad.registersLate, 'LATE_ALLOCATION', inFlush],
  [bad.crossCallsLate, 'LATE_ALLOCATION', inFlush],
  [bad.callsWithHalves, 'INVALID_ARGUMENTS', inFlush],
  [bad.returnsHalves, 'INVALID_ARGUMENTS', { program: 'half' }],
  [bad.writesForeignWord, 'WORD_CLASS', inFlush],
  [bad.sharesAVariable, 'NONDETERMINISM', inFlush],
  [bad.sharesBetweenCpus, 'SHARED_STATE', { program: 'handler ping' }],
  [bad.remembersBoots, 'NONDETERMINISM', inFlush],
  [bad.changesTheEnvironment, 'CHANGED_INPUT', { hook: 'create' }],
  [bad.changesTheKernel, 'CHANGED_INPUT', { hook: 'create' }],
  [bad.changesTheRequest, 'CHANGED_INPUT', inFlush],
];

describe('a strategy that misbehaves in an exploration is refused with its name and place', () => {
  it.each(cases)('$name', (strategy, code, details) => {
    expect(() => explored(strategy)).toThrow(
      expect.objectContaining({ code, details: expect.objectContaining({ strategy: strategy.name, ...details }) }),
    );
  });

  it('reports a wait for ever as C6: who waits for what', () => {
    const found = explored(bad.waitsForEver);
    expect(found.verdict).toBe('violated');
    expect(found.violations).toMatchObject([
      { contract: 'C6', form: 'progress', cpu: 0, text: expect.stringContaining('CPU 0 is at wait done.flag') },
    ]);
  });
});
