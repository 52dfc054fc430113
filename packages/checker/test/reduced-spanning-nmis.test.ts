import type { Boot } from '@shootdown/core';
import { describe, it } from 'vitest';
import { expectSame, thread } from './reduced.js';

type Build = (boot: Boot) => void;

/** What the NMI does behind what it has seen: `a` before and `b` after the store of its own CPU to `v`, which was buffered when it came. */
function spanning(isDeadlock: boolean): Build {
  return (boot) => {
    const words = boot.records('word', ['v', 'a', 'b', 'never'], 1, { stride: 8 });
    const records = boot.records('record', ['payload'], 1, { wordClass: 'handoff', home: () => 1 });
    boot.system = {
      nmi: boot.program('nmi', function* (cpu) {
        if ((yield* cpu.load(words.a(0))) !== 0) return;
        if ((yield* cpu.load(words.b(0))) === 0) return;
        if (isDeadlock) yield* cpu.waitUntil(words.never(0), 'equal', 1);
        else yield* cpu.load(records.payload(0));
      }),
    };
    thread(boot, 0, function* (cpu) {
      yield* cpu.store(words.v(0), 1);
    });
    thread(boot, 1, function* (cpu) {
      yield* cpu.exchange(words.a(0), 1);
      if (yield* cpu.load(words.v(0))) return;
      yield* cpu.waitUntil(words.v(0), 'equal', 1);
      yield* cpu.exchange(words.b(0), 1);
    });
  };
}

describe('an NMI during which a store of the interrupted program becomes visible', () => {
  it('is begun behind the store when it violates something after it', () => {
    expectSame(spanning(false), { nmiBudget: 1 }, ['C8 touched'], 2);
  });

  it('is begun behind the store when it waits for ever after it', () => {
    expectSame(spanning(true), { nmiBudget: 1 }, ['C6 deadlock'], 2);
  });
});
