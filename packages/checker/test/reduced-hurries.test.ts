import { type Boot, makePte, Pte } from '@shootdown/core';
import { explore, REDUCTIONS } from '@shootdown/checker';
import { describe, expect, it } from 'vitest';
import { expectSame, isRare, machineOf, type Options, thread, vector } from './reduced.js';

type Build = (boot: Boot) => void;

const SC = { sequentiallyConsistent: true };

/** States without reductions, and with all of them. */
const sizes = (build: Build, options: Options): readonly number[] =>
  [[], REDUCTIONS].map((reductions) => explore(machineOf(build, options), { reductions }).states);

describe('a thread that goes to user mode', () => {
  it('does so ahead of the interrupts of its CPU', () => {
    const build: Build = (boot) => {
      const words = boot.records('word', ['x', 'y'], 1, { stride: 8 });
      const poke = vector(boot, function* (cpu) {
        yield* cpu.exchange(words.y(0), 1);
      });
      thread(boot, 0, function* (cpu) {
        yield* cpu.exchange(words.x(0), 1);
        yield* cpu.returnToUser();
      });
      thread(boot, 1, function* (cpu) {
        yield* cpu.sendIpi(0, poke);
        yield* cpu.exchange(words.x(0), 2);
      });
    };
    expectSame(build, {}, [], 2);
    expect(sizes(build, {})).toEqual([112, 12]);
  });

  it('does not where an interrupt finds it in the kernel and pays what it would be judged for', () => {
    const build: Build = (boot) => {
      const words = boot.records('word', ['paid'], 1);
      const records = boot.records('record', ['payload'], 1, { wordClass: 'handoff', home: () => 0 });
      const poke = vector(boot, function* (cpu) {
        yield* cpu.markGeneration(0, 0);
        yield* cpu.exchange(words.paid(0), 1);
      });
      thread(boot, 0, function* (cpu) {
        yield* cpu.returnToUser();
      });
      thread(boot, 1, function* (cpu) {
        yield* cpu.markGeneration(0, 1);
        yield* cpu.sendIpi(0, poke);
        yield* cpu.waitUntil(words.paid(0), 'equal', 1);
        yield* cpu.load(records.payload(0));
      });
    };
    expectSame(build, {}, ['C1 exposed', 'C8 touched'], 0);
  });

  it('does not where an interrupt that preempts it tells in which mode it was', () => {
    const build: Build = (boot) => {
      const words = boot.records('word', ['mode'], 1);
      const preempting = boot.program('preempting', function* (cpu, _argument: number, wasUser: number) {
        yield* cpu.exchange(words.mode(0), 1 + wasUser);
        yield* cpu.resumePreempted(wasUser);
      });
      const handler = boot.program('handler', function* (cpu) {
        yield* cpu.endOfInterrupt();
        yield* cpu.preempt(preempting, 0);
      });
      const poke = boot.vector('poke', handler);
      thread(boot, 0, function* (cpu) {
        yield* cpu.returnToUser();
      });
      thread(boot, 1, function* (cpu) {
        if (yield* isRare(cpu)) yield* cpu.sendIpi(0, poke);
      });
    };
    expectSame(build, {}, [], 3);
  });
});

describe('what only handlers touch that the CPU itself has yet to start', () => {
  /** CPU 1 copies what CPU 0 has stored before it asked, the first time that it is asked; `others` may ask before that. */
  const asked =
    (others: number): Build =>
    (boot) => {
      const words = boot.records('word', ['x', 'copy'], 1, { stride: 8 });
      const poke = vector(boot, function* (cpu) {
        const x = yield* cpu.load(words.x(0));
        yield* cpu.compareExchange(words.copy(0), 0, 1 + x);
      });
      thread(boot, 0, function* (cpu) {
        yield* cpu.store(words.x(0), 1);
        yield* cpu.sendIpi(1, poke);
      });
      thread(boot, 1, function* () {});
      for (let cpu = 2; cpu < 2 + others; cpu++)
        thread(boot, cpu, function* (it) {
          yield* it.sendIpi(1, poke);
        });
    };

  it('is stored at once', () => {
    expectSame(asked(0), SC, [], 1);
    expect(sizes(asked(0), SC)).toEqual([32, 3]);
  });

  it('is not where somebody else may start them before', () => {
    expectSame(asked(1), { ...SC, cpuCount: 3 }, [], 2);
  });

  it('is not where somebody else may start them by a mask', () => {
    const build: Build = (boot) => {
      const words = boot.records('word', ['x', 'seen'], 1, { stride: 8 });
      const mask = boot.mask('mask');
      boot.memory.initial(mask, 1);
      const poke = vector(boot, function* (cpu) {
        yield* cpu.store(words.seen(0), 1 + (yield* cpu.load(words.x(0))));
      });
      thread(boot, 0, function* (cpu) {
        yield* cpu.store(words.x(0), 1);
        yield* cpu.store(words.x(0), 2);
      });
      thread(boot, 1, function* (cpu) {
        yield* cpu.sendIpiMask(mask, poke, 0);
      });
    };
    expectSame(build, {}, [], 3);
  });

  it('becomes visible when it may, while the CPU goes on', () => {
    expectSame(asked(0), { icrWriteDrainsStores: false }, [], 2);
  });
});

describe('an entry of a page table', () => {
  /** CPU 0 asks for a flag of the entry while CPU 1 uses the page. */
  const asks =
    (flag: number): Build =>
    (boot) => {
      const words = boot.records('word', ['answer'], 1);
      boot.memory.initial(boot.tableEntry(0, 0), makePte(1, Pte.writable | Pte.accessed));
      boot.memory.initial(boot.tableEntry(1, 0), makePte(0, Pte.writable));
      thread(boot, 0, function* (cpu) {
        const isSet = yield* cpu.test(boot.tableEntry(1, 0), 'anyBitSet', flag);
        yield* cpu.exchange(words.answer(0), isSet ? 1 : 2);
      });
      thread(
        boot,
        1,
        function* (cpu) {
          yield* cpu.userStore(0, 7);
        },
        { user: true },
      );
    };

  it('is read at once for what walkers leave alone', () => {
    expectSame(asks(Pte.present), SC, [], 1);
  });

  it.each(['accessed', 'dirty'] as const)('is not read at once for %s', (flag) => {
    expectSame(asks(Pte[flag]), SC, [], 2);
  });
});

describe('a record that is passed on', () => {
  /** CPU 0 gives CPU 1 its record and tells it so, or does not wait with that. */
  const given =
    (isTold: boolean): Build =>
    (boot) => {
      const words = boot.records('word', ['told', 'x'], 1, { stride: 8 });
      const records = boot.records('record', ['payload'], 1, { wordClass: 'handoff', home: () => 0 });
      thread(boot, 0, function* (cpu) {
        yield* cpu.store(records.payload(0), 7);
        yield* cpu.handOver(records.group(0), 1).exchange(words.x(0), 1);
        yield* cpu.exchange(words.told(0), 1);
      });
      thread(boot, 1, function* (cpu) {
        yield* isTold ? cpu.waitUntil(words.told(0), 'equal', 1) : cpu.waitUntil(words.x(0), 'atLeast', 0);
        yield* cpu.load(records.payload(0));
      });
    };

  it('is the new owner’s when that one comes to it', () => {
    expectSame(given(true), SC, [], 1);
  });

  it('is still the old owner’s when that one may come to it before', () => {
    expectSame(given(false), SC, ['C8 touched'], 1);
  });

  it('is still the old owner’s for who waits for several words', () => {
    const build: Build = (boot) => {
      const records = boot.records('record', ['payload', 'flag'], 1, {
        wordClass: 'handoff',
        syncFields: ['flag'],
        home: () => 0,
      });
      thread(boot, 0, function* (cpu) {
        yield* cpu.handOver(records.group(0), 1).exchange(records.flag(0), 1);
      });
      thread(boot, 1, function* (cpu) {
        yield* cpu.waitAny([records.payload(0)], 'equal', 0);
      });
    };
    expectSame(build, SC, ['C8 touched'], 1);
  });
});

describe('what is learned from the last moves of a search', () => {
  it('is learned before the search is over', () => {
    const build: Build = (boot) => {
      const words = boot.records('word', ['x', 'y'], 1, { stride: 8 });
      thread(boot, 0, function* (cpu) {
        yield* cpu.waitUntil(words.y(0), 'equal', 1);
        for (let turn = 0; turn < 12; turn++) if ((yield* cpu.choose(2)) === 1) return;
        yield* cpu.waitUntil(words.x(0), 'equal', 1);
      });
      thread(boot, 1, function* (cpu) {
        yield* cpu.exchange(words.y(0), 1);
        yield* cpu.exchange(words.x(0), 1);
        yield* cpu.exchange(words.x(0), 2);
      });
    };
    const { verdict } = explore(machineOf(build, {}), { reductions: REDUCTIONS, rememberMoves: 0 });
    expect(verdict).toBe('violated');
  });
});
