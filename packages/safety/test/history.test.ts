import { Action, makePte, Pte } from '@shootdown/core';
import { describe, expect, it } from 'vitest';
import { Lab, MM } from './kit.js';
import { around, flushVector, shootdown, unmapper } from './protocols.js';

describe('verdicts depend on history, which is state', () => {
  /** CPU 1 caches page 0 → frame 0; CPU 0 maps it to frame 1 and flushes nobody; then back to frame 0. CPU 1 in the kernel. */
  function remapTwice(flushesHere: boolean): Lab {
    const lab = new Lab();
    const there = makePte(1, Pte.writable | Pte.accessed);
    const back = makePte(0, Pte.writable | Pte.accessed);
    lab.thread('initiator', 0, function* (cpu) {
      yield* cpu.exchange(lab.leaf(0), there);
      if (flushesHere) {
        yield* around(cpu, 'unmap', function* (own) {
          yield* own.invlpg(0);
        });
      }
      yield* cpu.exchange(lab.leaf(0), back);
    });
    lab.thread('kernel', 1, function* (cpu) {
      yield* cpu.userLoad(0);
    });
    lab.fill(1, 0);
    lab.run(0);
    return lab;
  }

  it('tells two states apart that agree in everything but marks, debts and the memory of the monitor', () => {
    const flushed = remapTwice(true);
    const plain = remapTwice(false);
    const { layout, state } = flushed.machine;
    const slot = layout.tlbSlot(1, 0, 0);
    expect(state[slot]).toBe(plain.machine.state[slot]);
    const differs: number[] = [];
    for (let word = 0; word < layout.monitor; word++) if (state[word] !== plain.machine.state[word]) differs.push(word);
    expect(differs).toEqual([slot + 1, slot + 2]);
    flushed.run(1);
    plain.run(1);
    expect(flushed.verdict).toEqual(['C1 exposed', 'C1 used']);
    expect(plain.verdict).toEqual([]);
  });

  it('forgives a translation that was evicted and walked anew, but not the debt', () => {
    const lab = remapTwice(true);
    lab.act(Action.evict, 1, 0);
    lab.fill(1, 0);
    expect(lab.monitor.hasStale(lab.machine, 1)).toBe(false);
    lab.run(1);
    expect(lab.verdict).toEqual(['C1 exposed']);
  });

  it('restores its verdict with the vector', () => {
    const lab = remapTwice(true);
    const { machine, monitor } = lab;
    const saved = machine.state.slice();
    monitor.invalidated(machine, 1, 0, -1);
    expect(monitor.isOverdue(machine, 1)).toBe(false);
    machine.state.set(saved);
    expect(monitor.isOverdue(machine, 1)).toBe(true);
    monitor.exposed(machine, 1);
    expect(lab.verdict).toEqual(['C1 exposed']);
  });

  it('is all zero again when every flush is done and every debt discharged', () => {
    const lab = new Lab();
    const vector = flushVector(lab, 'late');
    lab.thread('initiator', 0, unmapper(lab, vector, 'late'));
    lab.thread('kernel', 1, function* (cpu) {
      yield* cpu.waitUntil(lab.go, 'equal', 1);
    });
    lab.fill(1, 0);
    lab.run(0);
    const { layout, state } = lab.machine;
    expect(state.slice(layout.monitor).some((word) => word !== 0)).toBe(true);
    lab.interrupt(1, vector);
    lab.run(1);
    lab.run(0);
    expect(lab.machine.isFinished(0)).toBe(true);
    expect(state.slice(layout.monitor).every((word) => word === 0)).toBe(true);
  });
});

describe('lazy CPUs', () => {
  /** CPU 1 is in the kernel and is not asked; it comes back to user mode with or without a flush. */
  function comeBack(flushes: boolean): Lab {
    const lab = new Lab();
    lab.thread('initiator', 0, function* (cpu) {
      yield* cpu.exchange(lab.leaf(0), 0);
      yield* around(cpu, 'unmap', function* (own) {
        yield* own.invlpg(0);
      });
    });
    lab.thread('lazy', 1, function* (cpu) {
      if (flushes) yield* cpu.writeCr3(0, 0, false);
      yield* cpu.returnToUser();
    });
    lab.fill(1, 0);
    lab.run(0);
    return lab;
  }

  it('may owe, as long as they are lazy', () => {
    const lab = comeBack(false);
    expect(lab.machine.isFinished(0)).toBe(true);
    expect([lab.monitor.isOverdue(lab.machine, 1), lab.monitor.isExposed(lab.machine, 1)]).toEqual([true, false]);
    expect(lab.verdict).toEqual([]);
  });
  it('are exposed when they leave laziness without a flush', () => {
    const lab = comeBack(false);
    lab.run(1);
    expect(lab.verdict).toEqual(['C1 exposed']);
  });
  it('are discharged by the flush on leaving it', () => {
    const lab = comeBack(true);
    lab.run(1);
    expect(lab.verdict).toEqual([]);
    expect(lab.monitor.owesAny(lab.machine, 1)).toBe(false);
  });
});

describe('PCIDs', () => {
  it('a context that is not loaded owes too, and only when loaded is it exposed', () => {
    const lab = new Lab({}, { pcid: true, asids: 2 });
    lab.thread('initiator', 0, function* (cpu) {
      yield* cpu.waitUntil(lab.go, 'equal', 1);
      yield* cpu.exchange(lab.leaf(0), 0);
      yield* around(cpu, 'unmap', function* (own) {
        yield* own.invlpg(0);
      });
    });
    lab.thread('switcher', 1, function* (cpu) {
      yield* cpu.writeCr3(2, 1, false);
      yield* cpu.exchange(lab.go, 1);
      yield* cpu.returnToUser();
      yield* cpu.enterKernel();
      yield* cpu.writeCr3(0, 0, true);
      yield* cpu.returnToUser();
    });
    lab.fill(1, 0);
    lab.step(1, 2);
    lab.run(0);
    lab.step(1);
    expect([lab.monitor.owesAny(lab.machine, 1), lab.monitor.isOverdue(lab.machine, 1)]).toEqual([true, false]);
    expect(lab.verdict).toEqual([]);
    lab.step(1, 3);
    expect(lab.verdict).toEqual(['C1 exposed']);
  });
});

describe('deferred guarantees', () => {
  it('hold from the release for the kinds that the manifest defers', () => {
    const verdicts = (['return', 'release'] as const).map((guarantee) => {
      const lab = new Lab({ guarantee: { unmap: guarantee } });
      const vector = flushVector(lab, 'none');
      lab.thread('initiator', 0, function* (cpu) {
        yield* unmapper(lab, vector, 'none')(cpu);
        yield* cpu.work(1);
        yield* cpu.markRelease();
      });
      lab.thread(
        'user',
        1,
        function* (cpu) {
          yield* cpu.waitUntil(lab.go, 'equal', 1);
        },
        true,
      );
      lab.step(0, 6);
      const atReturn = lab.verdict;
      lab.run(0);
      return [atReturn, lab.verdict];
    });
    expect(verdicts).toEqual([
      [['C1 exposed'], ['C1 exposed']],
      [[], ['C1 exposed']],
    ]);
  });

  it('hold from the release of the batch that they wait for, whoever releases it', () => {
    const lab = new Lab({ guarantee: { unmap: 'release' } });
    const vector = flushVector(lab, 'none');
    lab.thread('initiator', 0, function* (cpu) {
      yield* unmapper(lab, vector, 'none')(cpu);
      yield* cpu.markHold(3);
      yield* cpu.markRelease();
    });
    lab.thread('user', 1, function* (cpu) {
      yield* cpu.markRelease(2);
      yield* cpu.markRelease(3);
    });
    lab.run(0);
    lab.step(1);
    expect(lab.verdict).toEqual([]);
    lab.step(1);
    expect(lab.monitor.isOverdue(lab.machine, 1)).toBe(true);
  });

  it('let the next flush of the same thread begin meanwhile', () => {
    const lab = new Lab({ guarantee: { unmap: 'release' } });
    const vector = flushVector(lab, 'late');
    lab.thread('initiator', 0, function* (cpu) {
      for (const page of [0, 1]) {
        yield* cpu.exchange(lab.leaf(page), 0);
        yield* around(cpu, 'unmap', shootdown(lab, vector, 'none', page), page);
      }
      yield* cpu.markRelease();
    });
    lab.thread('kernel', 1, function* (cpu) {
      yield* cpu.waitUntil(lab.go, 'equal', 1);
    });
    lab.run(0);
    expect(lab.machine.isFinished(0)).toBe(true);
    expect(lab.monitor.isOverdue(lab.machine, 1)).toBe(true);
    lab.monitor.invalidated(lab.machine, 1, 0, 0);
    expect(lab.monitor.isOverdue(lab.machine, 1)).toBe(true);
    lab.monitor.invalidated(lab.machine, 1, 0, 1);
    expect(lab.monitor.owesAny(lab.machine, 1)).toBe(false);
  });
});

describe('several covers', () => {
  it('all count: several ranges and several mms', () => {
    const lab = new Lab();
    lab.boot.initialRoot[1] = 2;
    lab.thread('initiator', 0, function* (cpu) {
      yield* cpu.markCover(MM, 0, 1);
      yield* cpu.markCover(MM, 1, 1);
      yield* cpu.markCover(1, -1, -1);
      yield* cpu.markCall('reclaim');
      yield* cpu.invlpg(0);
      yield* cpu.invlpg(1);
    });
    lab.step(0, 4);
    const owes = (): readonly boolean[] => [0, 1].map((cpu) => lab.monitor.owesAny(lab.machine, cpu));
    expect(owes()).toEqual([true, true]);
    lab.step(0);
    expect(owes()).toEqual([true, true]);
    lab.step(0);
    expect(owes()).toEqual([false, true]);
    lab.monitor.invalidated(lab.machine, 1, 0, 0);
    expect(owes()).toEqual([false, true]);
    lab.monitor.invalidated(lab.machine, 1, 0, 1);
    expect(owes()).toEqual([false, false]);
  });
});

describe('batched flushes', () => {
  /** CPU 0 clears page 0, gathers, and flushes later. CPU 1 flushes everything `when`, and is never asked. */
  function gathered(when: 'before the change' | 'after the change'): Lab {
    const lab = new Lab();
    lab.thread('reclaim', 0, function* (cpu) {
      yield* cpu.waitUntil(lab.go, 'equal', 1);
      yield* cpu.exchange(lab.leaf(0), 0);
      yield* cpu.markCover(MM, 0, 1);
      yield* cpu.waitUntil(lab.go, 'equal', 2);
      yield* cpu.markCall('reclaim');
      yield* cpu.invlpg(0);
      yield* cpu.markReturn();
    });
    lab.thread('switcher', 1, function* (cpu) {
      if (when === 'before the change') yield* cpu.writeCr3(0, 0, false);
      yield* cpu.exchange(lab.go, 1);
      yield* cpu.waitUntil(lab.ack, 'equal', 1);
      if (when === 'after the change') yield* cpu.writeCr3(0, 0, false);
      yield* cpu.exchange(lab.go, 2);
      yield* cpu.returnToUser();
      yield* cpu.waitUntil(lab.ack, 'equal', 2);
    });
    lab.fill(1, 0);
    lab.run(1);
    lab.run(0);
    lab.machine.write(0, lab.ack, 1);
    lab.run(1);
    lab.run(0);
    expect(lab.machine.isFinished(0)).toBe(true);
    return lab;
  }

  it('ask nothing of a CPU that has flushed since the page-table entry was changed', () => {
    expect(gathered('after the change').verdict).toEqual([]);
  });
  it('ask a CPU whose flush is older than the change', () => {
    expect(gathered('before the change').verdict).toEqual(['C1 exposed']);
  });
});
