import type { Cpu } from './cpu.js';
import type { Op } from './op.js';

const finished: IteratorResult<never, void> = { value: undefined, done: true };
const ended: Iterator<never, void, number> = { next: () => finished };

/** An op that is none: it ends at once and yields nothing. */
const NOTHING: Op = { [Symbol.iterator]: () => ended };

/** Straight-line code of so many cycles. Without a cost no op is yielded, so an exploring driver sees no extra step. */
export function spend(cpu: Cpu, cycles: number): Op {
  return cycles > 0 ? cpu.work(cycles) : NOTHING;
}
