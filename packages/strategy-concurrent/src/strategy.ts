import { type Cpu, defineStrategy, type FlushRequest, type Mask, type Program, type Strategy } from '@shootdown/plugin';
import { CsdFlag } from '@shootdown/smp-call-function';

/**
 * RFC v1 of 25 May 2019, patches 3 to 6: `flush_tlb_multi` on a cross-call that takes a local function too.
 *
 * Queue the requests, send the IPIs, flush here with interrupts off while the others do, then wait. Whether this CPU has a
 * part is its bit in the mask. The lazy filter is open-coded into a dedicated per-CPU mask; one target uses the slot of the
 * pair like any other, and its IPI is sent even if the queue was not empty.
 */
export const concurrent: Strategy = defineStrategy({
  apiVersion: 1,
  name: 'concurrent',
  title: 'Concurrent (RFC v1)',
  summary: 'The own flush overlaps the others; the initiator still waits until each of them has flushed.',
  references: ['LKML 20190525082203.6531-1-namit@vmware.com, patches 3 to 6', 'merged in Linux 5.13: 4ce94eabac16'],
  optionsSchema: { type: 'object', additionalProperties: false, properties: {} },
  layout: { cpuTlbState: 'together', csd: 'packed', singleTargetCsd: 'slot', flushInfo: 'perCpu' },
  create({ kernel, callFunction: smp, costs, cpuCount, mask, spend }) {
    const remote = smp.register(kernel.flushByInfo);
    const flushMask = Array.from({ length: cpuCount }, (_, cpu) => mask(`flush_tlb_mask ${cpu}`));

    function* flushHere(cpu: Cpu, { mm, firstPage, pageCount }: FlushRequest, generation: number): Program {
      yield* cpu.phase('localFlush');
      yield* cpu.disableInterrupts();
      yield* cpu.call(kernel.flushHere, mm, firstPage, pageCount, generation);
      yield* cpu.enableInterrupts();
    }

    /** Lazy CPUs need no IPI unless page tables are freed. */
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
        yield* kernel.flushInfo.fill(cpu, mm, firstPage, pageCount, generation, kind === 'freeTable', true);
        const members = yield* smp.members(cpu, request.cpus);
        const isLocal = members.every((member) => member === cpu.id);
        const targets = isLocal || kind === 'freeTable' || kind === 'kernel' ? members : yield* notLazy(cpu, members);
        const others = targets.filter((target) => target !== cpu.id);
        const [only] = others;
        if (only !== undefined) {
          const call = { func: remote, info: kernel.flushInfo.pointer(cpu.id), flags: CsdFlag.synchronous };
          yield* cpu.phase('queue');
          const woken = yield* smp.queueAll(cpu, others, (to) => smp.csds.slot(cpu.id, to), call);
          yield* cpu.phase('send');
          if (others.length === 1) yield* smp.sendSingle(cpu, only);
          else yield* smp.sendMany(cpu, woken);
          yield* smp.indirectCall(cpu);
        }
        if (targets.includes(cpu.id)) yield* flushHere(cpu, request, generation);
        yield* cpu.phase('wait');
        for (const to of others) yield* smp.csdLockWait(cpu, smp.csds.slot(cpu.id, to));
      },
    };
  },
});
