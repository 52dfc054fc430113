import { Action, CpuField, makePte, PscField, Pte } from '@shootdown/core';
import { describe, expect, it } from 'vitest';
import { type Body, Lab } from './kit.js';
import { around, shootdown, spinner } from './protocols.js';

describe('C3 no walk into a freed table', () => {
  /** CPU 1 caches the way to leaf table 1; CPU 0 unlinks it, flushes or not, and gives it back. */
  function freeTable(flushes: boolean): Lab {
    const lab = new Lab();
    const vector = lab.vector('flush', function* (cpu) {
      yield* cpu.endOfInterrupt();
      yield* cpu.invpcid(1, 0, 0);
      yield* cpu.exchange(lab.ack, 1);
    });
    lab.thread('initiator', 0, function* (cpu) {
      yield* cpu.exchange(lab.boot.tableEntry(0, 0), 0);
      yield* cpu.markCover(0, 0, 2);
      yield* cpu.markCall('freeTable');
      if (flushes) yield* shootdown(lab, vector, 'late')(cpu);
      yield* cpu.markReturn();
      yield* cpu.setTableFreed(1, true);
    });
    lab.thread('kernel', 1, spinner(lab));
    lab.fill(1, 0);
    lab.run(0);
    if (flushes) {
      lab.interrupt(1, vector);
      lab.run(1);
      lab.run(0);
    }
    lab.act(Action.startWalk, 1, 1);
    lab.act(Action.stepWalk, 1);
    return lab;
  }

  it('is violated by a walk from a paging-structure entry that was not flushed', () => {
    const lab = freeTable(false);
    expect(lab.verdict).toEqual(['C3 walked']);
    expect(lab.machine.violations[0]?.text).toContain('table page 1');
  });

  it('holds after the flush: the walk starts at the root and finds nothing', () => {
    expect(freeTable(true).verdict).toEqual([]);
  });
});

describe('tables that are no longer linked', () => {
  /** CPU 1 has walked so far when CPU 0 replaces leaf table 1 by table 3 and calls the flush. */
  function relink(steps: number): Lab {
    const lab = new Lab();
    lab.thread('initiator', 0, function* (cpu) {
      yield* cpu.exchange(lab.boot.tableEntry(0, 0), makePte(3, Pte.writable));
      yield* cpu.markCover(0, 0, 2);
      yield* cpu.markCall('freeTable');
    });
    lab.act(Action.startWalk, 1, 0);
    for (let i = 0; i < steps; i++) lab.act(Action.stepWalk, 1);
    lab.run(0);
    for (let i = steps; i < 2; i++) lab.act(Action.stepWalk, 1);
    lab.act(Action.fill, 1);
    return lab;
  }

  it.each([
    ['has begun only', 0, false],
    ['stands in the old table', 1, true],
    ['has found a leaf there', 2, true],
  ])('a walk that %s', (_what, steps, stale) => {
    const lab = relink(steps);
    expect(lab.monitor.hasStale(lab.machine, 1)).toBe(stale);
  });

  it('mark what a later walk fills from the cached way to them', () => {
    const lab = relink(1);
    lab.act(Action.evict, 1, 0);
    expect(lab.monitor.hasStale(lab.machine, 1)).toBe(false);
    lab.fill(1, 1);
    expect(lab.monitor.hasStale(lab.machine, 1)).toBe(true);
  });
});

describe('what is under way when the guarantee is given', () => {
  /** CPU 1 has walked `steps` levels for page 0 when CPU 0 moves the pages to leaf table 3 and asks nobody. */
  function walkAcross(steps: number): Lab {
    const lab = new Lab();
    lab.boot.memory.initial(lab.boot.tableEntry(3, 1), makePte(1, Pte.writable));
    lab.thread('initiator', 0, function* (cpu) {
      yield* cpu.exchange(lab.boot.tableEntry(0, 0), makePte(3, Pte.writable));
      yield* cpu.markCover(0, 0, 2);
      yield* cpu.markCall('freeTable');
      yield* cpu.invpcid(1, 0, 0);
      yield* cpu.markReturn();
    });
    lab.thread('kernel', 1, function* (cpu) {
      yield* cpu.userLoad(0);
    });
    lab.act(Action.startWalk, 1, 0);
    for (let i = 0; i < steps; i++) lab.act(Action.stepWalk, 1);
    lab.run(0);
    return lab;
  }

  it('a walk fills what it may not be used for', () => {
    const lab = walkAcross(2);
    lab.act(Action.fill, 1);
    lab.step(1);
    expect(lab.verdict).toEqual(['C1 exposed', 'C1 used']);
  });

  it('a cached way to a table leads to what may not be used', () => {
    const lab = walkAcross(2);
    lab.act(Action.fill, 1);
    lab.act(Action.evict, 1, 0);
    lab.fill(1, 0);
    lab.step(1);
    expect(lab.verdict).toEqual(['C1 exposed', 'C1 used']);
  });

  it('a walk that reads the new entry fills what may be used', () => {
    const lab = walkAcross(0);
    lab.act(Action.stepWalk, 1);
    lab.act(Action.stepWalk, 1);
    lab.act(Action.fill, 1);
    lab.step(1);
    expect(lab.verdict).toEqual(['C1 exposed']);
  });
});

describe('C4 no stale fill after the flush', () => {
  /** CPU 0 unmaps by a plain store and calls. CPU 1 flushes, then walks before and after the store is visible. */
  function plainUnmap(fence: boolean): Lab {
    const lab = new Lab();
    const vector = lab.vector('flush', function* (cpu) {
      yield* cpu.endOfInterrupt();
      yield* cpu.invlpg(0);
      yield* cpu.exchange(lab.ack, 1);
    });
    const flush: Body = function* (cpu) {
      if (fence) yield* cpu.fence();
      yield* cpu.sendIpi(1, vector);
      yield* cpu.waitUntil(lab.ack, 'equal', 1);
      yield* cpu.invlpg(0);
    };
    lab.thread('initiator', 0, function* (cpu) {
      yield* cpu.store(lab.leaf(0), 0);
      yield* around(cpu, 'unmap', flush);
    });
    lab.thread('user', 1, spinner(lab), true);
    lab.fill(1, 0);
    lab.step(0, 3);
    if (fence) lab.drain(0);
    lab.step(0, fence ? 2 : 1);
    lab.interrupt(1, vector);
    while (!lab.machine.inUserMode(1)) lab.step(1);
    lab.fill(1, 0);
    lab.run(0);
    expect(lab.machine.isFinished(0)).toBe(true);
    return lab;
  }

  it('is violated when the IPI overtakes the page-table change in the store buffer', () => {
    const lab = plainUnmap(false);
    expect(lab.verdict).toEqual(['C1 exposed', 'C4 refilled']);
    expect(lab.monitor.hasStale(lab.machine, 1)).toBe(true);
  });

  it('holds when the change is visible before the IPI is sent', () => {
    const lab = plainUnmap(true);
    expect(lab.verdict).toEqual([]);
    expect(lab.monitor.hasStale(lab.machine, 1)).toBe(false);
  });

  it('allows a stale fill that a later invalidation of the same flush removes', () => {
    const lab = new Lab();
    const vector = lab.vector('flush', function* (cpu) {
      yield* cpu.endOfInterrupt();
      yield* cpu.invlpg(0);
      yield* cpu.exchange(lab.ack, 1);
    });
    lab.thread('initiator', 0, function* (cpu) {
      yield* cpu.store(lab.leaf(0), 0);
      yield* around(cpu, 'unmap', shootdown(lab, vector, 'late'));
    });
    lab.thread('other', 1, function* (cpu) {
      yield* cpu.invlpg(0);
      yield* cpu.returnToUser();
      yield* cpu.waitUntil(lab.go, 'equal', 1);
    });
    lab.step(0, 3);
    lab.step(1, 2);
    lab.fill(1, 0);
    expect(lab.monitor.hasStale(lab.machine, 1)).toBe(true);
    lab.run(0);
    lab.interrupt(1, vector);
    lab.run(1);
    lab.run(0);
    expect(lab.machine.isFinished(0)).toBe(true);
    expect(lab.verdict).toEqual([]);
  });

  it('is violated when the guarantee is given before the change is visible at all', () => {
    const lab = new Lab();
    lab.thread('initiator', 0, function* (cpu) {
      yield* cpu.store(lab.leaf(0), 0);
      yield* around(cpu, 'unmap', function* (own) {
        yield* own.work(1);
      });
    });
    lab.thread('kernel', 1, spinner(lab));
    lab.step(0, 5);
    expect(lab.verdict).toEqual(['C4 unpublished']);
  });

  it('does not hold a hidden change of the leaf against the way to it', () => {
    const lab = new Lab();
    lab.thread('initiator', 0, function* (cpu) {
      yield* cpu.store(lab.leaf(0), 0);
      yield* cpu.markCover(0, 0, 1);
      yield* cpu.markCall('unmap');
    });
    lab.step(0, 3);
    lab.act(Action.startWalk, 1, 0);
    lab.act(Action.stepWalk, 1);
    const { machine } = lab;
    expect(machine.state[machine.layout.pscSlot(1, 0, 0, 0) + PscField.marks]).toBe(0);
    expect(machine.state[machine.layout.cpu(1) + CpuField.walkMarks]).toBe(0);
    lab.act(Action.stepWalk, 1);
    expect(machine.state[machine.layout.cpu(1) + CpuField.walkMarks]).toBe(1);
  });

  it('sees a table unlinked in the store buffer only', () => {
    const lab = new Lab();
    lab.thread('initiator', 0, function* (cpu) {
      yield* cpu.store(lab.boot.tableEntry(0, 0), 0);
      yield* cpu.markCover(0, 0, 2);
      yield* cpu.markCall('freeTable');
      yield* cpu.fence();
    });
    lab.step(0, 3);
    lab.act(Action.startWalk, 1, 0);
    lab.act(Action.stepWalk, 1);
    lab.run(0);
    lab.act(Action.stepWalk, 1);
    lab.act(Action.fill, 1);
    expect(lab.monitor.hasStale(lab.machine, 1)).toBe(true);
  });
});

describe('C5 context identity', () => {
  /** CPU 0 loads page 0 in mm 0, switches to mm 1 under the same PCID, loads page 0 again. */
  function switchMm(keep: boolean): Lab {
    const lab = new Lab();
    lab.thread(
      'user',
      0,
      function* (cpu) {
        yield* cpu.userLoad(0);
        yield* cpu.writeCr3(2, 0, keep);
        yield* cpu.userLoad(0);
      },
      true,
    );
    lab.fill(0, 0);
    lab.step(0, 2);
    if (!keep) lab.fill(0, 0);
    lab.run(0);
    return lab;
  }

  it('is violated by an entry kept across a switch that re-uses its PCID', () => {
    expect(switchMm(true).verdict).toEqual(['C5 used']);
  });
  it('holds when the switch flushes', () => {
    expect(switchMm(false).verdict).toEqual([]);
  });
});
