import { Action, type KernelCpu, type Program } from '@shootdown/core';
import { describe, expect, it } from 'vitest';
import { Lab } from './kit.js';
import { type Ack, around, flushVector, spinner, unmapper } from './protocols.js';

/** CPU 1 has page 0 cached and stays in user mode; CPU 0 unmaps it and runs until it waits or is done. */
function unmapUnder(ack: Ack, nmi?: 'nothing' | 'touches'): { lab: Lab; vector: ReturnType<typeof flushVector> } {
  const lab = new Lab();
  const vector = flushVector(lab, ack);
  if (nmi !== undefined) {
    lab.nmi(function* (cpu) {
      if (nmi === 'touches') yield* cpu.userLoad(0);
    });
  }
  lab.thread('initiator', 0, unmapper(lab, vector, ack));
  lab.thread('user', 1, spinner(lab), true);
  lab.fill(1, 0);
  lab.run(0);
  return { lab, vector };
}

/** A flush that flushes nobody. */
function* nothing(cpu: KernelCpu): Program {
  yield* cpu.work(1);
}

describe('C1 exposed', () => {
  it('is reported when the initiator does not wait for a CPU in user mode', () => {
    const { lab } = unmapUnder('none');
    expect(lab.machine.isFinished(0)).toBe(true);
    expect(lab.verdict).toEqual(['C1 exposed']);
    expect(lab.machine.violations[0]).toMatchObject({ cpu: 1, text: expect.stringContaining('page 0 of PCID 0') });
  });

  it('is not reported when it waits for the invalidation', () => {
    const { lab, vector } = unmapUnder('late');
    expect(lab.machine.isFinished(0)).toBe(false);
    lab.interrupt(1, vector);
    lab.run(1);
    lab.run(0);
    expect(lab.machine.isFinished(0)).toBe(true);
    expect(lab.verdict).toEqual([]);
    expect(lab.monitor.owesAny(lab.machine, 1)).toBe(false);
  });

  it('needs no cached entry: a CPU that may have one owes', () => {
    const lab = new Lab();
    const vector = flushVector(lab, 'none');
    lab.thread('initiator', 0, unmapper(lab, vector, 'none'));
    lab.thread('user', 1, spinner(lab), true);
    lab.run(0);
    expect(lab.verdict).toEqual(['C1 exposed']);
  });

  it('is not reported for an early acknowledgement: the target is inside its handler', () => {
    const { lab, vector } = unmapUnder('early');
    lab.interrupt(1, vector);
    lab.step(1, 2);
    lab.run(0);
    expect(lab.machine.isFinished(0)).toBe(true);
    expect([
      lab.monitor.isOverdue(lab.machine, 1),
      lab.monitor.isExposed(lab.machine, 1),
      lab.monitor.hasStale(lab.machine, 1),
    ]).toEqual([true, false, true]);
    lab.run(1);
    expect(lab.verdict).toEqual([]);
    expect(lab.monitor.owesAny(lab.machine, 1)).toBe(false);
  });

  it('is reported at the return to user mode of a handler that forgets the invalidation', () => {
    const lab = new Lab();
    const vector = lab.vector('flush', function* (cpu) {
      yield* cpu.endOfInterrupt();
      yield* cpu.exchange(lab.ack, 1);
    });
    lab.thread('initiator', 0, unmapper(lab, vector, 'late'));
    lab.thread('user', 1, spinner(lab), true);
    lab.run(0);
    lab.interrupt(1, vector);
    lab.step(1, 2);
    lab.run(0);
    expect(lab.verdict).toEqual([]);
    lab.run(1);
    expect(lab.verdict).toEqual(['C1 exposed']);
  });

  it('counts the initiator among the CPUs that owe', () => {
    const lab = new Lab();
    lab.thread('initiator', 0, function* (cpu) {
      yield* cpu.exchange(lab.leaf(0), 0);
      yield* around(cpu, 'unmap', nothing);
      yield* cpu.returnToUser();
    });
    lab.run(0);
    expect(lab.verdict).toEqual(['C1 exposed']);
  });
});

describe('C1 used', () => {
  it('is reported when an NMI touches the page between early acknowledgement and invalidation', () => {
    const { lab, vector } = unmapUnder('early', 'touches');
    lab.interrupt(1, vector);
    lab.step(1, 2);
    lab.run(0);
    lab.act(Action.takeNmi, 1);
    lab.run(1);
    expect(lab.verdict).toEqual(['C1 exposed', 'C1 used']);
  });

  it('is not reported when the NMI touches nothing, or comes after the invalidation', () => {
    const { lab, vector } = unmapUnder('early', 'nothing');
    lab.interrupt(1, vector);
    lab.step(1, 2);
    lab.run(0);
    lab.act(Action.takeNmi, 1);
    lab.run(1);
    expect(lab.verdict).toEqual([]);
  });

  it('is not reported before the guarantee', () => {
    const { lab } = unmapUnder('late', 'touches');
    lab.act(Action.takeNmi, 1);
    lab.run(1);
    expect(lab.verdict).toEqual([]);
  });
});
