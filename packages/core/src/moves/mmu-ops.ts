import { ShootdownError } from '../errors.js';
import { CpuField, ThreadField, TlbField } from '../machine/layout.js';
import type { Machine } from '../machine/machine.js';
import { bufferStore, hasRoom, isDrained, visibleValue } from '../machine/store-buffer.js';
import { assistDirty, canAccess, chooseOutcome } from '../mmu/access.js';
import { Pte } from '../mmu/pte.js';
import {
  endWalk,
  entryFrame,
  entryRoot,
  invalidateAddress,
  invalidateAll,
  invalidatePage,
  invalidatePcid,
} from '../mmu/tlb.js';
import { Access, freedTableOnWalk } from '../mmu/walker.js';
import { Operand } from '../program/opcode.js';
import { operand } from './memory-ops.js';
import { NO_RESULT, type ProgramOp } from './program-op.js';

const drained = (machine: Machine, cpu: number): boolean => isDrained(machine, cpu);

export const invlpg: ProgramOp = {
  name: 'invlpg',
  footprint: 'none',
  drains: true,
  interruptible: false,
  cost: () => 'invlpg',
  enabled: drained,
  apply(machine, cpu, base) {
    invalidatePage(
      machine,
      cpu,
      machine.state[machine.layout.cpu(cpu) + CpuField.pcid] as number,
      checkedPage(machine, base, Operand.a),
    );
    return 0;
  },
  text: (machine, base) => `invlpg page ${operand(machine, base, Operand.a)}`,
};

export const invpcid: ProgramOp = {
  name: 'invpcid',
  footprint: 'none',
  drains: true,
  interruptible: false,
  cost: (machine, base) => (operand(machine, base, Operand.a) === 0 ? 'invpcidPage' : 'invpcidContext'),
  enabled: drained,
  apply(machine, cpu, base) {
    if (!machine.shape.invpcid)
      throw new ShootdownError(
        'MISSING_HARDWARE',
        `CPU ${cpu} executed INVPCID, which this machine lacks. Test for it first.`,
      );
    const pcid = checkedPcid(machine, base, Operand.b);
    const kind = operand(machine, base, Operand.a);
    if (kind === 0) invalidateAddress(machine, cpu, pcid, checkedPage(machine, base, Operand.c), false);
    else if (kind === 1) invalidatePcid(machine, cpu, pcid);
    else invalidateAll(machine, cpu, kind === 2);
    return 0;
  },
  text: (machine, base) =>
    `invpcid ${operand(machine, base, Operand.a)} pcid ${operand(machine, base, Operand.b)} page ${operand(machine, base, Operand.c)}`,
};

/** What the host of a virtual CPU drops on the guest's behalf (`kvm_vcpu_flush_tlb_guest`). */
export const invvpid: ProgramOp = {
  name: 'invvpid',
  footprint: 'none',
  drains: true,
  interruptible: false,
  cost: () => 'invpcidContext',
  enabled: drained,
  apply(machine, cpu) {
    if (machine.isRunning(cpu))
      throw new ShootdownError(
        'OP_NOT_ALLOWED',
        `CPU ${cpu} executed INVVPID outside of a host program. Only what the host runs for a virtual CPU may.`,
      );
    invalidateAll(machine, cpu, true);
    return 0;
  },
  text: () => 'invvpid',
};

/** The write serialises (SDM vol. 3 §9.3): the walk in flight ends, whatever its PCID. */
export const writeCr3: ProgramOp = {
  name: 'writeCr3',
  footprint: 'none',
  drains: true,
  interruptible: false,
  cost: (machine, base) => (operand(machine, base, Operand.c) === 0 ? 'cr3Flush' : 'cr3Keep'),
  enabled: drained,
  apply(machine, cpu, base) {
    const block = machine.layout.cpu(cpu);
    const pcid = checkedPcid(machine, base, Operand.b);
    const root = operand(machine, base, Operand.a);
    machine.state[block + CpuField.root] = root;
    machine.state[block + CpuField.pcid] = pcid;
    machine.state[block + machine.layout.taggedRoot + pcid] = root + 1;
    endWalk(machine, cpu);
    if (operand(machine, base, Operand.c) === 0) invalidatePcid(machine, cpu, pcid);
    else machine.walksChanged(cpu);
    return 0;
  },
  text: (machine, base) =>
    `mov cr3 root ${operand(machine, base, Operand.a)} pcid ${operand(machine, base, Operand.b)}${operand(machine, base, Operand.c) === 0 ? '' : ' (keep)'}`,
};

export const userLoad: ProgramOp = {
  name: 'userLoad',
  footprint: 'user',
  drains: false,
  interruptible: true,
  cost: () => 'user',
  enabled: (machine, cpu, base) => canAccess(machine, cpu, operand(machine, base, Operand.a), false),
  apply(machine, cpu, base, choice) {
    const page = checkedPage(machine, base, Operand.a);
    chooseOutcome(machine, cpu, page, false, choice);
    if (machine.outcome.kind === Access.fault) return raiseFault(machine, cpu, page, false);
    const { way } = machine.outcome;
    judge(machine, cpu, way, page, false);
    const word = machine.frameWord(entryFrame(machine.state[way] as number));
    return operand(machine, base, Operand.b) === 0 ? 0 : visibleValue(machine, cpu, word);
  },
  text: (machine, base) => `read page ${operand(machine, base, Operand.a)}`,
};

export const userStore: ProgramOp = {
  name: 'userStore',
  footprint: 'user',
  drains: false,
  interruptible: true,
  cost: () => 'user',
  enabled: (machine, cpu, base) =>
    hasRoom(machine, cpu) && canAccess(machine, cpu, operand(machine, base, Operand.a), true),
  apply(machine, cpu, base, choice) {
    const page = checkedPage(machine, base, Operand.a);
    chooseOutcome(machine, cpu, page, true, choice);
    if (machine.outcome.kind === Access.fault) return raiseFault(machine, cpu, page, true);
    if (machine.outcome.kind === Access.assist) assistDirty(machine, cpu, page);
    const { way } = machine.outcome;
    judge(machine, cpu, way, page, true);
    const entry = machine.state[way] as number;
    const word = machine.frameWord(entryFrame(entry));
    bufferStore(
      machine,
      cpu,
      word,
      operand(machine, base, Operand.b),
      0,
      0,
      machine.state[way + TlbField.marks] as number,
      entryRoot(entry) * machine.layout.pages + page + 1,
    );
    return 0;
  },
  text: (machine, base) => `write page ${operand(machine, base, Operand.a)} ← ${operand(machine, base, Operand.b)}`,
};

function judge(machine: Machine, cpu: number, way: number, page: number, isStore: boolean): void {
  machine.monitor.exposed(machine, cpu);
  machine.monitor.access(machine, cpu, way, page, isStore);
  const entry = machine.state[way] as number;
  const root = machine.state[machine.layout.cpu(cpu) + CpuField.root] as number;
  if ((entry & Pte.global) === 0 && entryRoot(entry) !== root)
    machine.report(
      'C5',
      'used',
      cpu,
      `page ${page} was translated by an entry of root ${entryRoot(entry)} under root ${root}`,
    );
}

/**
 * Page fault: drops what is cached for the address (SDM 4.10.4.1) and runs the kernel's handler; the access is retried.
 * Inside an interrupt or NMI handler, and in a thread's kernel code with interrupts off, no page is brought in: the access
 * fails with 0 and the code goes on, as the exception table lets `copy_from_user_nmi` do (arch/x86/lib/usercopy.c, under
 * pagefault_disable).
 */
function raiseFault(machine: Machine, cpu: number, page: number, isStore: boolean): number {
  const freed = machine.saturated ? -1 : freedTableOnWalk(machine, cpu, page);
  if (freed >= 0) machine.monitor.walkedFreed(machine, cpu, freed);
  const context = machine.top(cpu);
  invalidateAddress(machine, cpu, machine.state[machine.layout.cpu(cpu) + CpuField.pcid] as number, page, true);
  if (context >= machine.layout.threadCount || isAtomic(machine, cpu, context)) return 0;
  const handler = machine.boot.system.pageFault;
  if (handler === undefined) {
    machine.report('fault', 'unhandled', cpu, `page ${page} faulted and the machine has no page-fault handler`);
    return 0;
  }
  const user = machine.layout.thread(context);
  const fromUser = machine.state[user] as number;
  machine.state[user] = 0;
  machine.runner.push(context, cpu, handler.index, page, isStore ? 1 : 0, fromUser);
  return NO_RESULT;
}

/** Kernel code of a thread with interrupts off: it must not sleep, so it cannot wait for a page. */
function isAtomic({ state, layout }: Machine, cpu: number, thread: number): boolean {
  return state[layout.cpu(cpu) + CpuField.interruptFlag] === 0 && state[layout.thread(thread) + ThreadField.user] === 0;
}

function checkedPage(machine: Machine, base: number, offset: number): number {
  const page = operand(machine, base, offset);
  if (page >= 0 && page < machine.layout.pages) return page;
  throw new ShootdownError('INVALID_OPERAND', `Page ${page} is outside 0 … ${machine.layout.pages - 1}.`, {
    details: { page },
  });
}

function checkedPcid(machine: Machine, base: number, offset: number): number {
  const pcid = operand(machine, base, offset);
  if (pcid >= 0 && pcid < machine.layout.pcids) return pcid;
  throw new ShootdownError('INVALID_OPERAND', `PCID ${pcid} is outside 0 … ${machine.layout.pcids - 1}.`, {
    details: { pcid },
  });
}
