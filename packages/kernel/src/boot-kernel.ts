import type { Boot, ProgramRef } from '@shootdown/core';
import { Kernel } from './kernel.js';
import type { KernelOptions } from './options.js';

/** A kernel whose threads can be added, and what drivers and monitors have to know about it. */
export interface BootedKernel {
  readonly kernel: Kernel;
  readonly boot: Boot;
  /** One run of it is one operation of an initiator. */
  readonly operation: ProgramRef;
  /** What the time of a frame counts as: `user`, `kernel`, `fault`, and `prepare` until a flush announces its phases. */
  readonly framePhases: ReadonlyMap<number, string>;
  /** Table page that is the root of an mm. */
  rootOf(mm: number): number;
  /** Gather batches of a CPU: more than one where the strategy may hold some back. */
  readonly batchesPerCpu: number;
  /** The words that contract C10 speaks of: tlb_gen of every (CPU, ASID) with the PCIDs it vouches for. */
  readonly generationContexts: readonly {
    readonly word: number;
    readonly cpu: number;
    readonly pcids: readonly number[];
  }[];
  /** `tlb_gen` of every mm. */
  readonly generations: readonly { readonly mm: number; readonly word: number }[];
}

/** Builds a kernel. Throws what the strategy's `create` throws. */
export function bootKernel(options: KernelOptions): BootedKernel {
  const kernel = new Kernel(options);
  return {
    kernel,
    boot: kernel.boot,
    operation: kernel.programs.operation,
    framePhases: framePhases(kernel),
    batchesPerCpu: kernel.mm.options.batchesPerCpu,
    rootOf: (mm) => kernel.mm.tables.root(mm),
    generationContexts: generationContexts(kernel),
    generations: Array.from({ length: kernel.mm.options.mmCount }, (_, mm) => ({
      mm,
      word: kernel.mm.spaces.generation(mm),
    })),
  };
}

function framePhases({ programs }: Kernel): ReadonlyMap<number, string> {
  const { sysMadvise, sysMunmap, sysMprotect, sysMsync, sysPageout } = programs;
  const kernel = [sysMadvise, sysMunmap, sysMprotect, sysMsync, sysPageout].map(
    (ref) => [ref.index, 'kernel'] as const,
  );
  return new Map([
    [programs.operation.index, 'user'],
    ...kernel,
    [programs.doPageFault.index, 'fault'],
    [programs.flush.index, 'prepare'],
    [programs.preemptSchedule.index, 'interrupted'],
  ]);
}

/** Under PTI the user PCID is flushed when the CPU returns to user mode, so `ctxs[].tlb_gen` vouches for the kernel's only. */
function generationContexts({ mm, shape }: Kernel): BootedKernel['generationContexts'] {
  return Array.from({ length: shape.cpuCount * shape.asids }, (_, index) => {
    const cpu = Math.floor(index / shape.asids);
    const asid = index % shape.asids;
    return { word: mm.tlbState.generation(cpu, asid), cpu, pcids: [mm.kernelPcid(asid)] };
  });
}
