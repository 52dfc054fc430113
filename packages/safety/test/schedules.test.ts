import { CpuField, type Machine, MACHINE_ACTIONS, PscField, TlbField } from '@shootdown/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Lab } from './kit.js';
import { type Ack, flushVector, unmapper } from './protocols.js';

/** CPU 0 unmaps page 0; CPU 1 reads page 1 in user mode between walks, fills, evictions and the interrupt. */
function cell(ack: Ack): Lab {
  const lab = new Lab();
  const vector = flushVector(lab, ack);
  lab.thread('initiator', 0, unmapper(lab, vector, ack));
  lab.thread(
    'user',
    1,
    function* (cpu) {
      for (let i = 0; i < 4; i++) yield* cpu.userLoad(1);
      yield* cpu.waitUntil(lab.go, 'equal', 1);
    },
    true,
  );
  return lab;
}

/** Makes the enabled move that `pick` points at; false when there is none. */
function move(machine: Machine, pick: number): boolean {
  const enabled: (() => void)[] = [];
  for (let cpu = 0; cpu < machine.layout.cpuCount; cpu++) {
    if (machine.canExecute(cpu)) enabled.push(() => machine.execute(cpu, 0));
    MACHINE_ACTIONS.forEach((action) => {
      for (let choice = 0; choice < (action?.choices(machine) ?? 0); choice++) {
        if (action?.enabled(machine, cpu, choice)) enabled.push(() => action.apply(machine, cpu, choice));
      }
    });
  }
  enabled[pick % enabled.length]?.();
  return enabled.length > 0;
}

/** Debts, recounted from the slots; marks nobody owes for; marks without anything marked. */
function recount(lab: Lab): { owing: boolean[]; overdue: boolean[]; orphans: number; ghosts: number } {
  const { machine } = lab;
  const { layout, state } = machine;
  const owed = (cpu: number): number[] =>
    [0, 1].map((page) => state[layout.tlbSlot(cpu, 0, page) + TlbField.owed] as number);
  let orphans = 0;
  let ghosts = 0;
  for (const cpu of [0, 1]) {
    for (const page of [0, 1]) {
      const slot = layout.tlbSlot(cpu, 0, page);
      const marks = state[slot + TlbField.marks] as number;
      if ((marks & ~(state[slot + TlbField.owed] as number)) !== 0) orphans++;
      if (marks !== 0 && state[slot] === 0) ghosts++;
    }
    if (state[layout.pscSlot(cpu, 0, 0, 0) + PscField.marks] !== 0 && state[layout.pscSlot(cpu, 0, 0, 0)] === 0)
      ghosts++;
    if (state[layout.cpu(cpu) + CpuField.walkMarks] !== 0 && state[layout.cpu(cpu) + CpuField.walkPage] === 0) ghosts++;
  }
  return {
    owing: [0, 1].map((cpu) => owed(cpu).some((bits) => bits !== 0)),
    overdue: [0, 1].map((cpu) => owed(cpu).some((bits) => (bits & 0x40000000) !== 0)),
    orphans,
    ghosts,
  };
}

const schedules = fc.array(fc.nat(1000), { minLength: 20, maxLength: 150 });

describe('any schedule', () => {
  it.each(['late', 'early', 'none'] as const)('keeps debts, counts and marks in step (ack %s)', (ack) => {
    fc.assert(
      fc.property(schedules, (picks) => {
        const lab = cell(ack);
        for (const pick of picks) {
          move(lab.machine, pick);
          const counted = [0, 1].map((cpu) => lab.monitor.owesAny(lab.machine, cpu));
          const overdue = [0, 1].map((cpu) => lab.monitor.isOverdue(lab.machine, cpu));
          expect({ owing: counted, overdue, orphans: 0, ghosts: 0 }).toEqual(recount(lab));
        }
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it.each(['late', 'early'] as const)('is clean when the initiator waits for the target (ack %s)', (ack) => {
    let finished = 0;
    fc.assert(
      fc.property(schedules, (picks) => {
        const lab = cell(ack);
        for (const pick of picks) move(lab.machine, pick);
        if (lab.machine.isFinished(0)) finished++;
        expect(lab.verdict).toEqual([]);
      }),
      { numRuns: 150, seed: 2 },
    );
    expect(finished).toBeGreaterThan(20);
  });

  it('never exposes a CPU that owes nothing or is in the kernel, and does expose some when nobody waits', () => {
    let exposed = 0;
    fc.assert(
      fc.property(schedules, (picks) => {
        const lab = cell('none');
        for (const pick of picks) {
          const before = lab.machine.violations.length;
          move(lab.machine, pick);
          if (lab.machine.violations.length === before) continue;
          exposed++;
          expect([lab.monitor.owesAny(lab.machine, 1), lab.machine.inUserMode(1)]).toEqual([true, true]);
        }
      }),
      { numRuns: 100, seed: 3 },
    );
    expect(exposed).toBeGreaterThan(5);
  });
});
