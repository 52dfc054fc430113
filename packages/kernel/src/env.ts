import { type Boot, type Mask, type ProgramRef, type Vector, type Word, maskWord, spend } from '@shootdown/core';
import type { Mm } from '@shootdown/mm';
import type { Env, KernelView } from '@shootdown/plugin';
import type { CallFunction } from '@shootdown/smp-call-function';
import type { KernelCosts } from './costs.js';

export interface EnvParts {
  readonly boot: Boot;
  readonly mm: Mm;
  readonly smp: CallFunction;
  readonly costs: KernelCosts;
  readonly onlineCpus: Mask;
  readonly preempted?: (cpu: number) => Word;
  /** Registers a vector whose handler is looked up when it is taken. */
  readonly addVector: (name: string) => Vector;
}

/**
 * What a strategy's `create` is given. Every member is bound, so that it may be taken out of the object; what the kernel itself
 * uses of it is frozen, so that no strategy changes the machinery behind its back.
 */
export function createEnv({ boot, mm, smp, costs, onlineCpus, preempted, addVector }: EnvParts): Env {
  const { shape } = boot;
  for (const shared of [smp, smp.csds, smp.layout, smp.vectors, smp.programs, smp.steps, mm.flushInfo, costs])
    Object.freeze(shared);
  return {
    cpuCount: shape.cpuCount,
    clusterSize: shape.clusterSize,
    mmCount: mm.options.mmCount,
    asidCount: shape.asids,
    globalAsidCount: shape.broadcast?.globalAsids ?? 0,
    batchesPerCpu: mm.options.batchesPerCpu,
    features: {
      pcid: shape.pcid,
      pti: shape.pti,
      invpcid: shape.invpcid,
      icrWriteDrainsStores: shape.icrWriteDrainsStores,
      pagesPerInvlpgb: shape.broadcast?.pagesPerInvlpgb ?? 0,
      virtual: shape.virtual ?? false,
    },
    costs,
    kernel: { ...kernelView(mm, smp, onlineCpus), ...(preempted === undefined ? {} : { preempted }) },
    callFunction: smp,
    records: (name, fields, count, place) => boot.records(name, fields, count, place),
    mask: (name) => boot.mask(name),
    maskWord,
    initial: (word: Word, value: number) => boot.memory.initial(word, value),
    program: (name, body) => boot.program(name, body),
    vector: addVector,
    spend,
  };
}

function kernelView(mm: Mm, smp: CallFunction, onlineCpus: Mask): KernelView {
  const { tlbState, spaces, programs } = mm;
  return {
    cpuMask: (space) => spaces.cpuMask(space),
    onlineCpus,
    generation: (space) => spaces.generation(space),
    loadedMm: tlbState.loadedMm,
    loadedAsid: tlbState.loadedAsid,
    caughtUp: (cpu, asid) => tlbState.generation(cpu, asid),
    isLazy: tlbState.isLazy,
    kernelPcid: (asid) => mm.kernelPcid(asid),
    userPcid: (asid) => mm.userPcid(asid),
    singlePageFlushCeiling: mm.options.singlePageFlushCeiling,
    flushInfo: mm.flushInfo,
    nextGeneration: programs.nextGeneration,
    flushHere: programs.flushTlbFunc,
    flushByInfo: programs.flushTlbFuncRemote,
    sendToMask: smp.programs.sendToMask as ProgramRef<[mask: Mask, vector: number]>,
    release: programs.freeBatch,
  };
}
