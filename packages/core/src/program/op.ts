declare const tag: unique symbol;
type Brand<Name extends string> = number & { readonly [tag]: Name };

/** Index of one 64-bit-wide machine word (the model keeps 32 bits of it). Eight words make a 64-byte line. Only `Env` makes them. */
export type Word = Brand<'word'>;
/** First word of a CPU mask: bit `c % 32` of word `c / 32`, as a Linux cpumask. */
export type Mask = Brand<'mask'>;
/** A lifetime group of hand-off words (see `Memory.group`). */
export type Group = Brand<'group'>;
/** A hardware interrupt vector, registered by name at boot. */
export type Vector = Brand<'vector'>;

/** What a driver receives from a program: the opcode. The operands lie in the builder's registers until the runner takes them. */
export type Yielded = Brand<'op'>;

/**
 * A micro-op: build it with a method of `cpu` and yield it at once with `yield*`.
 * It is a reusable iterator; nothing is allocated per op.
 */
export interface Op<Result = void> {
  [Symbol.iterator](): Iterator<Yielded, Result, number>;
}

/** Kernel or user code that runs on the model. */
export type Program<Result = void> = Generator<Yielded, Result, number>;

/** A condition on one word. `anyBitSet` and `allBitsClear` test `word & value`; `atLeast` compares as signed integers. */
export type Condition = 'equal' | 'notEqual' | 'anyBitSet' | 'allBitsClear' | 'atLeast';

/** Where the initiator's time goes; the phases of one operation add up to its latency. */
export type Phase = 'prepare' | 'queue' | 'send' | 'localFlush' | 'wait' | 'finish';

/** A registered program, startable on an engine-held stack: its arguments are integers, and so is its result. */
export interface ProgramRef<Args extends readonly number[] = readonly number[]> {
  /** The name it was registered with. */
  readonly name: string;
  /** Position in the program table. */
  readonly index: number;
  /** Never set: it carries the argument types. */
  readonly args?: Args;
}
