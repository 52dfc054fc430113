import type { Boot, KernelCpu, Program } from '@shootdown/core';
import { explore, type Exploration, type ExploreOptions, REDUCTIONS, startExploration } from '@shootdown/checker';
import { describe, expect, it } from 'vitest';
import { expectSame, isRare, machineOf, thread, vector } from './reduced.js';

type Build = (boot: Boot) => void;

function* always(cpu: KernelCpu): Program<boolean> {
  return (yield* cpu.choose(1)) === 0;
}

/**
 * CPU 1 exposes CPU 0 when that is in user mode, and then touches a record of CPU 0's if a handler has been asked and has answered. Where it
 * does no harm it does the same otherwise, so that nothing else is learned from it.
 */
function told(isHarm: (cpu: KernelCpu) => Program<boolean>): Build {
  return (boot) => {
    const records = boot.records('record', ['payload'], 1, { wordClass: 'handoff', home: () => 0 });
    const words = boot.records('word', ['asked', 'answer'], 1, { stride: 8 });
    boot.system = {
      nmi: boot.program('nmi', function* (cpu: KernelCpu): Program {
        if (yield* cpu.load(words.asked(0))) yield* cpu.exchange(words.answer(0), 1);
      }),
    };
    thread(boot, 0, function* () {}, { user: true });
    thread(boot, 1, function* (cpu) {
      const harms = yield* isHarm(cpu);
      yield* cpu.markGeneration(0, harms ? 1 : 0);
      yield* cpu.exchange(words.asked(0), 1);
      if ((yield* cpu.load(words.answer(0))) && harms) yield* cpu.load(records.payload(0));
    });
  };
}

/** CPU 1 exposes CPU 0 and touches its record when a handler of CPU 0 has come to its last op. */
function answered(isHarm: (cpu: KernelCpu) => Program<boolean>): Build {
  return (boot) => {
    const records = boot.records('record', ['payload'], 1, { wordClass: 'handoff', home: () => 0 });
    const words = boot.records('word', ['begun'], 1);
    const poke = vector(boot, function* (cpu) {
      yield* cpu.exchange(words.begun(0), 1);
    });
    thread(boot, 0, function* () {}, { user: true });
    thread(boot, 1, function* (cpu) {
      const harms = yield* isHarm(cpu);
      yield* cpu.sendIpi(0, poke);
      yield* cpu.waitUntil(words.begun(0), 'equal', 1);
      yield* cpu.markGeneration(0, harms ? 1 : 0);
      if (harms) yield* cpu.load(records.payload(0));
    });
  };
}

const OTHERS = REDUCTIONS.filter((reduction) => reduction !== 'clean-first');
const sizes = ({ verdict, states, transitions, violations, outcomes }: Exploration): unknown => {
  return { verdict, states, transitions, violations, outcomes };
};

describe('what is done while nothing is violated', () => {
  it('leaves an NMI where it leaves user mode when what follows a violation depends on that', () => {
    expectSame(told(always), { nmiBudget: 1 }, ['C1 exposed', 'C8 touched'], 0);
  });

  it('leaves a handler before its return to user mode when what follows a violation depends on that', () => {
    expectSame(answered(always), {}, ['C1 exposed', 'C8 touched'], 0);
  });

  it('is found out by a search that no walk has warned', () => {
    expectSame(told(isRare), { nmiBudget: 1 }, ['C1 exposed', 'C8 touched'], 2);
    expectSame(answered(isRare), {}, ['C1 exposed', 'C8 touched'], 1);
  });

  it('is found out where the search goes on beyond a violation', () => {
    const beyond = { expandBeyond: ['C1 exposed'] };
    expectSame(told(isRare), { nmiBudget: 1 }, ['C1 exposed', 'C8 touched'], 2, beyond);
    expectSame(answered(isRare), {}, ['C1 exposed', 'C8 touched'], 1, beyond);
  });

  it('is not what a violated machine is told by', () => {
    const runs: readonly ExploreOptions[] = [{}, { stopAtFirst: true }, { rememberMoves: 0 }, { store: 'plain' }];
    for (const build of [told(isRare), answered(isRare)])
      for (const options of runs) {
        const first = explore(machineOf(build, { nmiBudget: 1 }), { ...options, reductions: REDUCTIONS });
        const plain = explore(machineOf(build, { nmiBudget: 1 }), { ...options, reductions: OTHERS });
        expect(sizes(first)).toEqual(sizes(plain));
      }
  });

  it('does not make a violated machine clean when a limit cuts the search', () => {
    const make = machineOf(answered(isRare), {});
    const { states } = explore(make, { reductions: REDUCTIONS });
    const step = Math.floor(states / 15);
    for (let maxStates = 1; maxStates < states; maxStates += step)
      expect(explore(make, { reductions: REDUCTIONS, maxStates }).verdict).not.toBe('clean');
    for (let advanced = 1; advanced < 3 * states; advanced += step) {
      const running = startExploration(make, { reductions: REDUCTIONS });
      running.advance(advanced);
      expect(running.finish().verdict).not.toBe('clean');
    }
  });

  it('tells the violation that has made it begin anew, although it is cut before it has come there again', () => {
    const running = startExploration(machineOf(answered(isRare), {}), { reductions: REDUCTIONS });
    const told: { states: number; verdict: string }[] = [];
    for (let isDone = false; !isDone; ) {
      isDone = running.advance(5);
      told.push({ states: running.progress().states, verdict: running.finish().verdict });
    }
    const last = told.findLastIndex(({ states }, index) => states < (told[index - 1]?.states ?? 0));
    expect(last).toBeGreaterThan(0);
    expect(new Set(told.slice(last).map(({ verdict }) => verdict))).toEqual(new Set(['violated']));
  });

  it('saves states of a clean machine', () => {
    const build: Build = (boot) => {
      const words = boot.records('word', ['x'], 1);
      const poke = vector(boot, function* () {});
      thread(boot, 0, function* () {}, { user: true });
      thread(boot, 1, function* (cpu) {
        yield* cpu.sendIpi(0, poke);
        for (let turn = 1; turn < 4; turn++) yield* cpu.exchange(words.x(0), turn);
      });
    };
    expectSame(build, {}, [], 1);
    const count = (reductions: ExploreOptions['reductions'] = []): number =>
      explore(machineOf(build, {}), { reductions }).states;
    expect(count(REDUCTIONS)).toBeLessThan(count(OTHERS));
  });

  it('leaves a deadlock of a handler with what it has interrupted', () => {
    const build: Build = (boot) => {
      const words = boot.records('word', ['x'], 1);
      const poke = vector(boot, function* (cpu) {
        yield* cpu.waitUntil(words.x(0), 'equal', 1);
      });
      thread(
        boot,
        0,
        function* (cpu) {
          yield* cpu.enterKernel();
          yield* cpu.exchange(words.x(0), 1);
        },
        { user: true },
      );
      thread(boot, 1, function* (cpu) {
        yield* cpu.sendIpi(0, poke);
      });
    };
    expectSame(build, {}, ['C6 deadlock'], 2);
  });
});
