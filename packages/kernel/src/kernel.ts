import {
  Boot,
  FLUSH_KINDS,
  type FlushKind,
  type MachineShape,
  type Mask,
  type SystemPrograms,
  type Vector,
  type Word,
  maskBit,
  maskWord,
} from '@shootdown/core';
import { BASE_MM_LAYOUT, INIT_MM, Mm } from '@shootdown/mm';
import type { Hooks, Strategy } from '@shootdown/plugin';
import { BASE_CALL_FUNCTION_LAYOUT, CallFunction } from '@shootdown/smp-call-function';
import type { KernelCosts } from './costs.js';
import { createEnv } from './env.js';
import { type HookPrograms, registerHooks } from './hook-programs.js';
import { DEFAULT_ENVIRONMENT, type Environment, type KernelOptions } from './options.js';
import {
  type KernelRefs,
  linuxPrograms,
  type LinuxPrograms,
  linuxSteps,
  type LinuxSteps,
  registerKernelPrograms,
} from './programs/index.js';
import { addKernelThreads, type RunQueue, runQueueOf } from './run-queue.js';
import { interrupt } from './programs/traps.js';

/** A kernel over one machine and one strategy: words and programs. Threads are added before the machine is made. */
export class Kernel {
  readonly boot: Boot;
  readonly shape: MachineShape;
  readonly costs: KernelCosts;
  readonly environment: Environment;
  readonly strategy: Strategy;
  readonly smp: CallFunction;
  readonly mm: Mm;
  readonly programs: KernelRefs;
  readonly hooks: HookPrograms;
  /** `cpu_online_mask`: every CPU. */
  readonly onlineCpus: Mask;
  /** `preempt_count` of a CPU. */
  readonly preemptCount: (cpu: number) => Word;
  /** `current->mm` of the thread a CPU runs; `INIT_MM` for a kernel thread. */
  readonly currentMm: (cpu: number) => Word;
  /** `kvm_steal_time.preempted` of a virtual CPU, a line each as the structure's alignment has it; absent where CPUs are real. */
  readonly preempted?: (cpu: number) => Word;
  /** The present operation has faulted a page in. */
  readonly hasFaulted: (cpu: number) => Word;
  /** Absent when the strategy has no kernel threads: nobody is ever preempted then. */
  readonly runQueue: RunQueue | undefined;
  /** Entries from and exits to user mode do more than change the mode. */
  readonly tracksUserMode: boolean;

  /** See `bootKernel`. */
  constructor(options: KernelOptions) {
    const boot = new Boot(options.shape);
    const linux: LinuxPrograms = { ...linuxPrograms, ...options.programs };
    this.boot = boot;
    this.shape = options.shape;
    this.costs = options.costs;
    this.environment = { ...DEFAULT_ENVIRONMENT, ...options.environment };
    this.strategy = options.strategy;
    const own = boot.records('per_cpu', ['preempt_count', 'current_mm', 'has_faulted'], boot.shape.cpuCount, {
      home: (cpu) => cpu,
      wordClass: 'cpu',
    });
    this.preemptCount = own.preempt_count;
    this.currentMm = own.current_mm;
    this.hasFaulted = own.has_faulted;
    if (this.shape.virtual === true)
      this.preempted = boot.records('kvm_steal_time', ['preempted'], boot.shape.cpuCount, {
        home: (cpu) => cpu,
      }).preempted;
    this.onlineCpus = allOnline(boot);
    this.programs = registerKernelPrograms(boot, this, linux);
    const steps: LinuxSteps = { ...linuxSteps, ...options.steps };
    this.smp = this.#callFunction(options, linux, steps);
    this.mm = this.#memoryManagement(options, linux, steps);
    this.hooks = this.#strategyHooks(options);
    this.tracksUserMode =
      this.shape.pti || this.hooks.kernelEntry !== undefined || this.hooks.returnToUser !== undefined;
    const { flush: _flush, handlers: _handlers, threads: _threads, ...asked } = this.hooks;
    this.mm.connect({ ...asked, flush: this.programs.flush });
    boot.system = this.#systemPrograms(options);
    if (this.environment.callAhead === 'touches') this.smp.register(this.programs.calledAhead);
    for (let cpu = 0; cpu < boot.shape.cpuCount; cpu++) this.startCpu(cpu, INIT_MM, { lazy: false, user: false });
    this.runQueue = runQueueOf(this);
    if (this.runQueue !== undefined) addKernelThreads(this, this.runQueue);
  }

  /** What a CPU runs at boot: the thread that is declared next, with this mm, borrowed by a kernel thread (`lazy`), in user mode or not. */
  startCpu(cpu: number, mm: number, state: { readonly lazy: boolean; readonly user: boolean }): void {
    this.mm.startCpu(cpu, mm, state);
    this.boot.memory.initial(this.currentMm(cpu), state.lazy ? INIT_MM : mm);
    if (this.runQueue !== undefined) this.boot.memory.initial(this.runQueue.current(cpu), this.boot.threads.length);
  }

  #systemPrograms({ strategy, unenforced = [] }: KernelOptions): SystemPrograms {
    const { programs, hooks, boot } = this;
    const skews = (strategy.assumes ?? [])
      .filter(({ name }) => !unenforced.includes(name))
      .flatMap(({ maximumTickSkew }) => maximumTickSkew ?? []);
    const timer = hooks.tick === undefined ? {} : { timer: boot.vector('local_timer', programs.timerInterrupt) };
    return {
      pageFault: programs.doPageFault,
      nmi: programs.nmi,
      ...(this.environment.kprobe === 'touches' ? { probe: programs.probe } : {}),
      ...(this.preempted === undefined
        ? {}
        : { vcpuPut: programs.stealTimeSetPreempted, vcpuLoad: programs.recordStealTime }),
      ...timer,
      ...(hooks.tick === undefined || skews.length === 0 ? {} : { maximumTickSkew: Math.min(...skews) }),
    };
  }

  #callFunction(options: KernelOptions, programs: LinuxPrograms, steps: LinuxSteps): CallFunction {
    const { boot } = this;
    const handler = this.programs.callFunctionInterrupt;
    const vectors = {
      single: boot.vector('call_function_single', handler),
      many: boot.vector('call_function', handler),
    };
    const { csd, singleTargetCsd } = { ...BASE_CALL_FUNCTION_LAYOUT, ...options.strategy.layout, ...options.layout };
    const otherCalls = this.environment.callAhead === 'touches';
    const layout = { csd, singleTargetCsd };
    return new CallFunction(boot, { layout, costs: options.costs, vectors, programs, steps, otherCalls });
  }

  #memoryManagement(options: KernelOptions, programs: LinuxPrograms, steps: LinuxSteps): Mm {
    const { cpuTlbState, flushInfo } = { ...BASE_MM_LAYOUT, ...options.strategy.layout, ...options.layout };
    const isDeferred = options.strategy.guarantee?.unmap === 'release';
    return new Mm(this.boot, {
      mmCount: options.mmCount ?? 1,
      layout: { cpuTlbState, flushInfo },
      costs: options.costs,
      singlePageFlushCeiling: options.singlePageFlushCeiling ?? 33,
      switchOrder: options.switchOrder ?? 'switchingFirst',
      releaseTo: this.environment.deviceLoad === 'on' ? 'device' : 'allocator',
      frameChoice: options.frameChoice ?? 'firstFree',
      gatherPages: options.gatherPages ?? Math.max(8, 2 ** options.shape.levelBits),
      batchesPerCpu: isDeferred ? Math.max(2, options.batchesPerCpu ?? 4) : 1,
      programs,
      steps,
    });
  }

  #strategyHooks({ strategy, options, createHooks = create }: KernelOptions): HookPrograms {
    const { boot } = this;
    const vectors = new Map<string, Vector>();
    const env = createEnv({ ...this, addVector: (name) => vectors.get(name) ?? this.#addVector(name, vectors) });
    boot.owner = strategy.name;
    try {
      const hooks = createHooks(strategy, env, options);
      return registerHooks(boot, hooks, vectors, (cpu, kind, mm) => this.#cpusOf(cpu, kind, mm));
    } finally {
      boot.owner = 'kernel';
    }
  }

  /** A vector of the strategy: the handler is bound when `create` has returned. */
  #addVector(name: string, vectors: Map<string, Vector>): Vector {
    const { boot } = this;
    const kernel = this;
    const owner = boot.owner;
    boot.owner = 'kernel';
    const entry = boot.program(`interrupt ${name}`, function* (cpu) {
      const body = kernel.hooks.handlers.get(name);
      if (body !== undefined) yield* interrupt(kernel, cpu, body);
    });
    boot.owner = owner;
    const vector = boot.vector(name, entry);
    vectors.set(name, vector);
    return vector;
  }

  #cpusOf(cpu: number, kind: FlushKind, mm: number): Mask {
    if (kind === 'reclaim') return this.mm.reclaim.cpuMask(cpu);
    return mm < 0 ? this.onlineCpus : this.mm.spaces.cpuMask(mm);
  }
}

function create(strategy: Strategy, env: Parameters<Strategy['create']>[0], options: unknown): Hooks {
  return strategy.create(env, Object.freeze(options ?? {}) as never);
}

function allOnline(boot: Boot): Mask {
  const mask = boot.mask('cpu_online_mask');
  for (let cpu = 0; cpu < boot.shape.cpuCount; cpu++) {
    const word = maskWord(mask, cpu);
    boot.memory.initial(word, (boot.memory.initialValues.get(word) ?? 0) | maskBit(cpu));
  }
  return mask;
}

/** Positions of the request kinds, for the operands of the programs. */
export const FLUSH_KIND_INDEX: Readonly<Record<FlushKind, number>> = Object.fromEntries(
  FLUSH_KINDS.map((kind, index) => [kind, index]),
) as Record<FlushKind, number>;
