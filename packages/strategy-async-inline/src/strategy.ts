import { defineStrategy, type Strategy } from '@shootdown/plugin';
import { type AsyncInline, type AsyncInlineSteps, asyncInlineSteps } from './steps.js';

/**
 * RFC v2 of 31 May 2019, patches 2 to 12: the request travels inside the csd, the target copies it to its own stack and
 * unlocks the csd before it flushes, and the initiator waits for the unlock only.
 *
 * Requests that free page tables and requests for kernel addresses stay synchronous. While a target flushes after its
 * acknowledgement it is in an interrupt handler; `mayAccessUser` keeps an NMI from touching user memory meanwhile.
 */
export const asyncInline: Strategy = asyncInlineWith({});

/** The strategy with some of its steps replaced. */
export function asyncInlineWith(replaced: Partial<AsyncInlineSteps>): Strategy {
  const steps = { ...asyncInlineSteps, ...replaced };
  return defineStrategy({
    apiVersion: 1,
    name: 'async-inline',
    title: 'Asynchronous with inlined request (RFC v2)',
    summary:
      'A target acknowledges once it has copied the request, then flushes; the initiator goes on at the acknowledgement.',
    references: [
      'LKML 20190531063645.4697-1-namit@vmware.com, patches 2 to 12',
      'the wait was added in the thread of patch 11',
    ],
    optionsSchema: {
      type: 'object',
      additionalProperties: false,
      properties: {
        ack: {
          enum: ['early', 'late', 'none'],
          default: 'early',
          description:
            'When the initiator goes on: early = the target has copied the request; late = it has flushed; none = at once, as first posted, which is broken.',
        },
        freedTables: {
          enum: ['sync', 'early'],
          default: 'sync',
          description: 'Requests that free page tables: wait for the flush, or for the copy only, which is broken.',
        },
        nmiGuard: {
          type: 'boolean',
          default: true,
          description: 'nmi_uaccess_okay() refuses while a flush is acknowledged and not done.',
        },
      },
    },
    layout: { cpuTlbState: 'lazyApart', csd: 'line', singleTargetCsd: 'slot', flushInfo: 'stack' },
    create(env, options) {
      const strategy: AsyncInline = {
        env,
        options,
        steps,
        remote: env.callFunction.register(env.kernel.flushByInfo),
        flushMask: Array.from({ length: env.cpuCount }, (_, cpu) => env.mask(`flush_tlb_mask ${cpu}`)),
      };
      return {
        *flush(cpu, request) {
          yield* steps.flush(strategy, cpu, request);
        },
        *mayAccessUser(cpu) {
          return yield* steps.mayAccessUser(strategy, cpu);
        },
      };
    },
  });
}
