import { type Cpu, defineStrategy, type FlushRequest, type Mask, type Program, type Strategy } from '@shootdown/plugin';
import { CsdFlag } from '@shootdown/smp-call-function';

/**
 * RFC v2 of 31 May 2019, patches 2 to 12: the request travels inside the csd, the target copies it to its own stack and
 * unlocks the csd before it flushes, and the initiator waits for the unlock only.
 *
 * Requests that free page tables and requests for kernel addresses stay synchronous. While a target flushes after its
 * acknowledgement it is in an interrupt handler; `mayAccessUser` keeps an NMI from touching user memory meanwhile.
 */
export const asyncInline: Strategy = defineStrategy({
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
  create({ kernel, callFunction: smp, costs, cpuCount, mask, spend }, { ack, freedTables, nmiGuard }) {
    const remote = smp.register(kernel.flushByInfo);
    const flushMask = Array.from({ length: cpuCount }, (_, cpu) => mask(`flush_tlb_mask ${cpu}`));
    const isSynchronous = ({ kind }: FlushRequest): boolean =>
      ack === 'late' || kind === 'kernel' || (kind === 'freeTable' && freedTables !== 'early');

    function* flushHere(cpu: Cpu, { mm, firstPage, pageCount }: FlushRequest, generation: number): Program {
      yield* cpu.phase('localFlush');
      yield* cpu.disableInterrupts();
      yield* cpu.call(kernel.flushHere, mm, firstPage, pageCount, generation);
      yield* cpu.enableInterrupts();
    }

    function* notLazy(cpu: Cpu, members: readonly number[]): Program<number[]> {
      const targets: number[] = [];
      for (const member of members) {
        if (yield* cpu.test(kernel.isLazy(member), 'equal', 1)) continue;
        targets.push(member);
      }
      yield* smp.writeMask(cpu, flushMask[cpu.id] as Mask, targets);
      return targets;
    }

    return {
      *flush(cpu, request) {
        const { mm, firstPage, pageCount, kind } = request;
        yield* cpu.phase('prepare');
        yield* spend(cpu, costs.flushSetupCycles);
        const generation = yield* cpu.call(kernel.nextGeneration, mm);
        yield* kernel.flushInfo.fill(cpu, mm, firstPage, pageCount, generation, kind === 'freeTable', false);
        const members = yield* smp.members(cpu, request.cpus);
        const isLocal = members.every((member) => member === cpu.id);
        const targets = isLocal || kind === 'freeTable' || kind === 'kernel' ? members : yield* notLazy(cpu, members);
        const others = targets.filter((target) => target !== cpu.id);
        const [only] = others;
        if (only !== undefined) {
          const flags = CsdFlag.inlined | (isSynchronous(request) ? CsdFlag.synchronous : 0);
          const info = kernel.flushInfo.pointer(cpu.id);
          yield* cpu.phase('queue');
          const woken = yield* smp.queueAll(cpu, others, (to) => smp.csds.slot(cpu.id, to), {
            func: remote,
            info,
            flags,
          });
          yield* cpu.phase('send');
          if (others.length === 1) yield* smp.sendSingle(cpu, only);
          else yield* smp.sendMany(cpu, woken);
          yield* smp.indirectCall(cpu);
        }
        if (targets.includes(cpu.id)) yield* flushHere(cpu, request, generation);
        if (ack === 'none' && !isSynchronous(request)) return;
        yield* cpu.phase('wait');
        for (const to of others) yield* smp.csdLockWait(cpu, smp.csds.slot(cpu.id, to));
      },
      *mayAccessUser(cpu) {
        return nmiGuard === false || (yield* cpu.test(smp.asyncInProgress(cpu.id), 'notEqual', remote));
      },
    };
  },
});
