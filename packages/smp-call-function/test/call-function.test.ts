import { Machine, type Monitor, noMonitor, type Program, type ProgramRef, WORDS_PER_LINE } from '@shootdown/core';
import { describe, expect, it } from 'vitest';
import { type CallFunctionLayout, type CallFunctionPrograms, CsdFlag } from '../src/index.js';
import { addThread, type Lab, makeLab, run } from './lab.js';

const PACKED: CallFunctionLayout = { csd: 'packed', singleTargetCsd: 'stack' };
const LINE: CallFunctionLayout = { csd: 'line', singleTargetCsd: 'slot' };

/** A callable function that notes its argument in a list of words. */
function noting({ boot, smp }: Lab): { readonly func: number; readonly seen: (machine: Machine) => number[] } {
  const notes = boot.records('notes', ['count', 'a', 'b', 'c'], 1);
  const program: ProgramRef<[info: number]> = boot.program('note', function* (cpu, info: number): Program {
    const count = yield* cpu.load(notes.count(0));
    yield* cpu.store((notes.a(0) + count) as ReturnType<typeof notes.a>, info);
    yield* cpu.store(notes.count(0), count + 1);
  });
  return {
    func: smp.register(program),
    seen: (machine) => [...machine.state.subarray(notes.a(0), notes.a(0) + (machine.state[notes.count(0)] as number))],
  };
}

describe('layout', () => {
  it('packs two initiators of one target into a line of the target, or gives each pair a line', () => {
    const { smp: packed } = makeLab(PACKED);
    const line = (word: number): number => Math.floor(word / WORDS_PER_LINE);
    expect(line(packed.csds.next(packed.csds.slot(0, 2)))).toBe(line(packed.csds.next(packed.csds.slot(1, 2))));
    expect(line(packed.csds.next(packed.csds.slot(0, 2)))).not.toBe(line(packed.csds.next(packed.csds.slot(0, 3))));
    const { smp: wide } = makeLab(LINE);
    expect(line(wide.csds.next(wide.csds.slot(0, 2)))).not.toBe(line(wide.csds.next(wide.csds.slot(1, 2))));
    expect(line(wide.csds.flags(wide.csds.slot(0, 2)))).toBe(line(wide.csds.info(wide.csds.slot(0, 2))));
  });

  it('has a csd on the stack only where the layout says so', () => {
    expect(makeLab(PACKED).smp.csds.stack(3)).toBe(19);
    expect(makeLab(PACKED).smp.csds.initiator(19)).toBe(3);
    expect(makeLab(LINE).smp.csds.stack(3)).toBe(-1);
  });
});

describe('a call', () => {
  it('is acknowledged after the function when it is synchronous, before it when not', () => {
    for (const [flags, expected] of [
      [CsdFlag.synchronous, ['1: store notes.a ← 77', '1: store csd[4].flags ← 0']],
      [0, ['1: store csd[4].flags ← 0', '1: store notes.a ← 77']],
    ] as const) {
      const lab = makeLab(PACKED);
      const { func } = noting(lab);
      const { smp } = lab;
      addThread(lab, 0, function* (cpu) {
        yield* cpu.call(smp.programs.queueCall, smp.csds.slot(0, 1), 1, func, 77, flags);
        yield* smp.sendSingle(cpu, 1);
        yield* smp.csdLockWait(cpu, smp.csds.slot(0, 1));
      });
      const log = run(new Machine(lab.boot));
      expect(log.filter((line) => expected.some((wanted) => wanted === line))).toEqual(expected);
    }
  });

  it('reports an empty queue to the first pusher only', () => {
    const lab = makeLab(PACKED);
    const { func } = noting(lab);
    const { smp } = lab;
    const results: number[] = [];
    for (const initiator of [0, 2, 3]) {
      addThread(lab, initiator, function* (cpu) {
        const csd = smp.csds.slot(cpu.id, 1);
        results.push(yield* cpu.call(smp.programs.queueCall, csd, 1, func, cpu.id, CsdFlag.synchronous));
      });
    }
    const machine = new Machine(lab.boot);
    for (const initiator of [2, 0, 3]) run(machine, [initiator]);
    expect(results).toEqual([1, 0, 0]);
  });

  it('is worked off first in, first out', () => {
    const lab = makeLab(PACKED);
    const { func, seen } = noting(lab);
    const { smp } = lab;
    for (const initiator of [0, 2, 3]) {
      addThread(lab, initiator, function* (cpu) {
        yield* cpu.call(smp.programs.queueCall, smp.csds.slot(cpu.id, 1), 1, func, cpu.id, CsdFlag.synchronous);
        if (cpu.id === 3) yield* smp.sendSingle(cpu, 1);
      });
    }
    const machine = new Machine(lab.boot);
    for (const initiator of [2, 0, 3, 1]) run(machine, [initiator]);
    expect(seen(machine)).toEqual([2, 0, 3]);
  });

  it('copies an inlined payload before it unlocks, and hands the function the copy', () => {
    const lab = makeLab(LINE);
    const { func, seen } = noting(lab);
    const { smp, boot } = lab;
    const payload = boot.records('payload', ['a', 'b', 'c', 'd', 'e'], 1);
    addThread(lab, 0, function* (cpu) {
      for (let k = 0; k < 5; k++) yield* cpu.store((payload.a(0) + k) as ReturnType<typeof payload.a>, 10 + k);
      yield* cpu.call(smp.programs.queueCall, smp.csds.slot(0, 1), 1, func, payload.a(0), CsdFlag.inlined);
      yield* smp.sendSingle(cpu, 1);
    });
    const machine = new Machine(boot);
    const log = run(machine);
    expect(seen(machine)).toEqual([smp.payloadCopy(1)]);
    expect([...machine.state.subarray(smp.payloadCopy(1), smp.payloadCopy(1) + 5)]).toEqual([10, 11, 12, 13, 14]);
    const at = (text: string): number => log.findIndex((line) => line.startsWith(text));
    expect(at('1: store payload_copy[1].word4')).toBeLessThan(at('1: store async_func_in_progress[1].func ← 1'));
    expect(at('1: store async_func_in_progress[1].func ← 1')).toBeLessThan(at('1: store csd[4].flags ← 0'));
    expect(machine.state[smp.asyncInProgress(1)]).toBe(0);
  });
});

describe('sending', () => {
  it('writes the ICR once per cluster with a target', () => {
    const lab = makeLab(PACKED);
    addThread(lab, 0, function* (cpu) {
      yield* lab.smp.sendMany(cpu, [1, 2, 3]);
    });
    const log = run(new Machine(lab.boot));
    expect(log.filter((line) => line.includes('icr'))).toEqual([
      '0: icr → cluster 0: many',
      '0: icr → cluster 1: many',
    ]);
  });

  it('fences before an ICR write that does not drain the store buffer', () => {
    for (const [drains, fences] of [
      [true, 0],
      [false, 1],
    ] as const) {
      const lab = makeLab(PACKED, { icrWriteDrainsStores: drains });
      addThread(lab, 0, function* (cpu) {
        yield* lab.smp.sendSingle(cpu, 1);
      });
      expect(run(new Machine(lab.boot)).filter((line) => line === '0: mfence')).toHaveLength(fences);
    }
  });
});

describe('lifetime of a csd (contract C8)', () => {
  const violations = (programs: Partial<CallFunctionPrograms>): string[] => {
    const lab = makeLab(LINE, {}, programs);
    const { func } = noting(lab);
    const { smp, boot } = lab;
    const found: string[] = [];
    const monitor: Monitor = {
      ...noMonitor,
      foreignAccess: (machine, cpu, word) => void found.push(`${cpu}: ${machine.guard.nameOf(word)}`),
    };
    const info = boot.records('payload', ['a', 'b', 'c', 'd', 'e'], 1).a(0);
    addThread(lab, 0, function* (cpu) {
      yield* cpu.call(smp.programs.queueCall, smp.csds.slot(0, 1), 1, func, info, CsdFlag.inlined);
      yield* smp.sendSingle(cpu, 1);
      yield* smp.csdLockWait(cpu, smp.csds.slot(0, 1));
    });
    run(new Machine(boot, { monitor }));
    return found;
  };

  it('is kept by the protocol', () => {
    expect(violations({})).toEqual([]);
  });

  it('is broken by reading `next` after the unlock', () => {
    const late: CallFunctionPrograms['runCsd'] = (smp) =>
      function* (cpu, entry) {
        if (entry === 0) return;
        yield* smp.csdUnlock(cpu, entry - 1);
        yield* cpu.fence();
        return yield* cpu.become(smp.programs.runCsd, yield* cpu.load(smp.csds.next(entry - 1)));
      };
    expect(violations({ runCsd: late })).toEqual(['1: csd[4].next']);
  });
});
