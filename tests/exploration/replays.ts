import { type Exploration, scheduleOf } from '@shootdown/checker';
import { replay } from '@shootdown/core';
import { expect } from 'vitest';
import { type ExploredCell, machineOf } from '../kit/explored.js';

/** Every counterexample is a schedule of the live programs, and ends in the violation that it is for. */
export function counterexamplesReplay(cell: ExploredCell, found: Exploration): void {
  for (const { contract, form, cpu, text, trace } of found.violations) {
    const machine = machineOf(cell)();
    replay(machine, scheduleOf(trace));
    expect(machine.violations).toContainEqual({ contract, form, cpu, text });
  }
}
