import type { Boot } from '@shootdown/core';
import type { GenerationContext, GuaranteeMark, SafetyOptions } from './options.js';
import { SafetyMonitor } from './safety-monitor.js';

/** What the contract has to know of a booted kernel. */
export interface MonitoredKernel {
  readonly boot: Boot;
  /** Table page that is the root of an mm. */
  rootOf(mm: number): number;
  /** Batches of pages that a CPU can have between their unmapping and their release. */
  readonly batchesPerCpu: number;
  readonly generationContexts: readonly GenerationContext[];
  readonly generations: readonly { readonly mm: number; readonly word: number }[];
}

/** The marks from which a strategy says that its guarantee holds. */
interface Guaranteeing {
  readonly guarantee?: { readonly unmap?: GuaranteeMark };
}

/** Ranges that one flush of a workload may name. */
const MOST_COVERS = 64;

/** The safety contract over a booted kernel. It learns from which mark the guarantee holds, and nothing else of the strategy. */
export function safetyMonitor(
  kernel: MonitoredKernel,
  strategy: Guaranteeing,
  initiators: number,
  { listener, coversPerFlush = MOST_COVERS }: Pick<SafetyOptions, 'listener' | 'coversPerFlush'> = {},
): SafetyMonitor {
  const unmap = strategy.guarantee?.unmap;
  // Every batch may wait for its release while another flush, which holds none, is in flight.
  const inFlight = unmap === 'release' ? kernel.batchesPerCpu + 1 : 1;
  const monitor = new SafetyMonitor(kernel.boot, {
    flushes: inFlight * initiators,
    coversPerFlush,
    rootOf: kernel.rootOf,
    ownsFrames: true,
    ...(unmap === undefined ? {} : { guarantee: { unmap } }),
    ...(listener === undefined ? {} : { listener }),
  });
  for (const context of kernel.generationContexts) monitor.watchGeneration(context);
  for (const { mm, word } of kernel.generations) monitor.watchTlbGeneration(mm, word);
  return monitor;
}
