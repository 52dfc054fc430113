import type { Boot, KernelCpu, Program } from '@shootdown/core';
import { describe, it } from 'vitest';
import { expectSame, thread, vector } from './reduced.js';

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
