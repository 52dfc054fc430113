import type { Boot, KernelCpu, Program } from '@shootdown/core';
import { describe, it } from 'vitest';
import { type Body, expectSame, thread, vector } from './reduced.js';

describe('reductions', () => {
  it('let the stores of a handler become visible before those of the thread that it interrupts', () => {
    const build = (boot: Boot): void => {
      const words = boot.records('word', ['x', 'y', 'seen'], 1, { stride: 8 });
      const poke = vector(boot, function* (cpu) {
        yield* cpu.store(words.y(0), 1);
      });
      thread(boot, 0, function* (cpu) {
        yield* cpu.store(words.x(0), 1);
      });
      thread(boot, 1, function* (cpu) {
        yield* cpu.sendIpi(0, poke);
        yield* cpu.waitUntil(words.y(0), 'equal', 1);
        yield* cpu.store(words.seen(0), 1 + (yield* cpu.load(words.x(0))));
      });
    };
    expectSame(build, {}, [], 2);
  });

  it('let a probe be hit before any op of a handler', () => {
    const build = (boot: Boot): void => {
      const words = boot.records('word', ['x', 'seen'], 1);
      const poke = vector(boot, function* (cpu) {
        yield* cpu.store(words.x(0), 1);
      });
      boot.system = {
        probe: boot.program('probe', function* (cpu: KernelCpu): Program {
          yield* cpu.store(words.seen(0), 1 + (yield* cpu.load(words.x(0))));
        }),
      };
      thread(boot, 0, function* (cpu) {
        yield* cpu.sendIpi(1, poke);
      });
    };
    expectSame(build, { probeBudget: 1, sequentiallyConsistent: true }, [], 3);
  });

  it('let a wait end between two stores that hurry', () => {
    const build = (boot: Boot): void => {
      const words = boot.records('word', ['x', 'go', 'seen'], 1);
      thread(boot, 0, function* (cpu) {
        for (let value = 1; value <= 40; value++) {
          yield* cpu.store(words.x(0), value);
          yield* cpu.exchange(words.go(0), value);
        }
        yield* cpu.store(words.x(0), 100);
        yield* cpu.store(words.x(0), 101);
      });
      thread(
        boot,
        1,
        function* (cpu) {
          for (let value = 1; value <= 40; value++) yield* cpu.waitUntil(words.go(0), 'equal', value);
          yield* cpu.waitUntil(words.x(0), 'equal', 100);
          yield* cpu.store(words.seen(0), 1);
        },
        { daemon: true },
      );
    };
    expectSame(build, { sequentiallyConsistent: true }, [], 2);
  });

  const handOff = (boot: Boot) =>
    boot.records('record', ['payload', 'flag'], 1, { wordClass: 'handoff', syncFields: ['flag'] });

  it('see that a record is taken from its owner', () => {
    const build = (boot: Boot): void => {
      const record = handOff(boot);
      thread(boot, 0, function* (cpu) {
        yield* cpu.store(record.payload(0), 1);
      });
      thread(boot, 1, function* (cpu) {
        yield* cpu.handOver(record.group(0), 1).exchange(record.flag(0), 1);
      });
    };
    expectSame(build, { sequentiallyConsistent: true }, ['C8 touched'], 1);
  });

  it('see that a handler passes on what the thread under it uses', () => {
    const build = (boot: Boot): void => {
      const record = handOff(boot);
      const poke = vector(boot, function* (cpu) {
        yield* cpu.handOver(record.group(0), 1).store(record.flag(0), 1);
      });
      thread(boot, 0, function* (cpu) {
        yield* cpu.store(record.payload(0), 1);
      });
      thread(boot, 1, function* (cpu) {
        yield* cpu.sendIpi(0, poke);
      });
    };
    expectSame(build, { sequentiallyConsistent: true }, ['C8 touched'], 1);
  });

  /** CPU 1 interrupts CPU 0, whose thread runs `above` before it goes on. */
  const preempting = (boot: Boot, body: Body, above: Body): void => {
    const program = boot.program('above', function* (cpu: KernelCpu, _argument: number, wasUser: number): Program {
      yield* above(cpu);
      yield* cpu.resumePreempted(wasUser);
    });
    const poke = vector(boot, function* (cpu) {
      yield* cpu.preempt(program, 0);
    });
    thread(boot, 0, body);
    thread(boot, 1, function* (cpu) {
      yield* cpu.sendIpi(0, poke);
    });
  };

  it('see that what preempts a thread changes what the thread reads', () => {
    const build = (boot: Boot): void => {
      const words = boot.records('word', ['x', 'seen'], 1);
      preempting(
        boot,
        function* (cpu) {
          yield* cpu.store(words.seen(0), 1 + (yield* cpu.load(words.x(0))));
        },
        function* (cpu) {
          yield* cpu.exchange(words.x(0), 1);
        },
      );
    };
    expectSame(build, {}, [], 2);
  });

  it('see that what preempts a thread passes on what the thread uses', () => {
    const build = (boot: Boot): void => {
      const record = handOff(boot);
      preempting(
        boot,
        function* (cpu) {
          yield* cpu.store(record.payload(0), 1);
        },
        function* (cpu) {
          yield* cpu.handOver(record.group(0), 1).store(record.flag(0), 1);
        },
      );
    };
    expectSame(build, { sequentiallyConsistent: true }, ['C8 touched'], 1);
  });

  it('let an interrupt be taken just before HLT', () => {
    const build = (boot: Boot): void => {
      const words = boot.records('word', ['x'], 1);
      const poke = vector(boot, function* () {});
      thread(boot, 0, function* (cpu) {
        yield* cpu.exchange(words.x(0), 1);
        yield* cpu.phase('wait');
        yield* cpu.halt();
      });
      thread(boot, 1, function* (cpu) {
        yield* cpu.waitUntil(words.x(0), 'equal', 1);
        yield* cpu.sendIpi(0, poke);
      });
    };
    expectSame(build, { sequentiallyConsistent: true }, ['C6 deadlock'], 1);
  });

  it('let an interrupt be taken between an answer and HLT', () => {
    const build = (boot: Boot): void => {
      const words = boot.records('word', ['x'], 1);
      const poke = vector(boot, function* () {});
      thread(boot, 0, function* (cpu) {
        yield* cpu.exchange(words.x(0), 1);
        yield* cpu.choose(2);
        yield* cpu.halt();
      });
      thread(boot, 1, function* (cpu) {
        yield* cpu.waitUntil(words.x(0), 'equal', 1);
        yield* cpu.sendIpi(0, poke);
      });
    };
    expectSame(build, { sequentiallyConsistent: true }, ['C6 deadlock'], 1);
  });

  it('do not wait for ever for who chooses in a circle', () => {
    const build = (boot: Boot): void => {
      const record = handOff(boot);
      const choosing = boot.program('choosing', function* (cpu: KernelCpu): Program {
        yield* cpu.choose(2);
        yield* cpu.phase('wait');
        return yield* cpu.become(choosing);
      });
      boot.thread('choosing', 0, choosing, [], { daemon: true });
      thread(boot, 1, function* (cpu) {
        yield* cpu.load(record.payload(0));
      });
    };
    expectSame(build, { sequentiallyConsistent: true }, ['C8 touched'], 0);
  });
});
