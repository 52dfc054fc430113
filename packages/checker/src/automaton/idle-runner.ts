import { OP_STRIDE, Opcode, type Runner } from '@shootdown/core';

/** Runs nothing: boots a machine without deriving any program. Every context counts as finished. */
export class IdleRunner implements Runner {
  readonly operands: Int32Array = new Int32Array(OP_STRIDE).fill(Opcode.finished, 0, 1);
  at(): number {
    return 0;
  }
  stack(): readonly number[] {
    return [];
  }
  start(): void {}
  push(): void {}
  resume(): void {}
}
