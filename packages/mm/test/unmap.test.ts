import { FLUSH_KINDS, isPresent, Pte, pteTarget } from '@shootdown/core';
import { describe, expect, it } from 'vitest';
import { type Lab, only, runProgram, value } from './lab.js';

const PROTECT = FLUSH_KINDS.indexOf('protect');
const CLEAN_DIRTY = FLUSH_KINDS.indexOf('cleanDirty');
const calls = (lab: Lab): string[] => only(lab, 'mark call', 'mark release');
const index = (lab: Lab, text: string): number => lab.log.findIndex((line) => line.startsWith(text));

describe('mmu_gather', () => {
  it('unhooks, invalidates, then frees', () => {
    const lab = runProgram(function* (cpu, mm) {
      yield* cpu.call(mm.programs.zapPageRange, 0, 0, 2);
    });
    expect(calls(lab)).toEqual(['mark call', 'mark release']);
    expect(index(lab, 'xchg')).toBeLessThan(index(lab, 'mark call'));
    expect(index(lab, 'mark release')).toBeLessThan(index(lab, 'store page[0].refcount ← 0'));
    expect(value(lab, lab.mm.frames.frame(1))).toBe(0);
    expect(isPresent(value(lab, lab.mm.tables.pte(0, 1)))).toBe(false);
  });

  it('flushes once per batch, and not at all when nothing was mapped', () => {
    const lab = runProgram(function* (cpu, mm) {
      yield* cpu.call(mm.programs.zapPageRange, 0, 0, 4);
      yield* cpu.call(mm.programs.zapPageRange, 0, 0, 4);
    });
    expect(calls(lab)).toHaveLength(4);
  });

  it('frees a table that munmap empties, after the flush', () => {
    const lab = runProgram(function* (cpu, mm) {
      yield* cpu.call(mm.programs.unmapRegion, 0, 0, 2);
    });
    const table = lab.mm.tables.table(0, 0, 0);
    expect(value(lab, lab.mm.tables.entry(0, 0, 1))).toBe(0);
    expect(value(lab, lab.mm.frames.table(table))).toBe(0);
    expect(index(lab, 'mark release')).toBeLessThan(index(lab, `table ${table} freed`));
    const half = runProgram(function* (cpu, mm) {
      yield* cpu.call(mm.programs.unmapRegion, 0, 0, 1);
    });
    expect(index(half, `table ${table} freed`)).toBe(-1);
  });

  it('frees a table once, although two CPUs may unmap what it maps', () => {
    const lab = runProgram(function* (cpu, mm) {
      yield* cpu.call(mm.programs.unmapRegion, 0, 0, 2);
      yield* cpu.call(mm.programs.unmapRegion, 0, 0, 2);
    });
    expect(calls(lab)).toHaveLength(4);
    expect(only(lab, `table ${lab.mm.tables.table(0, 0, 0)} freed`)).toHaveLength(1);
  });
});

describe('several batches per CPU', () => {
  const taken = (lab: Lab): string[] => only(lab, 'store last_gather');

  it('are taken again when they were freed, and one after the other while they are held back', () => {
    for (const [holds, expected] of [
      [false, [0, 0]],
      [true, [0, 1]],
    ] as const) {
      const lab = runProgram(
        function* (cpu, mm) {
          yield* cpu.call(mm.programs.zapPageRange, 0, 0, 1);
          yield* cpu.call(mm.programs.zapPageRange, 0, 1, 1);
        },
        { holds, options: { batchesPerCpu: 2 } },
      );
      expect(taken(lab)).toEqual(expected.map((batch) => `store last_gather[0].batch ← ${batch}`));
    }
  });

  it('make an unmap wait for the one held longest when none is free', () => {
    const unmapThree: Parameters<typeof runProgram>[0] = function* (cpu, mm) {
      for (const page of [0, 1, 2]) yield* cpu.call(mm.programs.zapPageRange, 0, page, 1);
    };
    expect(() => runProgram(unmapThree, { holds: true, options: { batchesPerCpu: 2 } })).toThrow(/cannot go on/);
    expect(taken(runProgram(unmapThree, { holds: true, options: { batchesPerCpu: 3 } }))).toHaveLength(3);
  });

  it('are marked as what the flush waits for before the strategy gets them', () => {
    const lab = runProgram(
      function* (cpu, mm) {
        yield* cpu.call(mm.programs.zapPageRange, 0, 0, 1);
      },
      { holds: true, options: { batchesPerCpu: 2 } },
    );
    expect(only(lab, 'mark', 'phase')).toEqual(['mark call', 'mark generation', 'mark hold', 'phase finish']);
  });
});

describe('page fault', () => {
  it('takes the frame behind the last one where pages wait for their release in turn', () => {
    const lab = runProgram(
      function* (cpu, mm) {
        for (let round = 0; round < 3; round++) {
          yield* cpu.call(mm.programs.zapPageRange, 0, 0, 1);
          yield* cpu.call(mm.programs.handleMmFault, 0, 0, 1);
        }
      },
      { options: { frameChoice: 'nextFree' } },
    );
    expect(only(lab, 'store next_page')).toEqual([9, 0, 1].map((next) => `store next_page[0].frame ← ${next}`));
    expect(pteTarget(value(lab, lab.mm.tables.pte(0, 0)))).toBe(0);
  });

  it('maps the hottest frame, or the next free one, and puts a freed table back', () => {
    const lab = runProgram(function* (cpu, mm) {
      yield* cpu.call(mm.programs.unmapRegion, 0, 0, 2);
      yield* cpu.store(mm.frames.frame(0), 1);
      yield* cpu.call(mm.programs.handleMmFault, 0, 0, 1);
      yield* cpu.call(mm.programs.handleMmFault, 0, 1, 0);
    });
    const [first, second] = [0, 1].map((page) => value(lab, lab.mm.tables.pte(0, page)));
    expect(pteTarget(first ?? 0)).toBe(1);
    expect(pteTarget(second ?? 0)).toBe(8);
    expect([first ?? 0, second ?? 0].map((entry) => entry & Pte.dirty)).toEqual([Pte.dirty, 0]);
    expect(isPresent(value(lab, lab.mm.tables.entry(0, 0, 1)))).toBe(true);
  });

  it('makes a write-protected page writable on a store only', () => {
    for (const isStore of [0, 1]) {
      const lab = runProgram(function* (cpu, mm) {
        yield* cpu.call(mm.programs.changeProtection, PROTECT, 0, 0, 1);
        yield* cpu.call(mm.programs.handleMmFault, 0, 0, isStore);
      });
      expect(value(lab, lab.mm.tables.pte(0, 0)) & Pte.writable).toBe(isStore === 0 ? 0 : Pte.writable);
    }
  });
});

describe('taking rights away', () => {
  it('clears W, or W and D together, before the flush', () => {
    for (const [kind, kept] of [
      [PROTECT, Pte.dirty],
      [CLEAN_DIRTY, 0],
    ] as const) {
      const lab = runProgram(
        function* (cpu, mm) {
          yield* cpu.call(mm.programs.changeProtection, kind, 0, 0, 1);
        },
        { prepare: (boot, mm) => boot.memory.initial(mm.tables.pte(0, 0), Pte.present | Pte.writable | Pte.dirty) },
      );
      expect(value(lab, lab.mm.tables.pte(0, 0)) & (Pte.writable | Pte.dirty)).toBe(kept);
      expect(index(lab, 'lock and')).toBeLessThan(index(lab, 'mark call'));
    }
  });
});

describe('reclaim', () => {
  it('counts a generation and a mask per page, flushes once, then releases', () => {
    const lab = runProgram(function* (cpu, mm) {
      yield* cpu.call(mm.programs.shrinkPageList, 0, 0, 2);
    });
    expect(only(lab, 'mark cover')).toHaveLength(2);
    expect(calls(lab)).toEqual(['mark call', 'mark release']);
    expect(value(lab, lab.mm.spaces.generation(0))).toBe(3);
    expect(only(lab, 'store tlb_ubc_cpumask[0].bits')).toEqual([
      'store tlb_ubc_cpumask[0].bits ← 1',
      'store tlb_ubc_cpumask[0].bits ← 1',
      'store tlb_ubc_cpumask[0].bits ← 0',
    ]);
  });

  it('makes an unmap that races with it flush the mm first', () => {
    const lab = runProgram(function* (cpu, mm) {
      yield* cpu.call(mm.programs.tryToUnmapOne, 0, 0, 0);
      yield* cpu.store(mm.batches.count(0), 0);
      yield* cpu.call(mm.programs.zapPageRange, 0, 0, 1);
    });
    expect(calls(lab)).toEqual(['mark call']);
    expect(value(lab, lab.mm.spaces.flushBatched(0))).toBe(0);
    // Not an unmap, which a strategy may defer: the caller relies on it at once.
    expect(only(lab, 'store asked')).toEqual([`store asked.kind ← ${PROTECT}`]);
  });
});
