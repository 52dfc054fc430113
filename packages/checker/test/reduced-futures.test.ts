import type { Boot } from '@shootdown/core';
import { describe, it } from 'vitest';
import { expectSame, thread, vector } from './reduced.js';

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
});
