import { defineStrategy, type Env, KERNEL_CHOOSES, type Strategy } from '@shootdown/plugin';
import { type Broadcast, type BroadcastOptions, type BroadcastSteps, NO_GLOBAL_ASID } from './broadcast.js';
import { broadcastSteps } from './steps.js';

/**
 * AMD's broadcast invalidation as Linux uses it since 2025. A process that runs on enough CPUs gets an ASID that is the same on
 * all of them; from then on its flushes are INVLPGBs that the hardware carries out everywhere and a TLBSYNC, and no CPU is
 * interrupted but those that have not changed to the new ASID yet. All other processes are flushed by IPI.
 */
export const broadcast: Strategy = broadcastWith({});

/** The strategy with some of its steps replaced. */
export function broadcastWith(replaced: Partial<BroadcastSteps>): Strategy {
  const steps = { ...broadcastSteps, ...replaced };
  return defineStrategy({
    apiVersion: 1,
    name: 'broadcast',
    title: 'Broadcast (INVLPGB)',
    summary:
      'INVLPGB drops the pages on every CPU, TLBSYNC waits for it; no CPU is interrupted once the process has a global ASID.',
    references: [
      'Rik van Riel, "AMD broadcast TLB invalidation", LKML, December 2024 to March 2025',
      'arch/x86/mm/tlb.c of Linux of 2025: broadcast_tlb_flush, finish_asid_transition, use_global_asid',
      'AMD64 Architecture Programmer’s Manual, volume 3: INVLPGB, TLBSYNC',
    ],
    optionsSchema: {
      type: 'object',
      additionalProperties: false,
      properties: {
        globalAsid: {
          enum: ['earned', 'fromBoot'],
          default: 'earned',
          description:
            'A process gets its global ASID while it runs, as in Linux, or has it from the start (for explorations).',
        },
        activeCpus: {
          type: 'integer',
          minimum: 1,
          maximum: 1024,
          default: 4,
          description: 'CPUs on which a process must be active at once to get a global ASID. Linux: 4.',
        },
        considerEvery: {
          type: 'integer',
          minimum: 1,
          maximum: 1024,
          default: 32,
          description: 'Every CPU considers a global ASID after so many flushes by IPI. Linux: in one jiffy of 32.',
        },
      },
    },
    requires: ['pcid', 'invlpgb'],
    layout: { cpuTlbState: 'lazyApart', csd: 'packed', singleTargetCsd: 'slot', flushInfo: 'perCpu' },
    create(env, options) {
      const strategy = broadcastOf(env, options, steps);
      return {
        *flush(cpu, request) {
          yield* steps.flush(strategy, cpu, request);
        },
        *chooseAsid(cpu, mm) {
          if (mm < 0) return KERNEL_CHOOSES;
          const asid = yield* cpu.load(strategy.globalAsid(mm));
          return asid === NO_GLOBAL_ASID ? KERNEL_CHOOSES : asid;
        },
      };
    },
  });
}

function broadcastOf(env: Env, options: BroadcastOptions, steps: BroadcastSteps): Broadcast {
  const { cpuCount, mmCount, asidCount, globalAsidCount, kernel, records, mask, initial, callFunction } = env;
  const context = records('mm_context', ['global_asid', 'asid_transition'], mmCount);
  const allocator = records('global_asids', ['lock', 'next'], 1);
  const given = options.globalAsid === 'fromBoot' ? Math.min(mmCount, globalAsidCount) : 0;
  initial(allocator.next(0), asidCount + given);
  for (let mm = 0; mm < given; mm++) {
    initial(context.global_asid(mm), asidCount + mm);
    initial(context.asid_transition(mm), 1);
  }
  return {
    env,
    options,
    steps,
    remote: callFunction.register(kernel.flushByInfo),
    flushMask: Array.from({ length: cpuCount }, (_, cpu) => mask(`flush_tlb_mask ${cpu}`)),
    globalAsid: context.global_asid,
    inTransition: context.asid_transition,
    lock: allocator.lock(0),
    nextAsid: allocator.next(0),
    unconsidered: records('considered', ['flushes'], cpuCount, { home: (cpu) => cpu, wordClass: 'cpu' }).flushes,
  };
}
