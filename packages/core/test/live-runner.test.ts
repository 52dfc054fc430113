import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Boot, type KernelCpu, LiveRunner, Machine, Opcode, Operand, type Program } from '../src/index.js';
import { SMALL } from './fixtures/small.js';

const remembering = (boot: Boot): Machine =>
  new Machine(boot, { runner: (made, _, contexts, lists) => new LiveRunner(made, contexts, lists, true) });

/** A program of the owner that a daemon thread runs again and again. */
function repeating(owner: string, body: (cpu: KernelCpu, round: number) => Program): Boot {
  const boot = new Boot(SMALL);
  boot.owner = owner;
  const once = boot.program('once', body);
  boot.owner = 'kernel';
  const loop = boot.program('loop', function* (cpu: KernelCpu): Program {
    yield* cpu.call(once, 0);
    return yield* cpu.become(loop);
  });
  boot.thread('P0', 0, loop, []);
  return boot;
}

/** Gives the pending op its result so many times; the operands it saw. */
function rounds(machine: Machine, count: number): number[] {
  const seen: number[] = [];
  for (let round = 0; round < count; round++) {
    seen.push(machine.runner.operands[machine.runner.at(0) + Operand.a] as number);
    machine.runner.resume(0, 0, 0);
  }
  return seen;
}

describe('LiveRunner with memory', () => {
  it('does the same as without, whatever the programs receive', () => {
    const boot = (): Boot => {
      const made = new Boot(SMALL);
      const leaf = made.program('leaf', function* (cpu: KernelCpu, from: number): Program<number> {
        const value = yield* cpu.choose(4);
        if (value === 3) yield* cpu.phase('wait');
        return (from + value) % 5;
      });
      const loop = made.program('loop', function* (cpu: KernelCpu, state: number): Program {
        const left = yield* cpu.choose(6);
        let sum = state;
        for (let i = 0; i < left; i++) sum = yield* cpu.call(leaf, sum);
        yield* cpu.work(sum);
        return yield* cpu.become(loop, sum);
      });
      made.thread('P0', 0, loop, [0]);
      return made;
    };
    fc.assert(
      fc.property(fc.array(fc.nat(5), { maxLength: 400 }), (values) => {
        const [live, memory] = [new Machine(boot()), remembering(boot())];
        for (const value of values) {
          const pending = [live, memory].map(({ runner }) => {
            const at = runner.at(0);
            return [...runner.operands.subarray(at, at + Operand.owner)];
          });
          expect(pending[0]).toEqual(pending[1]);
          expect(memory.runner.stack(0)).toEqual(live.runner.stack(0));
          const ways = pending[0]?.[0] === Opcode.choose ? (pending[0][Operand.a] as number) : 1;
          live.runner.resume(0, 0, value % ways);
          memory.runner.resume(0, 0, value % ways);
        }
      }),
      { seed: 11, numRuns: 100 },
    );
  });

  it('runs a program of the kernel again only when something is new', () => {
    let runs = 0;
    const boot = repeating('kernel', function* (cpu) {
      runs++;
      yield* cpu.work(7);
    });
    expect(new Set(rounds(remembering(boot), 100))).toEqual(new Set([7]));
    expect(runs).toBe(1);
  });

  it('tells a listener of the frames of the programs it names, and of no others', () => {
    const boot = repeating('kernel', function* (cpu) {
      yield* cpu.work(7);
    });
    const machine = remembering(boot);
    const told: string[] = [];
    const name = (program: number): string => boot.programs[program]?.name ?? '?';
    (machine.runner as LiveRunner).listener = {
      programs: Uint8Array.from(boot.programs, (program) => (program.name === 'once' ? 1 : 0)),
      enter: (_, cpu, program) => told.push(`${cpu} enters ${name(program)}`),
      leave: (_, cpu, program) => told.push(`${cpu} leaves ${name(program)}`),
    };
    rounds(machine, 2);
    expect(told).toEqual(['0 leaves once', '0 enters once', '0 leaves once', '0 enters once']);
  });

  it('never repeats a program of a strategy', () => {
    let runs = 0;
    const boot = repeating('mine', function* (cpu) {
      yield* cpu.work(runs++);
    });
    expect(rounds(remembering(boot), 50)).toEqual(Array.from({ length: 50 }, (_, round) => round));
  });

  it('forgets a program that never does the same twice', () => {
    const made = new Boot(SMALL);
    const counts = made.program('counts', function* (cpu: KernelCpu, round: number): Program {
      yield* cpu.work(round);
      return yield* cpu.become(counts, round + 1);
    });
    made.thread('P0', 0, counts, [0]);
    const machine = remembering(made);
    expect(rounds(machine, 5000)).toEqual(Array.from({ length: 5000 }, (_, round) => round));
    expect((machine.runner as LiveRunner).nodes).toBeLessThan(300);
  });

  it('finds a program of the kernel that remembers something outside of machine words', () => {
    let runs = 0;
    const boot = repeating('kernel', function* (cpu) {
      yield* cpu.work(runs++);
    });
    const machine = remembering(boot);
    expect(() => rounds(machine, 1000)).toThrow(
      expect.objectContaining({
        code: 'NONDETERMINISM',
        message: expect.stringContaining("Program 'once' of kernel on CPU 0"),
        details: expect.objectContaining({ program: 'once', strategy: 'kernel' }),
      }),
    );
  });
});
