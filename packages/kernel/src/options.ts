import type { MachineShape } from '@shootdown/core';
import type { MmOptions } from '@shootdown/mm';
import type { Env, Hooks, Layout, Strategy } from '@shootdown/plugin';
import type { KernelCosts } from './costs.js';
import type { LinuxPrograms, LinuxSteps } from './programs/index.js';

/** Switches of the environment: what code outside the strategy does. Stated with every verdict. */
export interface Environment {
  /** What the NMI handler does: no user access; an access if `nmi_uaccess_okay()` agrees; an access without asking. */
  readonly nmi: 'nothing' | 'asks' | 'touches';
  /** The page that an NMI handler reads. */
  readonly nmiPage: number;
}

export const DEFAULT_ENVIRONMENT: Environment = { nmi: 'asks', nmiPage: 0 };

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
  /** `tlb_single_page_flush_ceiling`. Default 33, as in arch/x86/mm/tlb.c. */
  readonly singlePageFlushCeiling?: number;
  readonly switchOrder?: MmOptions['switchOrder'];
  readonly frameChoice?: MmOptions['frameChoice'];
  /** Pages per gather batch. Default: a page table's worth, at least 8. */
  readonly gatherPages?: number;
  /** Gather batches per CPU. Default 1, or 4 when the strategy's guarantee for unmaps is deferred to the release. */
  readonly batchesPerCpu?: number;
}
