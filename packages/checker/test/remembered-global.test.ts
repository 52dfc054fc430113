import { Boot, type KernelCpu, Machine, makePte, type Program, Pte } from '@shootdown/core';
import { SafetyMonitor } from '@shootdown/safety';
import { describe, expect, it } from 'vitest';
import { type Exploration, explore, type MachineFactory, REDUCTIONS } from '../src/index.js';
import { ONE_PAGE } from './one-page.js';

/** The flusher's change of the page table is in its store buffer when the other CPU walks again, and finds a translation that is revoked and global. */
const machineWith =
  (flusher: number): MachineFactory =>
  (options) => {
    const boot = new Boot({ ...ONE_PAGE, cpuCount: 2 });
    const leaf = boot.tableEntry(0, 0);
    boot.memory.initial(leaf, makePte(0, Pte.writable | Pte.accessed | Pte.dirty | Pte.global));
    const flush = boot.program('flush', function* (cpu: KernelCpu): Program {
      yield* cpu.store(leaf, 0);
      yield* cpu.markCover(0, 0, 1);
      yield* cpu.markCall('unmap');
      yield* cpu.markReturn();
    });
    const walk = boot.program('walk', function* (cpu: KernelCpu): Program {
      yield* cpu.invlpg(0);
      yield* cpu.work(1);
    });
    for (const cpu of [0, 1]) boot.thread(`t${cpu}`, cpu, cpu === flusher ? flush : walk, []);
    const monitor = new SafetyMonitor(boot, { flushes: 1, rootOf: () => 0 });
    return new Machine(boot, { ...options, monitor, walker: 'saturated' });
  };

const told = ({ states, transitions, violations }: Exploration): unknown => ({
  states,
  transitions,
  violations: violations.map(({ contract, form, text, count }) => ({ contract, form, text, count })),
});

describe('a global translation that a flush has revoked', () => {
  it('changes nothing of another CPU, whose part of the state stays as it is', () => {
    for (const flusher of [0, 1])
      for (const reductions of [[], REDUCTIONS]) {
        const whole = told(explore(machineWith(flusher), { reductions, store: 'plain' }));
        expect(told(explore(machineWith(flusher), { reductions, rememberMoves: 0 }))).toEqual(whole);
        expect(told(explore(machineWith(flusher), { reductions, checkRemembered: true }))).toEqual(whole);
      }
  });
});
