import { defineStrategy, type Strategy } from '@shootdown/plugin';
import { type Sync, type SyncSteps, syncSteps } from './steps.js';

/**
 * `flush_tlb_mm_range` and `native_flush_tlb_others` of Linux 5.2 (arch/x86/mm/tlb.c), with `on_each_cpu_cond_mask` and
 * `smp_call_function_many` (kernel/smp.c): the code before the 2019 series.
 *
 * The own flush comes first and completely, then the cross-call, then the wait. Without freed tables the general helper
 * also calls the flush function on the initiator itself, which normally finds that nothing is left to do.
 */
export const sync: Strategy = syncWith({});

/** The strategy with some of its steps replaced. */
export function syncWith(replaced: Partial<SyncSteps>): Strategy {
  const steps = { ...syncSteps, ...replaced };
  return defineStrategy({
    apiVersion: 1,
    name: 'sync',
    title: 'Synchronous (Linux 5.2)',
    summary: 'Flush here, interrupt the other CPUs, wait until each of them has flushed.',
    references: [
      'arch/x86/mm/tlb.c and kernel/smp.c, Linux 5.2',
      'LKML 20190525082203.6531-1-namit@vmware.com, column "before"',
    ],
    optionsSchema: { type: 'object', additionalProperties: false, properties: {} },
    layout: { cpuTlbState: 'together', csd: 'packed', singleTargetCsd: 'stack', flushInfo: 'perCpu' },
    create(env) {
      const strategy: Sync = {
        env,
        steps,
        remote: env.callFunction.register(env.kernel.flushByInfo),
        temporary: Array.from({ length: env.cpuCount }, (_, cpu) => env.mask(`temporary_cpumask ${cpu}`)),
      };
      return {
        *flush(cpu, request) {
          yield* steps.flush(strategy, cpu, request);
        },
      };
    },
  });
}
