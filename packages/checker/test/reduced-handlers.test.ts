import type { Boot, KernelCpu, Program } from '@shootdown/core';
import { describe, it } from 'vitest';
import { type Body, expectSame, thread, vector } from './reduced.js';

describe('reductions of handlers', () => {
  it('let an NMI be taken whose own store holds up its return', () => {
    const build = (boot: Boot): void => {
      const words = boot.records('word', ['x', 'seen'], 1, { stride: 8 });
      boot.system = {
        nmi: boot.program('nmi', function* (cpu: KernelCpu): Program {
          yield* cpu.store(words.x(0), 1);
        }),
      };
      thread(boot, 0, function* (cpu) {
        yield* cpu.fence();
      });
      thread(boot, 1, function* (cpu) {
        yield* cpu.store(words.seen(0), 1 + (yield* cpu.load(words.x(0))));
      });
    };
    expectSame(build, { nmiBudget: 1 }, [], 3);
  });

  it('let others move between the end of user mode and the first op of a handler', () => {
    const build = (boot: Boot): void => {
      const poke = vector(boot, function* (cpu) {
        yield* cpu.markGeneration(cpu.id, 0);
      });
      thread(boot, 0, function* () {}, { user: true });
      thread(boot, 1, function* (cpu) {
        yield* cpu.sendIpi(0, poke);
        yield* cpu.markGeneration(0, 1);
      });
    };
    expectSame(build, {}, ['C1 exposed'], 1);
  });

  it('let others violate something while a handler puts off what its CPU is judged for', () => {
    const build = (boot: Boot): void => {
      const records = boot.records('record', ['payload'], 1, { wordClass: 'handoff', home: () => 0 });
      const poke = vector(boot, function* () {});
      thread(boot, 0, function* () {}, { user: true });
      thread(boot, 1, function* (cpu) {
        yield* cpu.sendIpi(0, poke);
        yield* cpu.markGeneration(0, 1);
        yield* cpu.load(records.payload(0));
      });
    };
    expectSame(build, {}, ['C1 exposed', 'C8 touched'], 0);
  });

  it('let others answer to a store of a handler before its first op that they could notice', () => {
    const build = (boot: Boot): void => {
      const words = boot.records('word', ['asked', 'answer', 'seen'], 1, { stride: 8 });
      const poke = vector(boot, function* (cpu) {
        yield* cpu.store(words.asked(0), 1);
        yield* cpu.store(words.seen(0), 1 + (yield* cpu.load(words.answer(0))));
      });
      thread(boot, 0, function* () {});
      thread(boot, 1, function* (cpu) {
        yield* cpu.sendIpi(0, poke);
        yield* cpu.waitUntil(words.asked(0), 'equal', 1);
        yield* cpu.store(words.answer(0), 1);
      });
    };
    expectSame(build, {}, [], 2);
  });

  it('see that an NMI turns interrupts off', () => {
    const build = (boot: Boot): void => {
      const words = boot.records('word', ['x', 'done'], 1, { stride: 8 });
      const poke = vector(boot, function* (cpu) {
        yield* cpu.store(words.x(0), 1);
      });
      boot.system = {
        nmi: boot.program('nmi', function* (cpu: KernelCpu): Program {
          yield* cpu.disableInterrupts();
          yield* cpu.sendIpi(cpu.id, poke);
          yield* cpu.store(words.done(0), 1 + cpu.id);
        }),
      };
      const on: Body = function* (cpu) {
        yield* cpu.enableInterrupts();
      };
      for (const cpu of [0, 1]) thread(boot, cpu, on);
    };
    expectSame(build, { nmiBudget: 1 }, [], 5);
  });

  it('tell more IPIs in flight apart than one move can name', () => {
    const build = (boot: Boot): void => {
      const words = boot.records('word', ['n', 'x', 'y'], 1, { stride: 8 });
      for (let vector = 0; vector < 29; vector++)
        boot.vector(
          `v${vector}`,
          boot.program(`h${vector}`, function* () {}),
        );
      const poke = vector(boot, function* (cpu) {
        yield* cpu.store(words.y(0), 1 + (yield* cpu.exchange(words.x(0), 1)));
      });
      thread(boot, 0, function* (cpu) {
        yield* cpu.exchange(words.n(0), 1);
      });
      thread(boot, 1, function* (cpu) {
        for (let sent = 0; sent < 16; sent++) yield* cpu.sendIpi(0, poke);
        yield* cpu.store(words.n(0), 2 + (yield* cpu.load(words.x(0))));
      });
    };
    expectSame(build, {}, [], 6);
  });

  it('leave a handler room for its stores', () => {
    const build = (boot: Boot): void => {
      const words = boot.records('word', ['a', 'b', 'mine', 'x', 'first', 'second'], 1, { stride: 8 });
      const poke = vector(boot, function* (cpu) {
        yield* cpu.store(words.x(0), 1);
        yield* cpu.store(words.first(0), 1 + (yield* cpu.load(words.b(0))));
      });
      thread(boot, 0, function* (cpu) {
        yield* cpu.store(words.a(0), 1);
        yield* cpu.store(words.mine(0), 1);
      });
      thread(boot, 1, function* (cpu) {
        yield* cpu.sendIpi(0, poke);
        yield* cpu.exchange(words.b(0), 1);
        yield* cpu.store(words.second(0), 1 + (yield* cpu.load(words.a(0))));
      });
    };
    expectSame(build, { storeBufferDepth: 2 }, [], 4);
  });

  it('see that a handler writes what the thread under it reads', () => {
    const build = (boot: Boot): void => {
      const words = boot.records('word', ['x', 'seen'], 1);
      const poke = vector(boot, function* (cpu) {
        yield* cpu.store(words.x(0), 1);
      });
      thread(boot, 0, function* (cpu) {
        const first = yield* cpu.load(words.x(0));
        yield* cpu.disableInterrupts();
        const second = yield* cpu.load(words.x(0));
        yield* cpu.store(words.seen(0), 1 + 2 * first + second);
        yield* cpu.enableInterrupts();
      });
      thread(boot, 1, function* (cpu) {
        yield* cpu.sendIpi(0, poke);
      });
    };
    expectSame(build, {}, [], 3);
  });

  it('see a deadlock of an NMI with what it has interrupted', () => {
    const build = (boot: Boot): void => {
      const words = boot.records('word', ['lock', 'x'], 1, { stride: 8 });
      boot.system = {
        nmi: boot.program('nmi', function* (cpu: KernelCpu): Program {
          yield* cpu.waitUntil(words.lock(0), 'equal', 0);
        }),
      };
      thread(boot, 0, function* (cpu) {
        yield* cpu.exchange(words.lock(0), 1);
        yield* cpu.store(words.x(0), 1);
        yield* cpu.store(words.lock(0), 0);
      });
      thread(boot, 1, function* (cpu) {
        yield* cpu.load(words.x(0));
        yield* cpu.load(words.lock(0));
      });
    };
    expectSame(build, { nmiBudget: 1 }, ['C6 deadlock'], 3);
  });
});
