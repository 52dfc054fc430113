import { explore, type Exploration, type Reduction, REDUCTIONS } from '@shootdown/checker';
import { Machine, type MachineShape } from '@shootdown/core';
import { addInitiator, addToucher, bootKernel, type KernelOptions, NO_COSTS } from '@shootdown/kernel';
import { defineStrategy, StealTime, type Strategy } from '@shootdown/plugin';
import { safetyMonitor } from '@shootdown/safety';

const SHAPE: MachineShape = {
  cpuCount: 2,
  virtualPages: 1,
  levels: 2,
  levelBits: 1,
  tables: 3,
  frames: 2,
  asids: 1,
  pcid: false,
  pti: false,
  invpcid: false,
  storeBufferDepth: 4,
  clusterSize: 8,
  icrWriteDrainsStores: true,
  virtual: true,
};

/**
 * `kvm_flush_tlb_others` (arch/x86/kernel/kvm.c, Linux 5.2) over one vector of its own: a virtual CPU that does not run is asked to be
 * flushed by the host before it runs again; any other one is interrupted and waited for.
 */
const kvm: Strategy = defineStrategy({
  apiVersion: 1,
  name: 'kvm',
  title: 'KVM',
  summary: 'Leaves the flush of a descheduled virtual CPU to the host.',
  references: ['arch/x86/kernel/kvm.c, Linux 5.2'],
  optionsSchema: { type: 'object' },
  create({ kernel, records, vector, cpuCount }) {
    const answered = records('answered', ['done'], cpuCount);
    const flushVector = vector('flush');
    const { preempted } = kernel;
    if (preempted === undefined) throw new Error('not a guest');
    return {
      *flush(cpu, { mm }) {
        yield* cpu.call(kernel.nextGeneration, mm);
        for (let to = 0; to < cpuCount; to++) {
          if (to === cpu.id) continue;
          const isOut = yield* cpu.test(preempted(to), 'equal', StealTime.preempted);
          const flags = StealTime.preempted | StealTime.flushTlb;
          if (isOut && (yield* cpu.compareExchange(preempted(to), StealTime.preempted, flags))) continue;
          yield* cpu.store(answered.done(to), 0);
          yield* cpu.sendIpi(to, flushVector);
          yield* cpu.waitUntil(answered.done(to), 'equal', 1);
        }
        yield* cpu.disableInterrupts();
        yield* cpu.call(kernel.flushHere, mm, 0, -1, 0);
        yield* cpu.enableInterrupts();
      },
      handlers: {
        *flush(cpu) {
          yield* cpu.call(kernel.flushHere, 0, 0, -1, 0);
          yield* cpu.store(answered.done(cpu.id), 1);
        },
      },
    };
  },
});

export function exploreGuest(
  programs: KernelOptions['programs'] = {},
  preemptionBudget = 2,
  reductions: readonly Reduction[] = REDUCTIONS,
): Exploration {
  return explore(
    (options) => {
      const booted = bootKernel({ shape: SHAPE, costs: NO_COSTS, strategy: kvm, gatherPages: 1, programs });
      const page = { mm: 0, firstPage: 0, pages: 1 };
      addInitiator(booted.kernel, { ...page, cpu: 0, operation: 'madvise', touch: 'none', operations: 1 });
      addToucher(booted.kernel, { ...page, cpu: 1, access: 'read' });
      const monitor = safetyMonitor(booted, kvm, 1);
      return new Machine(booted.boot, { ...options, monitor, preemptionBudget, sequentiallyConsistent: true });
    },
    { maxStates: 2_000_000, reductions },
  );
}

export const found = ({ violations }: Exploration): readonly string[] =>
  violations.map(({ contract, form }) => `${contract} ${form}`).sort();

/** The flags are read, and later overwritten with a plain store. */
export const plainStore: KernelOptions['programs'] = {
  recordStealTime: (kernel) =>
    function* (cpu) {
      if (kernel.preempted === undefined) return;
      const word = kernel.preempted(cpu.id);
      const isAsked = yield* cpu.test(word, 'anyBitSet', StealTime.flushTlb);
      yield* cpu.store(word, 0);
      if (isAsked) yield* cpu.invvpid();
    },
};
