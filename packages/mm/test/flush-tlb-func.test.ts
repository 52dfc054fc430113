import type { MachineShape } from '@shootdown/core';
import { describe, expect, it } from 'vitest';
import { ALL_PAGES, ANY_MM, INIT_MM, MAX_GENERATION } from '../src/index.js';
import { type Lab, only, runProgram, value } from './lab.js';

interface Case {
  readonly newest?: number;
  readonly local?: number;
  readonly generation?: number;
  readonly pages?: number;
  readonly space?: number;
  readonly lazy?: boolean;
  readonly shape?: Partial<MachineShape>;
}

/** F(c) of CPU 0 with these generations; the request is for pages from 0. */
function flush({ newest = 5, local = 4, generation = 5, pages = 2, space = 0, lazy = false, shape = {} }: Case): Lab {
  return runProgram(
    function* (cpu, mm) {
      yield* cpu.call(mm.programs.flushTlbFunc, space, 0, pages, generation);
    },
    {
      lazy,
      shape,
      prepare(boot, mm) {
        boot.memory.initial(mm.spaces.generation(0), newest);
        boot.memory.initial(mm.tlbState.generation(0, 0), local);
      },
    },
  );
}
const flushes = (lab: Lab): string[] => only(lab, 'invlpg', 'mov cr3', 'invpcid', 'lock or');
const caughtUp = (lab: Lab): number => value(lab, lab.mm.tlbState.generation(0, 0));

describe('the flush function F(c)', () => {
  it('flushes page by page the request that is the next generation and the newest', () => {
    const lab = flush({});
    expect(flushes(lab)).toEqual(['invlpg page 0', 'invlpg page 1']);
    expect(caughtUp(lab)).toBe(5);
  });

  it.each([
    ['a generation was missed', { newest: 6, local: 4, generation: 6 }, 6],
    ['a newer one exists', { newest: 6, local: 4, generation: 5 }, 6],
    ['everything is asked for', { pages: ALL_PAGES }, 5],
    ['the range is beyond the ceiling', { pages: 4 }, 5],
    ['no mm is named', { space: ANY_MM, generation: 0, pages: ALL_PAGES }, 5],
  ])('flushes everything when %s', (_name, given, generation) => {
    const lab = flush(given);
    expect(flushes(lab)).toEqual(['mov cr3 root 0 pcid 0']);
    expect(caughtUp(lab)).toBe(generation);
  });

  it('does nothing when the CPU is up to date or runs another mm', () => {
    expect(flushes(flush({ local: 5 }))).toEqual([]);
    const other = flush({ space: 1 });
    expect(flushes(other)).toEqual([]);
    expect(caughtUp(other)).toBe(4);
  });

  it('moves a lazy CPU to init_mm and leaves its generation behind', () => {
    const lab = flush({ lazy: true });
    expect(value(lab, lab.mm.tlbState.loadedMm(0))).toBe(INIT_MM);
    expect(value(lab, lab.mm.spaces.cpuMask(0))).toBe(0);
    expect(caughtUp(lab)).toBe(4);
    expect(only(lab, 'invlpg')).toEqual([]);
  });

  it('flushes the user PCID too under PTI, now with INVPCID, else at the next return to user mode', () => {
    expect(flushes(flush({ shape: { pti: true } }))).toEqual([
      'invlpg page 0',
      'invpcid 0 pcid 2 page 0',
      'invlpg page 1',
      'invpcid 0 pcid 2 page 1',
    ]);
    const deferred = flush({ pages: 1, shape: { pti: true, invpcid: false } });
    expect(only(deferred, 'invlpg', 'invpcid')).toEqual(['invlpg page 0']);
    expect(value(deferred, deferred.mm.tlbState.userPcidFlushMask(0))).toBe(1);
    const full = flush({ pages: ALL_PAGES, shape: { pti: true } });
    expect(value(full, full.mm.tlbState.userPcidFlushMask(0))).toBe(1);
  });

  it('flushes kernel addresses without looking at generations', () => {
    expect(flush({ space: INIT_MM }).log).toEqual(['invlpg page 0', 'invlpg page 1', 'iret']);
    expect(flush({ space: INIT_MM, pages: ALL_PAGES }).log).toEqual(['invpcid 2 pcid 0 page 0', 'iret']);
  });
});

describe('tlb_gen', () => {
  it('counts requests of an mm and leaves those of none alone', () => {
    const results: number[] = [];
    const lab = runProgram(function* (cpu, mm) {
      for (const space of [0, 0, ANY_MM, INIT_MM]) results.push(yield* cpu.call(mm.programs.nextGeneration, space));
    });
    expect(results).toEqual([2, 3, 0, 0]);
    expect(value(lab, lab.mm.spaces.generation(INIT_MM))).toBe(0);
  });

  it('refuses to wrap', () => {
    const count = (): Lab =>
      runProgram(
        function* (cpu, mm) {
          yield* cpu.call(mm.programs.nextGeneration, 0);
        },
        { prepare: (boot, mm) => boot.memory.initial(mm.spaces.generation(0), MAX_GENERATION - 1) },
      );
    expect(count).toThrow(expect.objectContaining({ code: 'GENERATION_OVERFLOW' }));
    expect(count).toThrow(/tlb_gen of mm 0 reached 2147483647/);
  });
});
