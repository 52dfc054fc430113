/** Types only: the compiler checks this file, nothing runs it. A line that stops being an error is an error. */
import type { ParameterName } from '@shootdown/core';
import type { FlushInfo as MmFlushInfo } from '@shootdown/mm';
import {
  defineStrategy,
  type Env,
  type FlushInfo,
  type Hooks,
  type Manifest,
  type Program,
  type Strategy,
  type StrategyCosts,
  type Word,
} from '@shootdown/plugin';
import { expectTypeOf } from 'vitest';

declare const env: Env;
declare const word: Word;

const manifest = { apiVersion: 1, name: 'typed', title: '', summary: '', references: [] } as const;
const noOptions = { type: 'object', additionalProperties: false, properties: {} } as const;

// Options take their types from the schema; a default makes the option present.
export const typedOptions: Strategy = defineStrategy({
  ...manifest,
  optionsSchema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      ack: { enum: ['early', 'late'], default: 'early' },
      ceiling: { type: 'integer' },
    },
  },
  create(given, options) {
    expectTypeOf(given).toEqualTypeOf<Env>();
    expectTypeOf(options.ack).toEqualTypeOf<'early' | 'late'>();
    expectTypeOf(options.ceiling).toEqualTypeOf<number | undefined>();
    // @ts-expect-error The schema has no such option.
    options.acks;
    // @ts-expect-error Options are frozen.
    options.ack = 'late';
    return { *flush() {} };
  },
});

// Hooks take their parameter types from the contract.
export const typedHooks: Strategy = defineStrategy({
  ...manifest,
  optionsSchema: noOptions,
  create: ({ kernel }) => ({
    *flush(cpu, request) {
      const generation = yield* cpu.call(kernel.nextGeneration, request.mm);
      expectTypeOf(generation).toEqualTypeOf<number>();
      expectTypeOf(request.kind).toEqualTypeOf<
        'unmap' | 'protect' | 'cleanDirty' | 'freeTable' | 'reclaim' | 'kernel'
      >();
      // @ts-expect-error The request is frozen.
      request.mm = 0;
    },
    *mayAccessUser(cpu) {
      return yield* cpu.test(kernel.isLazy(cpu.id), 'equal', 0);
    },
  }),
});

// A hook that the contract does not know is refused.
defineStrategy({
  ...manifest,
  optionsSchema: noOptions,
  // @ts-expect-error It is called flush.
  create: () => ({ *flush() {}, *fluhs() {} }),
});
// @ts-expect-error A strategy must flush.
defineStrategy({ ...manifest, optionsSchema: noOptions, create: () => ({ *tick() {} }) });
// @ts-expect-error This contract is version 1.
defineStrategy({ ...manifest, apiVersion: 2, optionsSchema: noOptions, create: () => ({ *flush() {} }) });
defineStrategy({
  ...manifest,
  // @ts-expect-error Only unmap may be deferred.
  guarantee: { protect: 'release' },
  optionsSchema: noOptions,
  create: () => ({ *flush() {} }),
});
// @ts-expect-error A layout has named values.
defineStrategy({ ...manifest, layout: { csd: 'loose' }, optionsSchema: noOptions, create: () => ({ *flush() {} }) });

// Only defineStrategy makes a strategy.
const unbranded = { ...manifest, optionsSchema: noOptions, create: (): Hooks => ({ *flush() {} }) };
expectTypeOf(unbranded).toExtend<Manifest<object>>();
expectTypeOf(unbranded).not.toExtend<Strategy>();

// Each op has its own result; only ops of the cpu can be yielded, and only by yield*.
env.program('ops', function* (cpu, page: number): Program<number> {
  expectTypeOf(yield* cpu.load(word)).toEqualTypeOf<number>();
  expectTypeOf(yield* cpu.test(word, 'equal', 0)).toEqualTypeOf<boolean>();
  expectTypeOf(yield* cpu.compareExchange(word, 0, 1)).toEqualTypeOf<boolean>();
  expectTypeOf(yield* cpu.store(word, page)).toEqualTypeOf<void>();
  // @ts-expect-error An op is not what a driver receives.
  yield cpu.load(word);
  // @ts-expect-error Nor is a number.
  yield 1;
  // @ts-expect-error A page is not a word.
  yield* cpu.load(page);
  // @ts-expect-error Conditions have names.
  yield* cpu.test(word, 'less', 0);
  // @ts-expect-error No strategy reads user memory.
  yield* cpu.userLoad(page);
  return 0;
});

// Programs are called with the integers they declare.
const twice = env.program('twice', function* (cpu, value: number) {
  yield* cpu.work(value);
});
env.program('caller', function* (cpu) {
  expectTypeOf(yield* cpu.call(twice, 1)).toEqualTypeOf<number>();
  // @ts-expect-error One argument is missing.
  yield* cpu.call(twice);
  // @ts-expect-error Programs take integers.
  yield* cpu.call(twice, 'one');
  return yield* cpu.become(twice, 2);
});

// Nobody but a driver can run a program.
declare const program: Program;
// @ts-expect-error Its results come from a machine, so it cannot be iterated.
for (const op of program) void op;
// @ts-expect-error Nor spread.
[...program];

// Records have the fields they were declared with.
const slot = env.records('slot', ['state', 'mm'], env.cpuCount);
expectTypeOf(slot.state(0)).toEqualTypeOf<Word>();
// @ts-expect-error No such field.
slot.generation;

// What the kernel hands out is what the lower layers have.
expectTypeOf<MmFlushInfo>().toExtend<FlushInfo>();
expectTypeOf<keyof StrategyCosts>().toExtend<ParameterName>();
