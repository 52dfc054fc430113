/**
 * Holds the program frames of every context and hands out their pending ops.
 *
 * Contexts: thread t is context t; the interrupt of CPU c is `threads + c`; its NMI `threads + cpus + c`.
 * Two implementations: live generators (simulator, replay) and memoised automata (checker).
 */
export interface Runner {
  /** Pending ops, `OP_STRIDE` integers each; entry 0 is the constant op `finished`. May be replaced when it grows. */
  readonly operands: Int32Array;
  /** Offset into `operands` of the context's pending op; 0 when its bottom frame has returned. */
  at(context: number): number;
  /** Programs on the context's stack, bottom first. */
  stack(context: number): readonly number[];
  /** Starts a program as the only frame of the context and runs it to its first op. */
  start(context: number, cpu: number, program: number, a: number, b: number, c: number): void;
  /** Puts a program above the pending op, which stays pending and is retried afterwards (a fault). */
  push(context: number, cpu: number, program: number, a: number, b: number, c: number): void;
  /** Gives the pending op its result and runs to the next op. */
  resume(context: number, cpu: number, value: number): void;
}

/** Is told when frames begin and end; times are the driver's. */
export interface FrameListener {
  /** Per program: not 0 when it wants to be told of the program's frames. */
  readonly programs: Uint8Array;
  enter(context: number, cpu: number, program: number): void;
  leave(context: number, cpu: number, program: number): void;
}
