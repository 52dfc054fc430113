import { type Cpu, defineStrategy, type FlushRequest, type Mask, type Program, type Strategy } from '@shootdown/plugin';
import { CsdFlag } from '@shootdown/smp-call-function';

/**
 * `flush_tlb_mm_range` and `native_flush_tlb_others` of Linux 5.2 (arch/x86/mm/tlb.c), with `on_each_cpu_cond_mask` and
 * `smp_call_function_many` (kernel/smp.c): the code before the 2019 series.
 *
 * The own flush comes first and completely, then the cross-call, then the wait. Without freed tables the general helper
 * also calls the flush function on the initiator itself, which normally finds that nothing is left to do.
 */
export const sync: Strategy = defineStrategy({
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
  create({ kernel, callFunction: smp, costs, cpuCount, mask, maskWord, spend }) {
    const remote = smp.register(kernel.flushByInfo);
    const temporary = Array.from({ length: cpuCount }, (_, cpu) => mask(`temporary_cpumask ${cpu}`));
    const bit = (cpu: number): number => 1 << (cpu % 32);

    /** The initiator's own part: `loaded_mm == mm`, or for a reclaim batch its bit in the batch's mask. */
    function* flushesHere(cpu: Cpu, { kind, mm, cpus }: FlushRequest): Program<boolean> {
      if (kind === 'kernel') return false;
      if (kind === 'reclaim') return yield* cpu.test(maskWord(cpus, cpu.id), 'anyBitSet', bit(cpu.id));
      return yield* cpu.test(kernel.loadedMm(cpu.id), 'equal', mm);
    }

    function* flushHere(cpu: Cpu, { mm, firstPage, pageCount }: FlushRequest, generation: number): Program {
      yield* cpu.disableInterrupts();
      yield* cpu.call(kernel.flushHere, mm, firstPage, pageCount, generation);
      yield* cpu.enableInterrupts();
    }

    /** `on_each_cpu_mask` runs the remote function on the initiator too, interrupts off: normally all is up to date. */
    function* callSelf(cpu: Cpu): Program {
      yield* cpu.phase('localFlush');
      yield* cpu.disableInterrupts();
      yield* smp.indirectCall(cpu);
      yield* cpu.call(kernel.flushByInfo, kernel.flushInfo.pointer(cpu.id));
      yield* cpu.enableInterrupts();
    }

    /** `on_each_cpu_cond_mask`: a temporary mask, and an indirect call of `tlb_is_not_lazy` for every CPU of the mm. */
    function* notLazy(cpu: Cpu, members: readonly number[]): Program<number[]> {
      const targets: number[] = [];
      yield* spend(cpu, costs.cpumaskAllocCycles);
      for (const member of members) {
        yield* smp.indirectCall(cpu);
        if (yield* cpu.test(kernel.isLazy(member), 'equal', 1)) continue;
        targets.push(member);
      }
      yield* smp.writeMask(cpu, temporary[cpu.id] as Mask, targets);
      return targets;
    }

    /** `smp_call_function_many`, or `smp_call_function_single` with its csd on the stack for one target. */
    function* callOthers(cpu: Cpu, others: readonly number[]): Program {
      const [only] = others;
      if (only === undefined) return;
      const csdOf = (to: number): number => (others.length === 1 ? smp.csds.stack(cpu.id) : smp.csds.slot(cpu.id, to));
      const call = { func: remote, info: kernel.flushInfo.pointer(cpu.id), flags: CsdFlag.synchronous };
      yield* cpu.phase('queue');
      const woken = yield* smp.queueAll(cpu, others, csdOf, call);
      yield* cpu.phase('send');
      if (others.length > 1) yield* smp.sendMany(cpu, woken);
      else if (woken.length === 1) yield* smp.sendSingle(cpu, only);
      yield* cpu.phase('wait');
      for (const to of others) yield* smp.csdLockWait(cpu, csdOf(to));
    }

    return {
      *flush(cpu, request) {
        const { mm, firstPage, pageCount, kind } = request;
        yield* cpu.phase('prepare');
        yield* spend(cpu, costs.flushSetupCycles);
        const generation = yield* cpu.call(kernel.nextGeneration, mm);
        yield* kernel.flushInfo.fill(cpu, mm, firstPage, pageCount, generation, kind === 'freeTable', true);
        if (yield* flushesHere(cpu, request)) {
          yield* cpu.phase('localFlush');
          yield* flushHere(cpu, request, generation);
        }
        yield* cpu.phase('prepare');
        const members = yield* smp.members(cpu, request.cpus);
        if (!members.some((member) => member !== cpu.id)) {
          if (kind === 'kernel') yield* flushHere(cpu, request, generation);
          return;
        }
        const targets = kind === 'freeTable' || kind === 'kernel' ? members : yield* notLazy(cpu, members);
        yield* callOthers(
          cpu,
          targets.filter((target) => target !== cpu.id),
        );
        if (kind !== 'freeTable' && targets.includes(cpu.id)) yield* callSelf(cpu);
      },
    };
  },
});
