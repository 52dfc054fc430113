import { type Boot, type KernelCpu, makePte, type Program, Pte } from '@shootdown/core';
import { describe, it } from 'vitest';
import { expectSame, thread } from './reduced.js';

describe('late moves', () => {
  it('let a walk be made while a store waits in the buffer', () => {
    const build = (boot: Boot): void => {
      const words = boot.records('word', ['x', 'mine', 'seen'], 1, { stride: 8 });
      const mapped = Pte.writable | Pte.accessed | Pte.dirty;
      boot.memory.initial(boot.tableEntry(0, 0), makePte(1, mapped));
      boot.memory.initial(boot.tableEntry(1, 0), makePte(0, mapped));
      boot.system = {
        nmi: boot.program('nmi', function* (cpu: KernelCpu): Program {
          yield* cpu.store(words.x(0), 1);
          yield* cpu.store(words.mine(0), 1 + (yield* cpu.userLoad(0, true)));
        }),
      };
      thread(boot, 0, function* () {});
      thread(boot, 1, function* (cpu) {
        yield* cpu.exchange(boot.frameRecords.data(0), 1);
        yield* cpu.store(words.seen(0), 1 + (yield* cpu.load(words.x(0))));
      });
    };
    expectSame(build, { nmiBudget: 1 }, [], 5);
  });
});
