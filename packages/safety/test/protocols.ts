import type { FlushKind, KernelCpu, Program, Vector } from '@shootdown/core';
import { type Body, type Lab, MM } from './kit.js';

/** When the target acknowledges: after its invalidation, before it, or never waited for. */
export type Ack = 'late' | 'early' | 'none';

/** Installs the handler of a one-page flush. */
export function flushVector(lab: Lab, ack: Ack, page = 0): Vector {
  return lab.vector('flush', function* (cpu) {
    yield* cpu.endOfInterrupt();
    if (ack === 'early') yield* cpu.exchange(lab.ack, 1);
    yield* cpu.invlpg(page);
    if (ack !== 'early') yield* cpu.exchange(lab.ack, 1);
  });
}

/** Marks around a flush of one page by CPU 0. */
export function* around(cpu: KernelCpu, kind: FlushKind, flush: Body, page = 0): Program {
  yield* cpu.markCover(MM, page, 1);
  yield* cpu.markCall(kind);
  yield* flush(cpu);
  yield* cpu.markReturn();
}

/** Sends to CPU 1, flushes here, waits as `ack` says. */
export function shootdown(lab: Lab, vector: Vector, ack: Ack, page = 0): Body {
  return function* (cpu) {
    yield* cpu.sendIpi(1, vector);
    yield* cpu.invlpg(page);
    if (ack !== 'none') yield* cpu.waitUntil(lab.ack, 'equal', 1);
  };
}

/** CPU 0: clears the page's entry by a locked exchange and shoots it down. */
export function unmapper(lab: Lab, vector: Vector, ack: Ack): Body {
  return function* (cpu) {
    yield* cpu.exchange(lab.leaf(0), 0);
    yield* around(cpu, 'unmap', shootdown(lab, vector, ack));
  };
}

/** A user thread that stays in user mode without touching anything. */
export function spinner(lab: Lab): Body {
  return function* (cpu) {
    yield* cpu.waitUntil(lab.go, 'equal', 1);
  };
}
