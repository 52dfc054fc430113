import {
  type Boot,
  type Cpu,
  type Mask,
  type Op,
  type Program,
  type ProgramRef,
  ShootdownError,
  type Vector,
  type Word,
  spend,
} from '@shootdown/core';
import type { CallFunctionCosts } from './costs.js';
import { Csds } from './csd.js';
import type { CallFunctionLayout } from './layout.js';
import type { CallFunctionPrograms, CallFunctionRefs } from './programs.js';
import type { CallFunctionSteps } from './steps.js';
import { writeMask } from './write-mask.js';

/** A function that another CPU can be asked to run. Its argument is a pointer: the first word of what it is told. */
export type CalledFunction = ProgramRef<[info: number]>;

/** What every csd of one cross-call carries: the function's number, its argument, and `CsdFlag` bits. */
export interface QueuedCall {
  readonly func: number;
  readonly info: number;
  readonly flags: number;
}

export interface CallFunctionOptions {
  readonly layout: CallFunctionLayout;
  readonly costs: CallFunctionCosts;
  /** CALL_FUNCTION_SINGLE_VECTOR and CALL_FUNCTION_VECTOR. Both drain the same queue. */
  readonly vectors: { readonly single: Vector; readonly many: Vector };
  /** CPUs send calls of their own besides the flushes. Default false. */
  readonly otherCalls?: boolean;
  /** Normally `callFunctionPrograms`; a replaced program changes the machinery for everybody. */
  readonly programs: CallFunctionPrograms;
  /** Normally `callFunctionSteps`. */
  readonly steps: CallFunctionSteps;
}

/**
 * The cross-call machinery of kernel/smp.c (Linux 5.2) as words and programs, in pieces that a strategy composes:
 * `queueCall` per target, then one of the sends, then `csdLockWait` per target.
 */
export class CallFunction {
  /** CPUs of the machine. */
  readonly cpuCount: number;
  /** How csds lie in memory, as the manifest says. */
  readonly layout: CallFunctionLayout;
  /** What its straight-line code takes. */
  readonly costs: CallFunctionCosts;
  /** The call descriptors: `csds.slot(from, to)` is the one of a pair of CPUs. */
  readonly csds: Csds;
  /** The vectors that `sendSingle` and `sendMany` use. */
  readonly vectors: { readonly single: Vector; readonly many: Vector };
  /** `call_single_queue` of a CPU: csd + 1 of the newest entry, 0 when empty. A line of its own. */
  readonly queue: (cpu: number) => Word;
  /** `async_func_in_progress` of a CPU (RFC v2 patch 11): the function it runs after having acknowledged it, or 0. */
  readonly asyncInProgress: (cpu: number) => Word;
  /** The handler's own copy of an inlined payload, on the interrupt stack of the CPU. */
  readonly payloadCopy: (cpu: number) => Word;
  /** `cfd->cpumask_ipi`: CPUs whose queue this CPU found empty. */
  readonly ipiMask: (cpu: number) => Mask;
  /** Its registered programs for `cpu.call`, `queueCall` among them. */
  readonly programs: CallFunctionRefs;
  /** Parts of its programs that can be replaced. */
  readonly steps: CallFunctionSteps;
  /** An ICR write of this machine waits for the store buffer. */
  readonly icrWriteDrainsStores: boolean;
  readonly #functions: CalledFunction[] = [];
  readonly #boot: Boot;

  constructor(boot: Boot, options: CallFunctionOptions) {
    const cpuCount = boot.shape.cpuCount;
    const home = (cpu: number): number => cpu;
    const maskStride = Math.ceil(cpuCount / 256) * 8;
    this.#boot = boot;
    this.cpuCount = cpuCount;
    this.layout = options.layout;
    this.costs = options.costs;
    this.vectors = options.vectors;
    this.icrWriteDrainsStores = boot.shape.icrWriteDrainsStores;
    this.csds = new Csds(boot, options.layout, options.otherCalls);
    this.queue = boot.records('call_single_queue', ['head'], cpuCount, { home }).head;
    this.asyncInProgress = boot.records('async_func_in_progress', ['func'], cpuCount, { home, wordClass: 'cpu' }).func;
    const payload = ['word0', 'word1', 'word2', 'word3', 'word4'] as const;
    this.payloadCopy = boot.records('payload_copy', payload, cpuCount, { home, wordClass: 'cpu' }).word0;
    const masks = boot.records('cpumask_ipi', ['bits'], cpuCount, { home, wordClass: 'cpu', stride: maskStride });
    this.ipiMask = (cpu) => masks.bits(cpu) as number as Mask;
    this.programs = register(boot, this, options.programs);
    this.steps = options.steps;
  }

  /**
   * Makes a program callable on other CPUs; the number goes into `csd.func`. Throws LATE_ALLOCATION once the machine has been made.
   */
  register(called: CalledFunction): number {
    if (this.#boot.isSealed)
      throw new ShootdownError(
        'LATE_ALLOCATION',
        `'${called.name}' was registered for cross-calls after boot. Register it inside create().`,
      );
    return this.#functions.push(called);
  }

  /** The number of a registered program, 0 for none. */
  numberOf(called: CalledFunction): number {
    return this.#functions.indexOf(called) + 1;
  }

  /** The program behind a function number. */
  called(func: number): CalledFunction {
    const called = this.#functions[func - 1];
    if (called === undefined)
      throw new ShootdownError(
        'INVALID_OPERAND',
        `No function ${func} is registered for cross-calls. Register it with CallFunction.register() at boot.`,
      );
    return called;
  }

  /**
   * First half of `csd_lock`: waits until the last call with this csd is over; it belongs to its sender since the unlock.
   * The second half is the plain store of the flags with LOCK set (kernel/smp.c uses no locked instruction: nobody else
   * sends with this csd, and the sender does not migrate).
   */
  csdLock(cpu: Cpu, csd: number): Op {
    return this.steps.csdLock(this, cpu, csd);
  }

  /**
   * The loop of `smp_call_function_many`: queues a call to each target with the csd that `csdOf` names, and returns the targets
   * whose queue was empty, which need an IPI.
   */
  *queueAll(
    cpu: Cpu,
    targets: readonly number[],
    csdOf: (target: number) => number,
    { func, info, flags }: QueuedCall,
  ): Program<number[]> {
    const woken: number[] = [];
    for (const to of targets) {
      const wasEmpty = yield* cpu.call(this.programs.queueCall, csdOf(to), to, func, info, flags);
      if (wasEmpty === 1) woken.push(to);
    }
    return woken;
  }

  /** `csd_unlock`: a release store of 0, which clears the other flags too. The csd belongs to its sender from then on. */
  csdUnlock(cpu: Cpu, csd: number): Op {
    return this.steps.csdUnlock(this, cpu, csd);
  }

  /** `csd_lock_wait`: waits until the target has unlocked the csd. Interrupts must be on, or two senders wait for each other. */
  csdLockWait(cpu: Cpu, csd: number): Op {
    return this.steps.csdLockWait(this, cpu, csd);
  }

  /**
   * `arch_send_call_function_single_ipi`. Where the ICR write does not drain the store buffer a fence precedes it, as
   * `x2apic_wrmsr_fence` does: else the target could look into its queue before the entry is visible.
   */
  sendSingle(cpu: Cpu, target: number): Op {
    return this.steps.sendSingle(this, cpu, target);
  }

  /**
   * `arch_send_call_function_ipi_mask` for two or more targets: native_send_call_func_ipi allocates and compares a mask,
   * then `default_send_IPI_mask_logical` or `__x2apic_send_IPI_mask` writes the ICR once per cluster with interrupts off.
   * Call it with interrupts on.
   */
  sendMany(cpu: Cpu, targets: readonly number[]): Op {
    return this.steps.sendMany(this, cpu, targets);
  }

  /** The CPUs of a mask, in ascending order (`for_each_cpu`): plain loads of its words. */
  *members(cpu: Cpu, mask: Mask): Program<number[]> {
    const members: number[] = [];
    for (let from = 0; from < this.cpuCount; ) {
      const next = yield* cpu.nextSetBit(mask, from);
      if (next < 0) break;
      members.push(next);
      from = next + 1;
    }
    return members;
  }

  /** Writes a mask whole (`cpumask_clear`, `__cpumask_set_cpu`). */
  writeMask(cpu: Cpu, mask: Mask, cpus: readonly number[]): Program {
    return writeMask(cpu, mask, cpus, this.cpuCount);
  }

  /** An indirect call, with the retpoline where the machine uses one. */
  indirectCall(cpu: Cpu): Op {
    return spend(cpu, this.costs.indirectCallCycles + this.costs.retpolineExtraCycles);
  }
}

function register(boot: Boot, smp: CallFunction, programs: CallFunctionPrograms): CallFunctionRefs {
  return {
    llistAdd: boot.program('llist_add', programs.llistAdd(smp)),
    queueCall: boot.program('queue_call', programs.queueCall(smp)),
    sendToMask: boot.program('send_IPI_mask', programs.sendToMask(smp, boot.shape.clusterSize)),
    flushQueue: boot.program('flush_smp_call_function_queue', programs.flushQueue(smp)),
    llistReverse: boot.program('llist_reverse_order', programs.llistReverse(smp)),
    runCsd: boot.program('run_csd', programs.runCsd(smp)),
    copyPayload: boot.program('copy_payload', programs.copyPayload(smp)),
  };
}
