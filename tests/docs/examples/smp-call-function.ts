import type { Cpu, Env, Program } from '@shootdown/plugin';
import { CsdFlag } from '@shootdown/smp-call-function';

/** Asks one CPU to flush and waits for it: queue, send, wait. */
export function callOne({ kernel, callFunction: smp }: Env): (cpu: Cpu, to: number) => Program {
  const remote = smp.register(kernel.flushByInfo);
  return function* (cpu, to) {
    const csd = smp.csds.slot(cpu.id, to);
    const info = kernel.flushInfo.pointer(cpu.id);
    yield* cpu.call(smp.programs.queueCall, csd, to, remote, info, CsdFlag.synchronous);
    yield* smp.sendSingle(cpu, to);
    yield* smp.csdLockWait(cpu, csd);
  };
}
