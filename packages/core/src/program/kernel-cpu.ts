import { Cpu } from './cpu.js';
import { Opcode, SEALED_CALL } from './opcode.js';
import type { Op, ProgramRef, Word } from './op.js';
import type { Sealed } from './sealed.js';

/** Safety marks of a flush, emitted by the kernel around the strategy's hook. */
export const MARKS = ['cover', 'call', 'return', 'release', 'generation', 'rely', 'hold'] as const;
export type MarkName = (typeof MARKS)[number];

/** What a flush was asked for; the position is the operand of the marks. */
export const FLUSH_KINDS = ['unmap', 'protect', 'cleanDirty', 'freeTable', 'reclaim', 'kernel'] as const;
/** One of `FLUSH_KINDS`. */
export type FlushKind = (typeof FLUSH_KINDS)[number];

/** Owner of a frame that has become device memory: a load from it, a speculative one included, may have an effect. */
export const DEVICE_OWNER = -2;

/** A CPU as kernel and user programs see it: the strategy's ops and those that only a kernel or a user program may use. */
export class KernelCpu extends Cpu {
  /** User-mode (or kernel) load of a virtual page through the MMU. The value is returned only when `observe` is set, else 0. */
  userLoad(page: number, observe = false): Op<number> {
    this.registers.build(Opcode.userLoad, page, observe ? 1 : 0, 0, 0);
    return this.registers.number;
  }
  /** User-mode (or kernel) store to a virtual page through the MMU. */
  userStore(page: number, value: number): Op {
    return this.plain(Opcode.userStore, page, value, 0, 0);
  }
  /** Plain load of a value that the program passes on without looking at it. */
  loadSealed(word: Word): Op<Sealed> {
    this.registers.build(Opcode.load, word, 0, 0, 0);
    this.registers.seals.expect();
    return this.registers.sealed;
  }
  /** Plain store of such a value into the store buffer. */
  storeSealed(word: Word, value: Sealed): Op {
    return this.plain(Opcode.store, word, this.registers.seals.stored(value), 0, 0);
  }
  /** `become` of a program that gets its last argument sealed. */
  becomeSealed<Args extends readonly number[]>(
    program: ProgramRef<[...Args, sealed: number]>,
    value: Sealed,
    ...args: Args
  ): Op<never> {
    const { seals } = this.registers;
    const flag = seals.isActive ? SEALED_CALL : 0;
    this.registers.buildControl(Opcode.become, program.index | flag, [...args, seals.contentOf(value)]);
    return this.registers.number as Op<never>;
  }
  /** How much larger the first value is than the second. No op: nothing of the machine is looked at. */
  difference(a: Sealed, b: Sealed): number {
    return this.registers.seals.difference(a, b);
  }
  /** SYSCALL: the thread enters kernel mode. */
  enterKernel(): Op {
    return this.plain(Opcode.enterKernel, 0, 0, 0, 0);
  }
  /** SYSRET, or from a fault IRET, which is serialising (SDM vol. 3 §9.3): the thread is in user mode again. */
  returnToUser(from: 'syscall' | 'fault' = 'syscall'): Op {
    return this.plain(from === 'fault' ? Opcode.faultReturn : Opcode.returnToUser, 0, 0, 0, 0);
  }
  /** INVVPID, single context: on the host, drops everything that the TLB holds of this virtual CPU (SDM vol. 3 §30.3). */
  invvpid(): Op {
    return this.plain(Opcode.invvpid, 0, 0, 0, 0);
  }
  /** EOI write: ends the highest vector in service (SDM vol. 3 §11.8.5). */
  endOfInterrupt(): Op {
    return this.plain(Opcode.endOfInterrupt, 0, 0, 0, 0);
  }
  /** HLT: waits until an interrupt has been taken. */
  halt(): Op {
    return this.plain(Opcode.halt, 0, 0, 0, 0);
  }
  /** The CPU continues with another thread; this one goes on when it is switched to again. */
  switchTo(thread: number): Op {
    return this.plain(Opcode.switchTo, thread, 0, 0, 0);
  }
  /**
   * In an interrupt handler, as its last op but IRET: when the handler is over, the interrupted thread runs this program in kernel mode
   * before it goes on where it was. The program is given `argument`, and 1 when the thread was in user mode; it ends with `resumePreempted`.
   */
  preempt(program: ProgramRef<[argument: number, wasUser: number]>, argument: number): Op {
    return this.plain(Opcode.preempt, program.index, argument, 0, 0);
  }
  /** The preempted thread is where it was again: in user mode, or in the kernel. The time of its IRET is charged with the handler's. */
  resumePreempted(wasUser: number): Op {
    return this.plain(Opcode.resumePreempted, wasUser, 0, 0, 0);
  }
  /** The frame belongs to `owner` from now on (an mm number, -1: free, or `DEVICE_OWNER`). */
  setFrameOwner(frame: number, owner: number): Op {
    return this.plain(Opcode.setFrameOwner, frame, owner, 0, 0);
  }
  /** Gives a table page back to the allocator, or takes it from there. A walk that reads a freed table is a machine check. */
  setTableFreed(table: number, freed: boolean): Op {
    return this.plain(Opcode.setTableFreed, table, freed ? 1 : 0, 0, 0);
  }
  /**
   * `cover`: the entries of these pages of the mm (-1 pages: all of it) have been changed, and the next flush of this thread
   * covers them. Emit it after the change: invalidations count from here on.
   */
  markCover(mm: number, firstPage: number, pageCount: number): Op {
    return this.plain(Opcode.mark, 0, mm, firstPage, pageCount);
  }
  /** `call`: the page table has been changed and the strategy is about to be asked. */
  markCall(kind: FlushKind): Op {
    return this.plain(Opcode.mark, 1, FLUSH_KINDS.indexOf(kind), 0, 0);
  }
  /** `return`: the strategy's flush has returned. */
  markReturn(): Op {
    return this.plain(Opcode.mark, 2, 0, 0, 0);
  }
  /**
   * `release`: what this thread's flushes have covered, and what is held for this batch, is re-used or relied on from now on.
   * Without a batch (-1) the former only.
   */
  markRelease(batch = -1): Op {
    return this.plain(Opcode.mark, 3, batch, 0, 0);
  }
  /** `hold`: what this thread's flushes covered waits for the release of the batch, whoever releases it. */
  markHold(batch: number): Op {
    return this.plain(Opcode.mark, 6, batch, 0, 0);
  }
  /**
   * `rely`: the caller found nothing to change in these pages and goes on without a flush. What other flushes in flight have
   * revoked there must be gone by now.
   */
  markRely(mm: number, firstPage: number, pageCount: number): Op {
    return this.plain(Opcode.mark, 5, mm, firstPage, pageCount);
  }
  /** The flush in flight on this CPU carries this generation of tlb_gen (contract C10). */
  markGeneration(mm: number, generation: number): Op {
    return this.plain(Opcode.mark, 4, mm, generation, 0);
  }
}
