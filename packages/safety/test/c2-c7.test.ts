import { makePte, Pte } from '@shootdown/core';
import { describe, expect, it } from 'vitest';
import { Lab } from './kit.js';
import { type Ack, around, flushVector, shootdown, unmapper } from './protocols.js';

/** CPU 1 stores to page 0 through a dirty translation and keeps the store buffered. CPU 0 flushes the page as `kind`. */
function storeUnder(kind: 'unmap' | 'cleanDirty', ack: Ack): { lab: Lab; deliver: () => void } {
  const lab = new Lab();
  lab.boot.memory.initial(lab.leaf(0), makePte(0, Pte.writable | Pte.accessed | Pte.dirty));
  const vector = flushVector(lab, ack);
  lab.thread('initiator', 0, function* (cpu) {
    if (kind === 'unmap') yield* unmapper(lab, vector, ack)(cpu);
    else {
      yield* cpu.clearBits(lab.leaf(0), Pte.dirty);
      yield* around(cpu, 'cleanDirty', shootdown(lab, vector, ack));
    }
  });
  lab.thread(
    'user',
    1,
    function* (cpu) {
      yield* cpu.userStore(0, 7);
      yield* cpu.userLoad(0);
      yield* cpu.userStore(0, 8);
    },
    true,
  );
  lab.fill(1, 0);
  return { lab, deliver: () => lab.interrupt(1, vector) };
}

describe('C2 effects visible', () => {
  it('is violated when a store through the old entry is still buffered at the guarantee', () => {
    const { lab } = storeUnder('unmap', 'none');
    lab.step(0);
    lab.step(1);
    lab.run(0);
    expect(lab.verdict).toEqual(['C1 exposed', 'C2 effects']);
    expect(lab.machine.violations[0]?.text).toContain('frame[0].data');
  });

  it('holds when the store was made through the old entry before the call but is visible at the guarantee', () => {
    const { lab, deliver } = storeUnder('unmap', 'late');
    lab.step(0);
    lab.step(1);
    lab.run(0);
    deliver();
    lab.run(1);
    lab.run(0);
    expect(lab.machine.isFinished(0)).toBe(true);
    expect(lab.verdict.filter((id) => !id.startsWith('fault'))).toEqual([]);
  });

  it('is violated by a store that is made after the guarantee and becomes visible', () => {
    const { lab } = storeUnder('unmap', 'none');
    lab.run(0);
    lab.step(1);
    expect(lab.verdict).toEqual(['C1 exposed', 'C1 used']);
    lab.drain(1);
    expect(lab.verdict).toEqual(['C1 exposed', 'C1 used', 'C2 late']);
  });
});

describe('C7 dirty completeness', () => {
  it('is violated by a store after the guarantee through an entry that was dirty at the call', () => {
    const { lab } = storeUnder('cleanDirty', 'none');
    lab.run(0);
    lab.step(1);
    expect(lab.verdict).toEqual(['C1 exposed', 'C7 used']);
    expect((lab.machine.state[lab.leaf(0)] as number) & Pte.dirty).toBe(0);
    lab.drain(1);
    expect(lab.verdict).toEqual(['C1 exposed', 'C7 late', 'C7 used']);
  });

  it('is violated by a store that is still buffered at the guarantee', () => {
    const { lab } = storeUnder('cleanDirty', 'none');
    lab.step(0, 3);
    lab.step(1);
    lab.run(0);
    expect(lab.verdict).toContain('C7 effects');
    expect(lab.verdict).not.toContain('C2 effects');
  });

  it('holds when the target has flushed: the store sets D anew', () => {
    const { lab, deliver } = storeUnder('cleanDirty', 'late');
    lab.run(0);
    deliver();
    while (!lab.machine.inUserMode(1)) lab.step(1);
    lab.run(0);
    lab.fill(1, 0);
    lab.run(1);
    expect([lab.machine.isFinished(0), lab.machine.isFinished(1)]).toEqual([true, true]);
    expect(lab.verdict).toEqual([]);
    expect((lab.machine.state[lab.leaf(0)] as number) & Pte.dirty).toBe(Pte.dirty);
  });

  it('does not call a load through the dirty entry a dirty store', () => {
    const { lab } = storeUnder('cleanDirty', 'none');
    lab.step(1);
    lab.drain(1);
    lab.run(0);
    lab.step(1);
    expect(lab.verdict).toEqual(['C1 exposed']);
  });
});

describe('what is stale', () => {
  const marks = (before: number, after: number, kind: 'protect' | 'cleanDirty'): boolean => {
    const lab = new Lab();
    lab.boot.memory.initial(lab.leaf(0), before);
    lab.thread('initiator', 0, function* (cpu) {
      yield* cpu.exchange(lab.leaf(0), after);
      yield* cpu.markCover(0, 0, 1);
      yield* cpu.markCall(kind);
    });
    lab.fill(1, 0);
    lab.run(0);
    return lab.monitor.hasStale(lab.machine, 1);
  };
  const a = Pte.accessed;

  it.each([
    ['the page is gone', makePte(0, a), 0, 'protect', true],
    ['another frame', makePte(0, a), makePte(1, a), 'protect', true],
    ['write permission lost', makePte(0, a | Pte.writable), makePte(0, a), 'protect', true],
    ['write permission gained', makePte(0, a), makePte(0, a | Pte.writable), 'protect', false],
    ['A and D set', makePte(0, a | Pte.writable), makePte(0, a | Pte.writable | Pte.dirty), 'protect', false],
    ['A cleared', makePte(0, a), makePte(0, 0), 'protect', false],
    ['D cleared, not asked for', makePte(0, a | Pte.dirty), makePte(0, a), 'protect', false],
    ['D cleared for cleaning', makePte(0, a | Pte.dirty), makePte(0, a), 'cleanDirty', true],
  ] as const)('%s', (_what, before, after, kind, stale) => {
    expect(marks(before, after, kind)).toBe(stale);
  });
});
