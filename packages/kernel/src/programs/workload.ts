import { FLUSH_KINDS, type KernelCpu, type Program, ShootdownError } from '@shootdown/core';
import type { Kernel } from '../kernel.js';
import type { KernelPrograms } from './types.js';

/** What an initiator asks the kernel for. */
export const OPERATIONS = ['madvise', 'munmap', 'mprotect', 'msync', 'reclaim'] as const;
export type OperationName = (typeof OPERATIONS)[number];

/** How it uses the pages afterwards. */
export const TOUCHES = ['none', 'read', 'write'] as const;
export type TouchName = (typeof TOUCHES)[number];

/** One iteration of the benchmark of the 2019 thread: the call, then the touch that faults the pages back in. */
export const operation: KernelPrograms['operation'] = (kernel) =>
  function* (cpu, name, mm, firstPage, pageCount, touch, kernelThread) {
    if (kernel.costs.faultWorkCycles !== kernel.costs.perPageFaultCycles)
      yield* cpu.store(kernel.hasFaulted(cpu.id), 0);
    if (kernelThread !== 0) yield* inKernelThread(kernel, cpu, name, mm, firstPage, pageCount);
    else yield* cpu.call(systemCall(kernel, name), mm, firstPage, pageCount);
    for (let page = firstPage; touch !== 0 && page < firstPage + pageCount; page++) {
      if (touch === 1) yield* cpu.userLoad(page);
      else yield* cpu.userStore(page, 1);
    }
  };

function systemCall({ programs }: Kernel, name: number): Kernel['programs']['sysMadvise'] {
  const calls = [programs.sysMadvise, programs.sysMunmap, programs.sysMprotect, programs.sysMsync, programs.sysPageout];
  const call = calls[name];
  if (call === undefined)
    throw new ShootdownError(
      'INVALID_OPERAND',
      `There is no operation ${name}; operations are ${OPERATIONS.join(', ')}.`,
    );
  return call;
}

/** A kernel thread that works on a foreign mm: kswapd, process_madvise of another process. */
function* inKernelThread(
  kernel: Kernel,
  cpu: KernelCpu,
  name: number,
  mm: number,
  firstPage: number,
  pageCount: number,
): Program {
  const { programs } = kernel.mm;
  const kind = FLUSH_KINDS.indexOf(OPERATIONS[name] === 'mprotect' ? 'protect' : 'cleanDirty');
  if (OPERATIONS[name] === 'reclaim') yield* cpu.call(programs.shrinkPageList, mm, firstPage, pageCount);
  else if (OPERATIONS[name] === 'munmap') yield* cpu.call(programs.unmapRegion, mm, firstPage, pageCount);
  else if (OPERATIONS[name] === 'madvise') yield* cpu.call(programs.zapPageRange, mm, firstPage, pageCount);
  else yield* cpu.call(programs.changeProtection, kind, mm, firstPage, pageCount);
}

/** The pages become present and writable again: by stores of the thread itself, or as if their process had faulted. */
export const restore: KernelPrograms['restore'] = (kernel) =>
  function* (cpu, mm, firstPage, pageCount, kernelThread) {
    for (let page = firstPage; page < firstPage + pageCount; page++) {
      if (kernelThread === 0) yield* cpu.userStore(page, 1);
      else yield* cpu.call(kernel.mm.programs.handleMmFault, mm, page, 1);
    }
  };
