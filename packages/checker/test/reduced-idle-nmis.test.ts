import { type Boot, type KernelCpu, makePte, type Program, Pte } from '@shootdown/core';
import { explore, type Exploration, type ExploreOptions, REDUCTIONS } from '@shootdown/checker';
import { describe, expect, it } from 'vitest';
import { type Body, expectSame, machineOf, type Options, thread } from './reduced.js';

type Build = (boot: Boot) => void;
const ONE: Options = { nmiBudget: 1 };
const MODELS = [false, true];
/** With these an NMI is taken by a move of its own. */
const AT_ONCE = REDUCTIONS.filter((reduction) => reduction !== 'late-moves');

function nmi(boot: Boot, body: Body): void {
  boot.system = { nmi: boot.program('nmi', body) };
}

/** Two CPUs that exchange a word, and an NMI. */
function exchanging(body: (boot: Boot) => Body): Build {
  return (boot) => {
    const words = boot.records('word', ['x'], 1);
    nmi(boot, body(boot));
    for (const each of [0, 1])
      thread(boot, each, function* (cpu) {
        for (let turn = 1; turn < 3; turn++) yield* cpu.exchange(words.x(0), 2 * turn + cpu.id);
      });
  };
}

const explored = (build: Build, options: Options, how: ExploreOptions = {}): Exploration =>
  explore(machineOf(build, options), { reductions: REDUCTIONS, ...how });

describe('an NMI that comes to nothing', () => {
  it('adds no states, under either memory model, however many may come', () => {
    const idle = exchanging((boot) => {
      const own = boot.records('own', ['word'], 2, { wordClass: 'cpu', home: (index) => index });
      return function* (cpu) {
        yield* cpu.load(own.word(cpu.id));
      };
    });
    for (const sequentiallyConsistent of MODELS) {
      const none = explored(idle, { sequentiallyConsistent });
      for (const nmiBudget of [1, 2, 3]) {
        expect(explored(idle, { sequentiallyConsistent, nmiBudget }).states).toBe(none.states);
        expectSame(idle, { sequentiallyConsistent, nmiBudget }, [], 2);
      }
    }
  });

  it('adds none either where it is taken by a move of its own, the way on told as ever', () => {
    const build = exchanging(() => function* () {});
    for (const reductions of [['idle-nmis'] as const, AT_ONCE])
      for (const sequentiallyConsistent of MODELS) {
        const none = explored(build, { sequentiallyConsistent }, { reductions });
        const some = explored(build, { sequentiallyConsistent, nmiBudget: 2 }, { reductions });
        expect([some.states, some.depth, some.outcomes]).toEqual([none.states, none.depth, none.outcomes]);
      }
  });

  it('leads to the same states whatever is remembered and however they are stored', () => {
    const build = exchanging(() => function* () {});
    const told = ({ states, transitions, terminalStates, depth }: Exploration): unknown => {
      return { states, transitions, terminalStates, depth };
    };
    const first = told(explored(build, ONE));
    const firstAlone = told(explored(build, ONE, { reductions: AT_ONCE }));
    for (const how of [{ rememberMoves: 0 }, { rememberMoves: 5 }, { store: 'plain' } as const]) {
      expect(told(explored(build, ONE, how))).toEqual(first);
      expect(told(explored(build, ONE, { ...how, reductions: AT_ONCE }))).toEqual(firstAlone);
    }
  });

  it('is on no way to a violation', () => {
    const build: Build = (boot) => {
      const records = boot.records('record', ['payload'], 1, { wordClass: 'handoff', home: () => 0 });
      const words = boot.records('word', ['x'], 1);
      nmi(boot, function* () {});
      for (const each of [0, 1])
        thread(boot, each, function* (cpu) {
          yield* cpu.exchange(words.x(0), cpu.id);
          yield* cpu.exchange(words.x(0), cpu.id);
          yield* cpu.load(records.payload(0));
        });
    };
    expectSame(build, ONE, ['C8 touched'], 0);
    for (const how of [{}, { rememberMoves: 0 }, { reductions: AT_ONCE }, { reductions: AT_ONCE, rememberMoves: 0 }]) {
      const { states, violations } = explored(build, ONE, how);
      expect(states).toBe(explored(build, {}, how).states);
      expect(violations[0]?.trace.map(({ text }) => text)).not.toContain('takes an NMI');
    }
  });

  it('is gone on from above user code of a violated machine, where others may go on until its return is judged', () => {
    const build: Build = (boot) => {
      const records = boot.records('record', ['payload'], 1, { wordClass: 'handoff', home: () => 0 });
      nmi(boot, function* () {});
      thread(boot, 0, function* () {}, { user: true });
      thread(boot, 1, function* (cpu) {
        yield* cpu.markGeneration(0, 1);
        yield* cpu.load(records.payload(0));
      });
    };
    expectSame(build, ONE, ['C1 exposed', 'C8 touched'], 0);
  });

  it('is found out to violate something by its own access', () => {
    const build: Build = (boot) => {
      const mapped = Pte.writable | Pte.accessed;
      boot.memory.initial(boot.tableEntry(0, 0), makePte(1, mapped));
      boot.memory.initial(boot.tableEntry(1, 0), makePte(0, mapped));
      nmi(boot, function* (cpu) {
        yield* cpu.userLoad(0);
      });
      thread(boot, 0, function* (cpu) {
        yield* cpu.userLoad(0);
      });
      thread(boot, 1, function* (cpu) {
        yield* cpu.markGeneration(0, 1);
      });
    };
    for (const sequentiallyConsistent of MODELS)
      expectSame(build, { ...ONE, sequentiallyConsistent }, ['C1 exposed', 'C1 used'], 1);
  });

  it('drains nothing that could not be drained without it', () => {
    const build: Build = (boot) => {
      const words = boot.records('word', ['x', 'y', 'first', 'second'], 1, { stride: 8 });
      nmi(boot, function* () {});
      thread(boot, 0, function* (cpu) {
        yield* cpu.store(words.x(0), 1);
        yield* cpu.store(words.first(0), 1 + (yield* cpu.load(words.y(0))));
      });
      thread(boot, 1, function* (cpu) {
        yield* cpu.store(words.y(0), 1);
        yield* cpu.store(words.second(0), 1 + (yield* cpu.load(words.x(0))));
      });
    };
    expectSame(build, { nmiBudget: 2 }, [], 4);
  });
});

describe('an NMI that leaves something behind', () => {
  it('is gone on from when it writes a word, and then a value that the word has already', () => {
    const build = exchanging((boot) => {
      const words = boot.records('noted', ['word'], 2, { stride: 1 });
      return function* (cpu) {
        yield* cpu.store(words.word(cpu.id), 1);
      };
    });
    for (const sequentiallyConsistent of MODELS) expectSame(build, { nmiBudget: 3, sequentiallyConsistent }, [], 8);
  });

  it('is gone on from when it comes to something the second time', () => {
    const build: Build = (boot) => {
      const words = boot.records('word', ['flag', 'count'], 1, { stride: 8 });
      nmi(boot, function* (cpu) {
        if (yield* cpu.load(words.flag(0))) yield* cpu.fetchAdd(words.count(0), 1);
      });
      thread(boot, 0, function* () {});
      thread(boot, 1, function* (cpu) {
        yield* cpu.exchange(words.flag(0), 1);
      });
    };
    expectSame(build, { nmiBudget: 2 }, [], 3);
  });

  it('is gone on from when it ends HLT', () => {
    const build: Build = (boot) => {
      const words = boot.records('word', ['awake'], 1);
      nmi(boot, function* () {});
      thread(boot, 0, function* (cpu) {
        yield* cpu.halt();
        yield* cpu.store(words.awake(0), 1);
      });
      thread(boot, 1, function* () {});
    };
    expectSame(build, ONE, ['C6 deadlock'], 2);
  });

  it('is gone on from when its walk sets an accessed flag', () => {
    const build: Build = (boot) => {
      boot.memory.initial(boot.tableEntry(0, 0), makePte(1, Pte.writable | Pte.accessed));
      boot.memory.initial(boot.tableEntry(1, 0), makePte(0, Pte.writable));
      nmi(boot, function* (cpu) {
        yield* cpu.userLoad(0);
      });
      for (const cpu of [0, 1]) thread(boot, cpu, function* () {});
    };
    expectSame(build, ONE, [], 2);
  });

  it('is gone on from when the monitors keep something of it', () => {
    const build: Build = (boot) => {
      boot.memory.initial(boot.tableEntry(0, 0), makePte(1, Pte.writable | Pte.accessed));
      boot.memory.initial(boot.tableEntry(1, 0), makePte(0, Pte.writable | Pte.accessed));
      nmi(boot, function* (cpu: KernelCpu): Program {
        yield* cpu.markGeneration(1 - cpu.id, 1);
      });
      thread(boot, 0, function* () {});
      thread(boot, 1, function* (cpu) {
        yield* cpu.userLoad(0);
      });
    };
    expectSame(build, ONE, ['C1 exposed', 'C1 used'], 1);
  });
});
