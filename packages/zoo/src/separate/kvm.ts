import type { ExplorerMachineOptions, MachineFactory, Memory } from '@shootdown/checker';
import { Machine, type MachineShape } from '@shootdown/core';
import { addInitiator, addToucher, bootKernel, type KernelOptions, NO_COSTS } from '@shootdown/kernel';
import { type Cpu, defineStrategy, type KernelView, type Program, StealTime, type Strategy } from '@shootdown/plugin';
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

/** Asks the host to flush this virtual CPU before it runs again. Answers whether the CPU was away, so that no interrupt is needed. */
export type AskHost = (cpu: Cpu, kernel: KernelView, target: number) => Program<boolean>;

/**
 * `kvm_flush_tlb_others` (arch/x86/kernel/kvm.c, Linux 5.2) over one vector of its own: a virtual CPU that does not run is left to
 * the host; any other one is interrupted and waited for.
 */
function kvmStrategy(askHost: AskHost): Strategy {
  return defineStrategy({
    apiVersion: 1,
    name: 'kvm',
    title: 'KVM paravirtual flush',
    summary: 'Leaves the flush of a descheduled virtual CPU to the host.',
    references: ['arch/x86/kernel/kvm.c, Linux 5.2'],
    optionsSchema: { type: 'object' },
    create({ kernel, records, vector, cpuCount }) {
      const answered = records('answered', ['done'], cpuCount);
      const flushVector = vector('flush');
      return {
        *flush(cpu, { mm }) {
          yield* cpu.call(kernel.nextGeneration, mm);
          for (let to = 0; to < cpuCount; to++) {
            if (to === cpu.id || (yield* askHost(cpu, kernel, to))) continue;
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
}

/** One locked operation that fails when the host lets the CPU run meanwhile. */
export const fixed: AskHost = function* (cpu, { preempted }, target) {
  if (preempted === undefined) return false;
  const { preempted: away, flushTlb } = StealTime;
  return (
    (yield* cpu.test(preempted(target), 'equal', away)) &&
    (yield* cpu.compareExchange(preempted(target), away, away | flushTlb))
  );
};

/** How often the host takes a CPU away. */
const PREEMPTIONS = 2;

/** A guest of two virtual CPUs: one unmaps a page that the other one reads for ever. */
export function guest(
  programs: NonNullable<KernelOptions['programs']>,
  askHost: AskHost,
  memory: Memory,
): MachineFactory {
  const strategy = kvmStrategy(askHost);
  return (options: ExplorerMachineOptions) => {
    const booted = bootKernel({ shape: SHAPE, costs: NO_COSTS, strategy, gatherPages: 1, programs });
    const page = { mm: 0, firstPage: 0, pages: 1 };
    addInitiator(booted.kernel, { ...page, cpu: 0, operation: 'madvise', touch: 'none', operations: 1 });
    addToucher(booted.kernel, { ...page, cpu: 1, access: 'read' });
    const monitor = safetyMonitor(booted, strategy, 1);
    return new Machine(booted.boot, {
      ...options,
      monitor,
      preemptionBudget: PREEMPTIONS,
      sequentiallyConsistent: memory === 'sc',
    });
  };
}
