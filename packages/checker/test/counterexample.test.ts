import {
  cellMachine,
  checkCellWhole,
  counterexampleSchema,
  type FoundViolation,
  mermaidText,
  modelText,
  retrace,
  savedMoves,
  sequenceText,
  stepsOf,
  type TraceStep,
} from '@shootdown/checker';
import { Action, FIRST_ACTION, Opcode } from '@shootdown/core';
import { ASSUMPTION_NAMES, assumptionValues } from '@shootdown/scenarios';
import { describe, expect, it } from 'vitest';
import { broadcast } from './broadcast.js';

const CELL = {
  scenario: 'unmap',
  targets: 'user',
  initiators: 1,
  cpus: 2,
  nmis: 0,
  walker: 'demand',
  options: {},
} as const;
const cell = { ...CELL, strategy: broadcast('not waited for') };

function found(): FoundViolation {
  const { violation } = checkCellWhole(cell, 'sc', { maxStates: 100_000 });
  if (violation === undefined) throw new Error('The cell was expected to be violated.');
  return violation;
}
const move = (cpu: number, programs: readonly string[], kind: number = Opcode.store): TraceStep => ({
  cpu,
  programs,
  move: kind,
  choice: 0,
  text: `move in ${programs.at(-1) ?? 'hardware'}`,
  value: 0,
});
const shape = (trace: readonly TraceStep[], most?: number): readonly string[] =>
  stepsOf(trace, most).map(({ cpu, span, inner, moves }) => `${cpu} ${span} [${inner.join(' ')}] ${moves.length}`);

describe('a counterexample', () => {
  it('executes again on live programs, reads the same and violates in the same way', () => {
    const violation = found();
    const machine = cellMachine(cell, 'sc')();
    expect(retrace(machine, savedMoves(violation))).toEqual(violation.trace);
    const { contract, form, cpu, text } = violation;
    expect(machine.violations).toContainEqual({ contract, form, cpu, text });
  });

  it('does not execute on another strategy, whose model text differs', () => {
    const other = { ...CELL, strategy: broadcast('left out') };
    expect(() => retrace(cellMachine(other, 'sc')(), savedMoves(found()))).toThrow(/^Move \d+ on CPU/);
    expect(modelText(cellMachine(other, 'sc')())).not.toBe(modelText(cellMachine(cell, 'sc')()));
    expect(modelText(cellMachine(cell, 'sc')())).toBe(modelText(cellMachine(cell, 'sc')()));
  });
});

describe('stepsOf', () => {
  it('keeps what one CPU does in one program together, with the hardware of that CPU', () => {
    const drain = FIRST_ACTION + Action.drain;
    const trace = [move(0, ['a']), move(0, [], drain), move(0, ['a']), move(1, ['b']), move(0, ['a', 'c'])];
    expect(shape(trace)).toEqual(['0 a [] 3', '1 b [] 1', '0 c [] 1']);
  });

  it('begins a step where an interrupt is taken', () => {
    const trace = [move(1, ['user']), move(1, [], FIRST_ACTION + Action.takeInterrupt), move(1, ['handler'])];
    expect(shape(trace)).toEqual(['1 user [] 1', '1 hardware [] 1', '1 handler [] 1']);
    expect(shape(trace, 2)).toEqual(['1 user [] 2', '1 handler [] 1']);
  });

  it('joins the smallest steps first, with the neighbour of the most common callers', () => {
    const trace = [
      move(0, ['a', 'b']),
      move(0, ['a', 'b']),
      move(0, ['a', 'c', 'd']),
      move(0, ['a', 'c']),
      move(0, ['a', 'c']),
    ];
    expect(shape(trace, 2)).toEqual(['0 b [] 2', '0 c [d] 3']);
    expect(shape(trace, 1)).toEqual(['0 a [b c] 5']);
  });

  it('never joins moves of two CPUs, and loses none', () => {
    const trace = Array.from({ length: 30 }, (_, index) => move(index % 2, ['a']));
    expect(stepsOf(trace, 3)).toHaveLength(30);
    expect(stepsOf(found().trace).flatMap(({ moves }) => moves)).toEqual(found().trace);
    expect(stepsOf(found().trace).length).toBeLessThanOrEqual(12);
  });
});

describe('renderings', () => {
  const steps = stepsOf([move(0, ['a', 'b;']), { ...move(0, ['a', 'b;'], Opcode.sendIpi), text: 'icr → cpu 1: v' }]);
  const ending = { cpu: 1, text: 'C1 exposed' };

  it('show a column per CPU', () => {
    expect(sequenceText(steps, 2, ending)).toEqual([
      '    CPU 0                                 CPU 1',
      ' 1  b;: 2 moves',
      '      icr → cpu 1: v',
      ' ✗                                        C1 exposed',
    ]);
    expect(sequenceText(steps, 2, ending, { moves: true })).toContain('      move in b;');
  });

  it('show Mermaid in which nothing ends a statement early', () => {
    expect(mermaidText(steps, 2, ending)).toEqual([
      'sequenceDiagram',
      '  participant cpu0 as CPU 0',
      '  participant cpu1 as CPU 1',
      '  Note over cpu0: 1. b#59;: 2 moves',
      '  cpu0->>cpu1: icr → cpu 1: v',
      '  Note over cpu1: ✗ C1 exposed',
    ]);
  });
});

it('the schema of a saved counterexample knows the assumptions there are', () => {
  const { properties } = counterexampleSchema as {
    properties: { cell: { properties: { assume: { properties: Record<string, { enum: string[] }> } } } };
  };
  const known = properties.cell.properties.assume.properties;
  expect(Object.entries(known).map(([name, { enum: values }]) => [name, [...values].sort()])).toEqual(
    ASSUMPTION_NAMES.map((name) => [name, [...assumptionValues(name)].sort()]),
  );
});
