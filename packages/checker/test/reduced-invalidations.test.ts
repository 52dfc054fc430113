import { Boot, type KernelCpu, Machine, makePte, type Program, Pte, replay } from '@shootdown/core';
import { explore, type MachineFactory, REDUCTIONS, scheduleOf } from '@shootdown/checker';
import { SafetyMonitor } from '@shootdown/safety';
import { describe, expect, it } from 'vitest';
import { LITMUS_SHAPE, X, Y } from './litmus.js';
import { thread } from './reduced.js';

const LEAF = Pte.writable | Pte.accessed | Pte.dirty;
const LINK = Pte.writable | Pte.accessed;

/** A machine with the safety contract, page x in frame 0 of mm 0 and an entry of a table that no walk comes to. */
function machineOf(
  build: (boot: Boot) => (monitor: SafetyMonitor) => void,
  walker: 'saturated' | 'explicit' = 'saturated',
): MachineFactory {
  return (options) => {
    const boot = new Boot(LITMUS_SHAPE);
    boot.memory.initial(boot.tableEntry(0, 0), makePte(1, LINK));
    boot.memory.initial(boot.tableEntry(1, X), makePte(0, LEAF));
    boot.memory.initial(boot.tableEntry(2, 0), makePte(1, LINK));
    boot.initialFrameOwner.fill(0);
    const watch = build(boot);
    const monitor = new SafetyMonitor(boot, { flushes: 2, rootOf: () => 0, ownsFrames: true });
    watch(monitor);
    return new Machine(boot, { ...options, walker, monitor });
  };
}

describe('own invalidations', () => {
  it('wait for a store to a page table in the buffer of another CPU, whatever that CPU has still to do', () => {
    const make = machineOf((boot) => {
      const word = boot.records('word', ['x'], 1).x(0);
      const entry = boot.tableEntry(2, 0);
      thread(boot, 0, function* (cpu: KernelCpu): Program {
        yield* cpu.store(entry, makePte(1, LINK));
        yield* cpu.store(entry, makePte(1, LINK));
        yield* cpu.setFrameOwner(0, -1);
      });
      thread(boot, 1, function* (cpu: KernelCpu): Program {
        yield* cpu.waitUntil(word, 'equal', 0);
        yield* cpu.invlpg(Y);
        yield* cpu.userStore(X, 1);
      });
      return () => {};
    });
    const found = explore(make, { reductions: REDUCTIONS });
    const late = found.violations.find(({ contract }) => contract === 'C2');
    const machine = make({} as never);
    replay(machine, scheduleOf(late?.trace ?? []));
    expect(machine.violations.map(({ contract, form }) => `${contract} ${form}`)).toEqual(['C2 released']);
  });

  it('do not wait for a claim of their CPU that another CPU may still store: nothing is kept of one that they make true', () => {
    const make = machineOf((boot) => {
      const words = boot.records('word', ['asked', 'seen'], 1, { stride: 8 });
      const claim = boot.records('claim', ['generation'], 2, { home: (cpu) => cpu }).generation;
      const generation = boot.records('mm', ['generation'], 1).generation(0);
      thread(boot, 0, function* (cpu: KernelCpu): Program {
        yield* cpu.waitUntil(words.asked(0), 'equal', 1);
        yield* cpu.exchange(words.seen(0), 1);
        yield* cpu.invlpg(X);
      });
      thread(boot, 1, function* (cpu: KernelCpu): Program {
        yield* cpu.exchange(boot.tableEntry(1, X), 0);
        yield* cpu.fetchAdd(generation, 1);
        yield* cpu.markCover(0, X, 1);
        yield* cpu.markGeneration(0, 1);
        yield* cpu.markCall('unmap');
        yield* cpu.exchange(words.asked(0), 1);
        yield* cpu.waitUntil(words.seen(0), 'equal', 1);
        yield* cpu.store(claim(0), 1);
      });
      return (monitor) => {
        monitor.watchGeneration({ word: claim(0), cpu: 0, pcids: [0] });
        monitor.watchTlbGeneration(0, generation);
      };
    });
    // What the monitor has kept in the end.
    const project = ({ state, layout }: Machine): string => state.subarray(layout.monitor, layout.runner).join();
    const plain = explore(make, { project });
    expect(plain.outcomes.size).toBe(1);
    expect([...explore(make, { project, reductions: REDUCTIONS }).outcomes.keys()]).toEqual([...plain.outcomes.keys()]);
  });
});

describe('what a CPU claims for itself', () => {
  it('does not hurry with what claims are judged by, whose home nobody has chosen', () => {
    const make = machineOf((boot) => {
      const claim = boot.records('claim', ['generation'], 2, { home: (cpu) => cpu }).generation;
      const generation = boot.records('mm', ['generation'], 1).generation(0);
      thread(boot, 0, function* (cpu: KernelCpu): Program {
        yield* cpu.fetchAdd(generation, 1);
      });
      const claims = function* (cpu: KernelCpu): Program {
        yield* cpu.store(claim(1), 1);
        yield* cpu.fence();
      };
      thread(boot, 1, claims, { user: true });
      return (monitor) => {
        monitor.watchGeneration({ word: claim(1), cpu: 1, pcids: [0] });
        monitor.watchTlbGeneration(0, generation);
      };
    });
    const told = ([[], REDUCTIONS] as const).map((reductions) => explore(make, { reductions }).violations);
    expect(told.map((violations) => violations.map(({ contract, form }) => `${contract} ${form}`))).toEqual([
      ['C10 ahead'],
      ['C10 ahead'],
    ]);
  });
});
