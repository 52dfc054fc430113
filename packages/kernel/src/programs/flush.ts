import { FLUSH_KINDS } from '@shootdown/core';
import { preemptEnabled } from './schedule.js';
import type { KernelPrograms } from './types.js';

const RECLAIM = FLUSH_KINDS.indexOf('reclaim');

/**
 * Asks the strategy, between the marks of the safety contract. What reclaim covers was marked page by page when its
 * entries were cleared. The request record is this CPU's own again when preemption is enabled (one flush at a time per CPU).
 */
export const flush: KernelPrograms['flush'] = (kernel) =>
  function* (cpu, kind, mm, firstPage, pageCount) {
    const preemptCount = kernel.preemptCount(cpu.id);
    yield* cpu.store(preemptCount, 1);
    if (kind !== RECLAIM) yield* cpu.markCover(mm, firstPage, pageCount);
    yield* cpu.markCall(FLUSH_KINDS[kind] ?? 'unmap');
    yield* cpu.call(kernel.hooks.flush, kind, mm, firstPage, pageCount);
    yield* cpu.markReturn();
    yield* cpu.phase('finish');
    yield* cpu.handOver(kernel.mm.flushInfo.group(cpu.id), cpu.id).store(preemptCount, 0);
    yield* preemptEnabled(kernel, cpu);
  };
