import type { KernelCpu, Program } from '@shootdown/core';
import { describe, expect, it } from 'vitest';
import { INIT_MM, type Mm, SWITCHING } from '../src/index.js';
import { type Lab, only, runProgram, value } from './lab.js';

/** Switches to these mms in turn. */
const switching = (...next: number[]) =>
  function* (cpu: KernelCpu, mm: Mm): Program {
    for (const one of next) yield* cpu.call(mm.programs.switchMm, one);
  };
const cr3 = (lab: Lab): string[] => only(lab, 'mov cr3');

describe('switch_mm', () => {
  it('leaves the old mask, enters the new one, reads tlb_gen, then writes CR3', () => {
    const lab = runProgram(switching(1));
    const order = [
      'lock and mm_cpumask0',
      'lock or mm_cpumask1',
      'load mm[2].tlb_gen',
      `store cpu_tlbstate[0].loaded_mm ← ${SWITCHING}`,
      'mov cr3',
      'store cpu_tlbstate[0].loaded_mm ← 1',
    ];
    const places = order.map((text) => lab.log.findIndex((line) => line.startsWith(text)));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(-1);
  });

  it('can announce the switch before it changes the masks', () => {
    const lab = runProgram(switching(1), { options: { switchOrder: 'switchingFirst' } });
    const announced = lab.log.indexOf(`store cpu_tlbstate[0].loaded_mm ← ${SWITCHING}`);
    expect(announced).toBeGreaterThan(-1);
    expect(announced).toBeLessThan(lab.log.findIndex((line) => line.startsWith('lock and mm_cpumask0')));
  });

  it('flushes a new context, and keeps one that is up to date', () => {
    const lab = runProgram(switching(1, 0));
    expect(cr3(lab)).toEqual(['mov cr3 root 3 pcid 1', 'mov cr3 root 0 pcid 0 (keep)']);
  });

  it('flushes a known context that has missed a generation', () => {
    const lab = runProgram(function* (cpu, mm) {
      yield* switching(1)(cpu, mm);
      yield* cpu.call(mm.programs.nextGeneration, 0);
      yield* switching(0)(cpu, mm);
    });
    expect(cr3(lab)[1]).toBe('mov cr3 root 0 pcid 0');
    expect(value(lab, lab.mm.tlbState.generation(0, 0))).toBe(2);
  });

  it('takes the ASIDs round-robin', () => {
    const lab = runProgram(switching(1, INIT_MM, 0));
    expect(cr3(lab).map((line) => line.slice(-1))).toEqual(['1', '0', '1']);
  });

  it('always flushes ASID 0 without PCIDs', () => {
    expect(cr3(runProgram(switching(1, 0), { shape: { pcid: false } }))).toEqual([
      'mov cr3 root 3 pcid 0',
      'mov cr3 root 0 pcid 0',
    ]);
  });

  it('does nothing for the same mm, and catches up when the CPU was lazy', () => {
    expect(cr3(runProgram(switching(0)))).toEqual([]);
    const idle = runProgram(switching(0), { lazy: true });
    expect(only(idle, 'mfence')).toEqual(['mfence']);
    expect(cr3(idle)).toEqual([]);
    const behind = runProgram(switching(0), {
      lazy: true,
      prepare: (boot, mm) => boot.memory.initial(mm.spaces.generation(0), 2),
    });
    expect(cr3(behind)).toEqual(['mov cr3 root 0 pcid 0']);
    expect(value(behind, behind.mm.tlbState.isLazy(0))).toBe(0);
  });
});

describe('lazy TLB mode', () => {
  it('keeps the mm and the mask bit, until leave_mm gives both up', () => {
    const lazy = runProgram(function* (cpu, mm) {
      yield* cpu.call(mm.programs.enterLazyTlb);
    });
    expect(value(lazy, lazy.mm.tlbState.isLazy(0))).toBe(1);
    expect(value(lazy, lazy.mm.spaces.cpuMask(0))).toBe(1);
    const left = runProgram(
      function* (cpu, mm) {
        yield* cpu.call(mm.programs.leaveMm);
      },
      { lazy: true },
    );
    expect(value(left, left.mm.tlbState.loadedMm(0))).toBe(INIT_MM);
    expect(value(left, left.mm.spaces.cpuMask(0))).toBe(0);
  });
});
