import { defineStrategy, type Strategy } from '@shootdown/plugin';
import { type Concurrent, type ConcurrentSteps, concurrentSteps } from './steps.js';

/**
 * RFC v1 of 25 May 2019, patches 3 to 6: `flush_tlb_multi` on a cross-call that takes a local function too.
 *
 * Queue the requests, send the IPIs, flush here with interrupts off while the others do, then wait. Whether this CPU has a
 * part is its bit in the mask. The lazy filter is open-coded into a dedicated per-CPU mask; one target uses the slot of the
 * pair like any other, and its IPI is sent even if the queue was not empty.
 */
export const concurrent: Strategy = concurrentWith({});

/** The strategy with some of its steps replaced. */
export function concurrentWith(replaced: Partial<ConcurrentSteps>): Strategy {
  const steps = { ...concurrentSteps, ...replaced };
  return defineStrategy({
    apiVersion: 1,
    name: 'concurrent',
    title: 'Concurrent (RFC v1)',
    summary: 'The own flush overlaps the others; the initiator still waits until each of them has flushed.',
    references: ['LKML 20190525082203.6531-1-namit@vmware.com, patches 3 to 6', 'merged in Linux 5.13: 4ce94eabac16'],
    optionsSchema: { type: 'object', additionalProperties: false, properties: {} },
    layout: { cpuTlbState: 'together', csd: 'packed', singleTargetCsd: 'slot', flushInfo: 'perCpu' },
    create(env) {
      const strategy: Concurrent = {
        env,
        steps,
        remote: env.callFunction.register(env.kernel.flushByInfo),
        flushMask: Array.from({ length: env.cpuCount }, (_, cpu) => env.mask(`flush_tlb_mask ${cpu}`)),
      };
      return {
        *flush(cpu, request) {
          yield* steps.flush(strategy, cpu, request);
        },
      };
    },
  });
}
