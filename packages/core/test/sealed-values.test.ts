import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Boot, type KernelCpu, LiveRunner, Machine, Opcode, Operand, type Program, type Sealed } from '../src/index.js';
import { SMALL } from './fixtures/small.js';

const remembering = (boot: Boot): Machine =>
  new Machine(boot, { runner: (made, _, contexts, lists) => new LiveRunner(made, contexts, lists, true) });

const operands = ({ runner }: Machine, count: number): number[] => {
  const at = runner.at(0);
  return [...runner.operands.subarray(at, at + count)];
};

/**
 * A thread whose program loads a value, compares it with the one it was given, stores one of them by the outcome, and hands the value
 * on; every other time by a program that knows it.
 */
function passingOn(): Boot {
  const boot = new Boot(SMALL);
  const { from, to } = boot.records('values', ['from', 'to'], 1);
  const pass = boot.programOfSealed('pass', 1, function* (cpu: KernelCpu, kind: number, last: Sealed): Program {
    const value = yield* cpu.loadSealed(from(0));
    const step = cpu.difference(value, last);
    if (step === 1) yield* cpu.storeSealed(to(0), value);
    else if (cpu.difference(last, value) > 0) yield* cpu.storeSealed(to(0), last);
    else yield* cpu.work(Math.min(step, 3));
    yield* cpu.call(leaf, kind);
    if (kind === 1) return yield* cpu.become(count);
    return yield* cpu.becomeSealed(pass, value, 1);
  });
  const leaf = boot.program('leaf', function* (cpu: KernelCpu, kind: number): Program {
    yield* cpu.work(kind + 10);
  });
  const count = boot.program('count', function* (cpu: KernelCpu): Program {
    const known = yield* cpu.load(from(0));
    return yield* cpu.become(pass, 0, known);
  });
  boot.thread('P0', 0, count, []);
  return boot;
}

describe('sealed values', () => {
  it('are passed on as without memory, whatever they are', () => {
    const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 400 }), (values) => {
        const [live, memory] = [new Machine(passingOn()), remembering(passingOn())];
        for (const each of values) {
          expect(operands(memory, Operand.seal)).toEqual(operands(live, Operand.seal));
          expect(memory.runner.stack(0)).toEqual(live.runner.stack(0));
          const given = operands(live, 1)[0] === Opcode.load ? each : 0;
          live.runner.resume(0, 0, given);
          memory.runner.resume(0, 0, given);
        }
      }),
      { seed: 12, numRuns: 200 },
    );
  });

  it('are no part of what is remembered', () => {
    const [live, memory] = [new Machine(countingUp()), remembering(countingUp())];
    const stored = new Set<number>();
    for (let round = 0; round < 5000; round++) {
      const pending = operands(memory, Operand.seal);
      expect(pending).toEqual(operands(live, Operand.seal));
      if (pending[0] === Opcode.store) stored.add(pending[Operand.b] as number);
      const given = pending[0] === Opcode.load ? round : 0;
      live.runner.resume(0, 0, given);
      memory.runner.resume(0, 0, given);
    }
    expect(stored.size).toBeGreaterThan(1000);
    expect((memory.runner as LiveRunner).nodes).toBeLessThan(10);
  });

  it('must not decide what the first op is', () => {
    const boot = new Boot(SMALL);
    const hasty = boot.programOfSealed('hasty', 0, function* (cpu: KernelCpu, value: Sealed): Program {
      yield* cpu.work(cpu.difference(value, value));
    });
    boot.thread('P0', 0, hasty, [7]);
    expect(() => remembering(boot)).toThrow(
      expect.objectContaining({
        code: 'INTERNAL',
        message: expect.stringContaining("Program 'hasty' of kernel on CPU 0"),
      }),
    );
  });

  it('are eight in a program at most', () => {
    const boot = new Boot(SMALL);
    const { from } = boot.records('values', ['from'], 1);
    const greedy = boot.program('greedy', function* (cpu: KernelCpu): Program {
      for (;;) yield* cpu.loadSealed(from(0));
    });
    boot.thread('P0', 0, greedy, []);
    const machine = remembering(boot);
    expect(() => {
      for (let round = 0; round < 8; round++) machine.runner.resume(0, 0, round);
    }).toThrow(/more than 8 sealed values/);
  });

  it('cannot be made up', () => {
    const kept: Sealed[] = [];
    const forging = (): Boot => {
      const boot = new Boot(SMALL);
      const { to } = boot.records('values', ['to'], 1);
      const keep = boot.programOfSealed('keep', 0, function* (cpu: KernelCpu, value: Sealed): Program {
        kept.push(value);
        yield* cpu.storeSealed(to(0), kept[0] as Sealed);
      });
      boot.thread('P0', 0, keep, [5]);
      return boot;
    };
    new Machine(forging());
    expect(() => remembering(forging())).toThrow(/passed on as sealed what it was not given so/);
  });
});

/** A thread that copies one word into another for ever. */
function countingUp(): Boot {
  const boot = new Boot(SMALL);
  const { from, to } = boot.records('values', ['from', 'to'], 1);
  const copy = boot.program('copy', function* (cpu: KernelCpu): Program {
    yield* cpu.storeSealed(to(0), yield* cpu.loadSealed(from(0)));
    return yield* cpu.become(copy);
  });
  boot.thread('P0', 0, copy, []);
  return boot;
}
