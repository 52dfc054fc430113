import type { KernelCpu, Program } from '@shootdown/core';
import type { Kernel } from './kernel.js';

/**
 * Entry from user mode, after SYSCALL, a fault or an interrupt, interrupts off. Under PTI the entry code loads the
 * kernel's page tables (SWITCH_TO_KERNEL_CR3, arch/x86/entry/calling.h) without flushing where PCIDs exist.
 * `user_cr3` changes before CR3 does, so that an NMI in between at worst writes the same CR3 twice.
 */
export function* kernelEntry(kernel: Kernel, cpu: KernelCpu): Program {
  const { mm, shape, hooks } = kernel;
  yield* cpu.store(mm.tlbState.userCr3(cpu.id), 0);
  if (shape.pti) {
    const { root, asid } = mm.decodeCr3(yield* cpu.load(mm.tlbState.kernelCr3(cpu.id)));
    yield* cpu.writeCr3(root, mm.kernelPcid(asid), shape.pcid);
  }
  if (hooks.kernelEntry !== undefined) yield* cpu.call(hooks.kernelEntry);
}

/**
 * Exit to user mode, interrupts off. Under PTI the exit code loads the user's page tables (SWITCH_TO_USER_CR3): with a
 * flush when the ASID's bit is set in user_pcid_flush_mask. With interrupts on a flush could set it behind the look.
 */
export function* kernelExit(kernel: Kernel, cpu: KernelCpu): Program {
  const { mm, shape, hooks } = kernel;
  if (hooks.returnToUser !== undefined) yield* cpu.call(hooks.returnToUser);
  yield* cpu.store(mm.tlbState.userCr3(cpu.id), 1);
  if (!shape.pti) return;
  const { root, asid } = mm.decodeCr3(yield* cpu.load(mm.tlbState.kernelCr3(cpu.id)));
  const owed = mm.tlbState.userPcidFlushMask(cpu.id);
  const flush = shape.pcid && !mm.isGlobalAsid(asid) && (yield* cpu.test(owed, 'anyBitSet', 1 << asid));
  if (flush) yield* cpu.clearBits(owed, 1 << asid);
  yield* cpu.writeCr3(root, mm.userPcid(asid), shape.pcid && !flush);
}

/** Entry of a system call (entry_SYSCALL_64). */
export function* enterSystemCall(kernel: Kernel, cpu: KernelCpu): Program {
  yield* cpu.enterKernel();
  yield* enterFromUser(kernel, cpu);
}

/** Return from a system call, or from a page fault that user code took. */
export function* returnToUser(kernel: Kernel, cpu: KernelCpu, from: 'syscall' | 'fault'): Program {
  if (kernel.tracksUserMode) {
    yield* cpu.disableInterrupts();
    yield* kernelExit(kernel, cpu);
    yield* cpu.enableInterrupts();
  }
  yield* cpu.returnToUser(from);
}

/** The part of an entry from user mode that system calls and page faults share. */
export function* enterFromUser(kernel: Kernel, cpu: KernelCpu): Program {
  if (!kernel.tracksUserMode) return;
  yield* cpu.disableInterrupts();
  yield* kernelEntry(kernel, cpu);
  yield* cpu.enableInterrupts();
}
