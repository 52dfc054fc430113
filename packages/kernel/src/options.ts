import type { MachineShape } from '@shootdown/core';
import type { MmOptions } from '@shootdown/mm';
import type { Env, Hooks, Layout, Strategy } from '@shootdown/plugin';
import type { KernelCosts } from './costs.js';
import type { LinuxPrograms, LinuxSteps } from './programs/index.js';

/** Switches of the environment: what code outside the strategy does. Stated with every verdict. */
export interface Environment {
  /** What the NMI handler does: no user access; an access if `nmi_uaccess_okay()` agrees; an access without asking. */
  readonly nmi: 'nothing' | 'asks' | 'touches';
  /** What `nmi_uaccess_okay()` tests before it asks the strategy; see the program. */
  readonly uaccessGuard: 'loadedMm' | 'currentMm' | 'notLazy' | 'lazyAware';
  /** What a probe inside an interrupt handler does: it is not there; it reads user memory without asking. */
  readonly kprobe: 'nothing' | 'touches';
  /** What threads that use a page for ever do with interrupts off: nothing; a kernel access; a user access (iopl). */
  readonly interruptsOff: 'none' | 'kernel' | 'user';
  /** A function call that an initiator queues on the next CPU before it flushes: none that matters; one that reads user memory. */
  readonly callAhead: 'plain' | 'touches';
  /** Where released pages go: `on` makes them device memory, which speculative loads must not reach. */
  readonly deviceLoad: 'off' | 'on';
  /** The page that all of this reads. */
  readonly touchedPage: number;
}

export const DEFAULT_ENVIRONMENT: Environment = {
  nmi: 'asks',
  uaccessGuard: 'lazyAware',
  kprobe: 'nothing',
  interruptsOff: 'none',
  callAhead: 'plain',
  deviceLoad: 'off',
  touchedPage: 0,
};

/** What a kernel is booted with. Everything but the machine, the costs and the strategy has a default. */
export interface KernelOptions {
  readonly shape: MachineShape;
  readonly costs: KernelCosts;
  readonly strategy: Strategy;
  /** Validated options of the strategy. */
  readonly options?: unknown;
  /** How `create` is run; a host wraps it with its checks. Default: `strategy.create(env, options)`. */
  readonly createHooks?: (strategy: Strategy, env: Env, options: unknown) => Hooks;
  /** User address spaces. Default 1. */
  readonly mmCount?: number;
  /** Programs that take the place of Linux's. */
  readonly programs?: Partial<LinuxPrograms>;
  /** Steps within programs that take the place of Linux's. */
  readonly steps?: Partial<LinuxSteps>;
  /** Takes precedence over the layout of the strategy's manifest. */
  readonly layout?: Layout;
  readonly environment?: Partial<Environment>;
  /** Assumptions of the strategy's manifest, by name, that are not enforced on this kernel's environment. Default none. */
  readonly unenforced?: readonly string[];
  /** `tlb_single_page_flush_ceiling`. Default 33, as in arch/x86/mm/tlb.c. */
  readonly singlePageFlushCeiling?: number;
  /** Default `switchingFirst`: with the other order an NMI meets a window in which no strategy can be clean. */
  readonly switchOrder?: MmOptions['switchOrder'];
  readonly frameChoice?: MmOptions['frameChoice'];
  /** Pages per gather batch. Default: a page table's worth, at least 8. */
  readonly gatherPages?: number;
  /**
   * Gather batches per CPU where the strategy's guarantee for unmaps is deferred to the release, at least 2: the one that is gathered
   * and those that wait. Default 4. With any other strategy a CPU has one.
   */
  readonly batchesPerCpu?: number;
}
