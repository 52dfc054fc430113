import type { Boot, KernelCpu, Program } from '@shootdown/core';
import { explore, REDUCTIONS } from '@shootdown/checker';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectSame, machineOf, thread } from './reduced.js';

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

const NOISES = ['keep', 'recall', 'swap', 'store', 'load', 'fence'] as const;
type Noise = (typeof NOISES)[number];

interface Spanning {
  readonly before: readonly Noise[];
  readonly behind: readonly Noise[];
  readonly beside: readonly Noise[];
  readonly looks: readonly Noise[];
  readonly isExchanged: boolean;
  readonly value: number;
  readonly depth: number;
  readonly isSc: boolean;
}

const noises = (most: number, kinds: readonly Noise[] = NOISES): fc.Arbitrary<readonly Noise[]> =>
  fc.array(fc.constantFrom(...kinds), { maxLength: most });

const machines: fc.Arbitrary<Spanning> = fc.record({
  before: noises(2),
  behind: noises(2),
  beside: noises(1, ['store', 'load']),
  looks: noises(1, ['load', 'recall']),
  isExchanged: fc.boolean(),
  value: fc.integer({ min: 0, max: 1 }),
  depth: fc.integer({ min: 1, max: 3 }),
  isSc: fc.integer({ min: 0, max: 7 }).map((one) => one === 0),
});

/** As above, among other accesses: to a word of the CPU's own, and to one that both CPUs touch. */
function noisy({ before, behind, beside, looks, isExchanged, value }: Spanning): Build {
  return (boot) => {
    const words = boot.records('word', ['v', 'a', 'b', 'other'], 1, { stride: 8 });
    const own = boot.records('own', ['word'], 2, { wordClass: 'cpu', home: (index) => index });
    const records = boot.records('record', ['payload'], 1, { wordClass: 'handoff', home: () => 1 });
    const make = function* (cpu: KernelCpu, kinds: readonly Noise[]): Program {
      for (const kind of kinds) {
        if (kind === 'keep') yield* cpu.store(own.word(cpu.id), 1);
        else if (kind === 'recall') yield* cpu.load(own.word(cpu.id));
        else if (kind === 'swap') yield* cpu.exchange(own.word(cpu.id), 2);
        else if (kind === 'store') yield* cpu.store(words.other(0), 1);
        else if (kind === 'load') yield* cpu.load(words.other(0));
        else yield* cpu.fence();
      }
    };
    boot.system = {
      nmi: boot.program('nmi', function* (cpu) {
        yield* make(cpu, looks);
        if ((yield* cpu.load(words.a(0))) !== 0) return;
        yield* make(cpu, looks);
        if ((yield* cpu.load(words.b(0))) === value) yield* cpu.load(records.payload(0));
      }),
    };
    thread(boot, 0, function* (cpu) {
      yield* make(cpu, before);
      yield* cpu.store(words.v(0), 1);
      yield* make(cpu, behind);
    });
    thread(boot, 1, function* (cpu) {
      if (isExchanged) yield* cpu.exchange(words.a(0), 1);
      else yield* cpu.store(words.a(0), 1);
      yield* make(cpu, beside);
      if (yield* cpu.load(words.v(0))) return;
      yield* cpu.waitUntil(words.v(0), 'equal', 1);
      yield* cpu.exchange(words.b(0), 1);
    });
  };
}

function saidOf(spec: Spanning, options: Parameters<typeof explore>[1]): unknown {
  const make = machineOf(noisy(spec), {
    nmiBudget: 1,
    storeBufferDepth: spec.depth,
    sequentiallyConsistent: spec.isSc,
  });
  const { verdict, violations, outcomes } = explore(make, {
    ...options,
    project: ({ state, layout }) => state.subarray(0, layout.cpuBlock).join(),
  });
  return { verdict, contracts: violations.map(({ contract }) => contract).sort(), ends: [...outcomes.keys()] };
}

describe('an NMI during which a store of the interrupted program becomes visible', () => {
  it('is begun behind the store when it violates something after it', () => {
    expectSame(spanning(false), { nmiBudget: 1 }, ['C8 touched'], 2);
  });

  it('is begun behind the store when it waits for ever after it', () => {
    expectSame(spanning(true), { nmiBudget: 1 }, ['C6 deadlock'], 2);
  });

  it('is told the same among other accesses', () => {
    const property = fc.property(machines, (spec) => {
      expect(saidOf(spec, { reductions: REDUCTIONS })).toEqual(saidOf(spec, {}));
    });
    fc.assert(property, { seed: 1, numRuns: 200 });
  }, 120_000);
});
