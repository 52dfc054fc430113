import { CpuField, type Machine, ThreadField } from '@shootdown/core';

/** The context, a handler's, is all that lies above a thread in user mode. */
export function isAboveUser(machine: Machine, cpu: number, context: number): boolean {
  const { state, layout } = machine;
  const isNested = context === machine.nmiContext(cpu) && state[layout.cpu(cpu) + CpuField.interruptActive] !== 0;
  const thread = machine.threadOn(cpu);
  return !isNested && thread >= 0 && state[layout.thread(thread) + ThreadField.user] !== 0;
}
