import { Boot, type KernelCpu, LiveRunner, Machine, type Program } from '@shootdown/core';
import { automatonMachine, explore, type MachineFactory } from '@shootdown/checker';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EnabledMoves } from '../src/search/enabled-moves.js';
import { applyMove } from '../src/search/move.js';
import { LITMUS_SHAPE, litmusMachine, type LitmusThread, X } from './litmus.js';

const machineOf = (...threads: readonly LitmusThread[]): MachineFactory =>
  litmusMachine({ name: 'test', memory: 'tso', threads });

/** A machine whose programs are built together, so that they can share a closure. */
function sharing(build: () => (cpu: KernelCpu, word: number) => Program): MachineFactory {
  return (options) => {
    const boot = new Boot(LITMUS_SHAPE);
    const words = boot.records('word', ['x'], 1);
    const body = build();
    for (const cpu of [0, 1])
      boot.thread(
        `P${cpu}`,
        cpu,
        boot.program(`P${cpu}`, (view: KernelCpu) => body(view, words.x(0))),
        [],
      );
    return new Machine(boot, options);
  };
}

describe('program automaton', () => {
  it('closes a loop that becomes itself', () => {
    const factory: MachineFactory = (options) => {
      const boot = new Boot(LITMUS_SHAPE);
      const words = boot.records('word', ['x'], 1);
      const loop = boot.program('loop', function* (cpu: KernelCpu): Program {
        if ((yield* cpu.choose(2)) === 0) yield* cpu.store(words.x(0), cpu.id);
        else yield* cpu.load(words.x(0));
        return yield* cpu.become(loop);
      });
      boot.thread('P0', 0, loop, [], { daemon: true });
      boot.thread('P1', 1, loop, [], { daemon: true });
      return new Machine(boot, options);
    };
    const found = explore(factory);
    expect([found.verdict, found.isComplete, found.terminalStates]).toEqual(['clean', true, 0]);
    expect([found.automatonNodes, found.states, found.transitions]).toEqual([12, 450, 1860]);
  });

  it('refuses a loop that remembers what it has read, and names the op', () => {
    const polling = machineOf(function* (cpu, lab) {
      while (!(yield* cpu.test(lab.x, 'equal', 1)));
    });
    expect(() => explore(polling, { maxNodesPerProgram: 500 })).toThrow(
      expect.objectContaining({
        code: 'UNBOUNDED_PROGRAM',
        message: expect.stringContaining("'test word.x equal 1' repeats"),
      }),
    );
  });

  it('refuses a loop that never reaches an op, and calls without end', () => {
    const make =
      (transfer: 'call' | 'become'): MachineFactory =>
      (options) => {
        const boot = new Boot(LITMUS_SHAPE);
        const loop = boot.program('loop', function* (cpu: KernelCpu): Program {
          yield* cpu[transfer](loop);
        });
        boot.thread('P0', 0, loop, []);
        return new Machine(boot, options);
      };
    expect(() => explore(make('become'))).toThrow(expect.objectContaining({ code: 'CONTROL_LOOP' }));
    expect(() => explore(make('call'))).toThrow(expect.objectContaining({ code: 'CALL_DEPTH' }));
  });

  it('finds a program that answers the same history in two ways', () => {
    const build = (): ((cpu: KernelCpu, word: number) => Program) => {
      let runs = 0;
      return function* (cpu, word) {
        yield* cpu.store(word as never, runs++);
        yield* cpu.fence();
      };
    };
    expect(() => explore(sharing(build))).toThrow(
      expect.objectContaining({ code: 'NONDETERMINISM', message: expect.stringContaining('store word.x') }),
    );
  });

  it('finds state that two programs share outside the machine', () => {
    const build = (): ((cpu: KernelCpu, word: number) => Program) => {
      let first = -1;
      return function* (cpu, word) {
        if (first < 0) first = cpu.id;
        yield* cpu.store(word as never, first);
      };
    };
    expect(() => explore(sharing(build))).toThrow(
      expect.objectContaining({ code: 'SHARED_STATE', message: expect.stringContaining('store word.x') }),
    );
  });
});

describe('automaton runner and live runner', () => {
  /** Reads, writes, calls, faults and loops with a bound: every kind of control transfer. */
  const boot = (): Boot => {
    const made = new Boot(LITMUS_SHAPE);
    const words = made.records('word', ['x'], 2);
    const add = made.program('add', function* (cpu: KernelCpu, index: number, delta: number) {
      return yield* cpu.fetchAdd(words.x(index), delta);
    });
    const rounds = made.program('rounds', function* (cpu: KernelCpu, left: number): Program {
      const old = yield* cpu.call(add, left % 2, left);
      if (old > 2) yield* cpu.store(words.x(0), 0);
      yield* cpu.userLoad(X);
      if (left > 0) return yield* cpu.become(rounds, left - 1);
    });
    const fault = made.program(
      'fault',
      function* (cpu: KernelCpu, page: number, _isStore: number, _fromUser: number): Program {
        yield* cpu.exchange(made.tableEntry(1, page), 0x103);
        yield* cpu.exchange(made.tableEntry(0, 0), 0x103);
        yield* cpu.returnToUser();
      },
    );
    made.system = { pageFault: fault };
    for (const cpu of [0, 1]) made.thread(`P${cpu}`, cpu, rounds, [3 + cpu], { user: true });
    return made;
  };

  it('agree after every move of any schedule', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1, maxLength: 120 }), (picks) => {
        const { machine: exploring } = automatonMachine((options) => new Machine(boot(), options));
        const live = new Machine(boot());
        const enabled = new EnabledMoves(exploring, { speculativePages: [X], evictablePages: [X] });
        expect(live.runner).toBeInstanceOf(LiveRunner);
        for (const pick of picks) {
          enabled.collect();
          if (enabled.count === 0) return;
          const move = enabled.moves[pick % enabled.count] as number;
          expect(applyMove(live, move)).toBe(applyMove(exploring, move));
          expect(live.state).toEqual(exploring.state.subarray(0, exploring.layout.runner));
        }
      }),
      { seed: 5, numRuns: 150 },
    );
  });
});
