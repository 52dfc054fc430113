import type { Boot, KernelCpu, Program } from '@shootdown/core';
import { describe, it } from 'vitest';
import { type Body, expectSame, thread, vector } from './reduced.js';

describe('reductions by what others can still do', () => {
  it('do not hurry an op before HLT that comes to commute only when others have moved', () => {
    const build = (boot: Boot): void => {
      const x = boot.records('word', ['x'], 1).x(0);
      const poke = vector(boot, function* () {});
      thread(boot, 0, function* (cpu) {
        yield* cpu.store(x, 0);
        yield* cpu.sendIpi(1, poke);
      });
      thread(boot, 1, function* (cpu) {
        yield* cpu.store(x, 0);
        yield* cpu.halt();
      });
    };
    expectSame(build, {}, ['C6 deadlock'], 1);
  });

  it('let an owner wait for foreign accesses that the search goes on from', () => {
    const build = (boot: Boot): void => {
      const records = boot.records('record', ['payload'], 1, { wordClass: 'handoff', home: () => 0 });
      const seen = boot.records('word', ['seen'], 1).seen(0);
      thread(boot, 0, function* (cpu) {
        yield* cpu.store(records.payload(0), 1);
      });
      thread(boot, 1, function* (cpu) {
        yield* cpu.store(seen, 1 + (yield* cpu.load(records.payload(0))));
      });
    };
    expectSame(build, {}, ['C8 touched'], 2, { expandBeyond: ['C8 touched'] });
  });

  it('let an NMI that turns interrupts off come before the return of a handler, which turns them on', () => {
    const build = (boot: Boot): void => {
      const words = boot.records('word', ['x', 'seen'], 1, { stride: 8 });
      const poke = vector(boot, function* (cpu) {
        yield* cpu.fetchAdd(words.x(0), 1);
      });
      boot.system = {
        nmi: boot.program('nmi', function* (cpu: KernelCpu): Program {
          if (cpu.id === 1) return;
          yield* cpu.exchange(words.seen(0), 1 + (yield* cpu.load(words.x(0))));
          yield* cpu.disableInterrupts();
        }),
      };
      thread(boot, 0, function* () {});
      const asking: Body = function* (cpu) {
        yield* cpu.sendIpi(0, poke);
        yield* cpu.waitUntil(words.seen(0), 'equal', 2);
        yield* cpu.sendIpi(0, poke);
      };
      thread(boot, 1, asking, { daemon: true });
    };
    expectSame(build, { nmiBudget: 1 }, [], 5);
  });
});
