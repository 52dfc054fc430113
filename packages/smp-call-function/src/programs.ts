import { type KernelCpu, type Program, type ProgramRef, type Mask, type Vector, spend, wordAt } from '@shootdown/core';
import type { CallFunction } from './call-function.js';
import { CsdFlag, INLINE_BYTES, INLINE_WORDS } from './layout.js';

/** Body of a program over the cross-call machinery. */
type Body<Args extends readonly number[]> = (cpu: KernelCpu, ...args: Args) => Program<number | void>;

/** The machinery's programs, each replaceable under its name. */
export interface CallFunctionPrograms {
  readonly llistAdd: (smp: CallFunction) => Body<[csd: number, target: number]>;
  readonly queueCall: (
    smp: CallFunction,
  ) => Body<[csd: number, target: number, func: number, info: number, flags: number]>;
  readonly sendToMask: (smp: CallFunction, clusterSize: number) => Body<[mask: number, vector: number]>;
  readonly flushQueue: (smp: CallFunction) => Body<[]>;
  readonly llistReverse: (smp: CallFunction) => Body<[entry: number, reversed: number]>;
  readonly runCsd: (smp: CallFunction) => Body<[entry: number]>;
  readonly copyPayload: (smp: CallFunction) => Body<[csd: number]>;
}

/** The registered programs. An `entry` is a csd number + 1; 0 ends a list. */
export interface CallFunctionRefs {
  /** Pushes the csd on the target's queue; returns 1 when the queue was empty, so that an IPI is needed. */
  readonly llistAdd: ProgramRef<[csd: number, target: number]>;
  /** Locks, fills and pushes a csd; returns 1 when the target's queue was empty. */
  readonly queueCall: ProgramRef<[csd: number, target: number, func: number, info: number, flags: number]>;
  /** One ICR write per cluster that has a CPU in the mask. */
  readonly sendToMask: ProgramRef<[mask: number, vector: number]>;
  /** The body of both interrupt handlers, after EOI. */
  readonly flushQueue: ProgramRef<[]>;
  readonly llistReverse: ProgramRef<[entry: number, reversed: number]>;
  readonly runCsd: ProgramRef<[entry: number]>;
  readonly copyPayload: ProgramRef<[csd: number]>;
}

/** `llist_add` (lib/llist.c): read the head, link, compare-and-exchange, again until it holds. The target owns the csd then. */
const llistAdd: CallFunctionPrograms['llistAdd'] = (smp) =>
  function* (cpu, csd, target) {
    const head = smp.queue(target);
    const first = yield* cpu.load(head);
    yield* cpu.store(smp.csds.next(csd), first);
    const added = yield* cpu.handOver(smp.csds.group(csd), target).compareExchange(head, first, csd + 1);
    if (added) return first === 0 ? 1 : 0;
    return yield* cpu.become(smp.programs.llistAdd, csd, target);
  };

/**
 * One target's share of `smp_call_function_many`, or of `smp_call_function_single` for a csd on the stack, which needs
 * no lock because nobody else can use it. With INLINED the payload behind `info` is copied into the csd (RFC v2 patch 10).
 */
const queueCall: CallFunctionPrograms['queueCall'] = (smp) =>
  function* (cpu, csd, target, func, info, flags) {
    const { csds } = smp;
    const isStack = csd === csds.stack(cpu.id);
    if (!isStack) yield* smp.csdLock(cpu, csd);
    yield* cpu.store(csds.flags(csd), flags | CsdFlag.lock);
    yield* cpu.store(csds.func(csd), func);
    if ((flags & CsdFlag.inlined) === 0) yield* cpu.store(csds.info(csd), info);
    else yield* copyWords(smp, cpu, info, csds.info(csd));
    yield* spend(cpu, smp.costs.queueWorkCycles);
    return yield* cpu.call(smp.programs.llistAdd, csd, target);
  };

/** `__x2apic_send_IPI_mask`: one write per cluster; in flat mode a cluster is 8 CPUs, in physical mode one. */
const sendToMask: CallFunctionPrograms['sendToMask'] = (_smp, clusterSize) =>
  function* (cpu, mask, vector) {
    let from = 0;
    for (;;) {
      const member = from < _smp.cpuCount ? yield* cpu.nextSetBit(mask as Mask, from) : -1;
      if (member < 0) return;
      const cluster = Math.floor(member / clusterSize);
      yield* cpu.sendIpiMask(mask as Mask, vector as Vector, cluster);
      from = (cluster + 1) * clusterSize;
    }
  };

/** `flush_smp_call_function_queue`: takes the whole list with one XCHG and works it off in the order of the pushes. */
const flushQueue: CallFunctionPrograms['flushQueue'] = (smp) =>
  function* (cpu) {
    const newest = yield* cpu.exchange(smp.queue(cpu.id), 0);
    if (newest === 0) return;
    const oldest = yield* cpu.call(smp.programs.llistReverse, newest, 0);
    return yield* cpu.become(smp.programs.runCsd, oldest);
  };

/** `llist_reverse_order` (lib/llist.c): writes `next` of every entry, so the csd lines become this CPU's. */
const llistReverse: CallFunctionPrograms['llistReverse'] = (smp) =>
  function* (cpu, entry, reversed) {
    const link = smp.csds.next(entry - 1);
    const rest = yield* cpu.load(link);
    yield* cpu.store(link, reversed);
    if (rest === 0) return entry;
    return yield* cpu.become(smp.programs.llistReverse, rest, entry);
  };

/**
 * One item of `flush_smp_call_function_queue`. `next` is read first: after the unlock the sender may link the csd again.
 * SYNCHRONOUS: unlock after the function. Otherwise before it, with an inlined payload already copied and
 * `async_func_in_progress` set, for an NMI may come in between (RFC v2 patches 10 and 11).
 */
const runCsd: CallFunctionPrograms['runCsd'] = (smp) =>
  function* (cpu, entry) {
    if (entry === 0) return;
    const csd = entry - 1;
    const { csds } = smp;
    yield* spend(cpu, smp.costs.handlerItemCycles);
    const next = yield* cpu.load(csds.next(csd));
    const func = yield* cpu.load(csds.func(csd));
    const flags = yield* cpu.load(csds.flags(csd));
    let info: number = smp.payloadCopy(cpu.id);
    if ((flags & CsdFlag.inlined) !== 0) yield* cpu.call(smp.programs.copyPayload, csd);
    else info = yield* cpu.load(csds.info(csd));
    const isSynchronous = (flags & CsdFlag.synchronous) !== 0;
    if (!isSynchronous) {
      yield* cpu.store(smp.asyncInProgress(cpu.id), func);
      yield* smp.csdUnlock(cpu, csd);
    }
    yield* smp.indirectCall(cpu);
    yield* cpu.call(smp.called(func), info);
    if (isSynchronous) yield* smp.csdUnlock(cpu, csd);
    else yield* cpu.store(smp.asyncInProgress(cpu.id), 0);
    return yield* cpu.become(smp.programs.runCsd, next);
  };

/** The handler's copy of an inlined payload to its own stack. A frame of its own, so that the item forgets the values. */
const copyPayload: CallFunctionPrograms['copyPayload'] = (smp) =>
  function* (cpu, csd) {
    yield* copyWords(smp, cpu, smp.csds.info(csd), smp.payloadCopy(cpu.id));
  };

/** memcpy of one payload. */
function* copyWords(smp: CallFunction, cpu: KernelCpu, from: number, to: number): Program {
  yield* spend(cpu, smp.costs.copyPer16BytesCycles * Math.ceil(INLINE_BYTES / 16));
  for (let offset = 0; offset < INLINE_WORDS; offset++) {
    yield* cpu.storeSealed(wordAt(to, offset), yield* cpu.loadSealed(wordAt(from, offset)));
  }
}

/** The programs of Linux 5.2 with the additions of RFC v2 patches 10 and 11. */
export const callFunctionPrograms: CallFunctionPrograms = {
  llistAdd,
  queueCall,
  sendToMask,
  flushQueue,
  llistReverse,
  runCsd,
  copyPayload,
};
