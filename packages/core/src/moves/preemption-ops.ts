import { ShootdownError } from '../errors.js';
import { ThreadField } from '../machine/layout.js';
import { isDrained } from '../machine/store-buffer.js';
import { Operand } from '../program/opcode.js';
import { operand } from './memory-ops.js';
import type { ProgramOp } from './program-op.js';

/**
 * The end of an interrupt finds that the interrupted thread has to give up its CPU: Linux calls `schedule` there on that thread's own
 * stack (`exit_to_usermode_loop`, `preempt_schedule_irq`). The frame is put above the op that the thread was at, which stays pending.
 */
export const preempt: ProgramOp = {
  name: 'preempt',
  footprint: 'none',
  drains: false,
  interruptible: false,
  cost: () => 'free',
  enabled: () => true,
  apply(machine, cpu, base) {
    const thread = machine.threadOn(cpu);
    if (machine.top(cpu) !== machine.interruptContext(cpu) || thread < 0)
      throw new ShootdownError(
        'OP_NOT_ALLOWED',
        `CPU ${cpu} executed preempt where there is no interrupted thread. Only handlers of maskable interrupts may, above a thread.`,
      );
    const mode = machine.layout.thread(thread) + ThreadField.user;
    const wasUser = machine.state[mode] as number;
    machine.state[mode] = 0;
    const { runner } = machine;
    runner.push(thread, cpu, operand(machine, base, Operand.a), operand(machine, base, Operand.b), wasUser, 0);
    return 0;
  },
  text: (machine, base) =>
    `preempts the thread: ${machine.boot.programs[operand(machine, base, Operand.a)]?.name ?? '?'}`,
};

/** IRET of the interrupt that has preempted the thread (serialising, SDM vol. 3 §9.3). */
export const resumePreempted: ProgramOp = {
  name: 'resumePreempted',
  footprint: 'none',
  drains: true,
  interruptible: false,
  cost: () => 'free',
  enabled: (machine, cpu) => isDrained(machine, cpu),
  apply(machine, cpu, base) {
    if (operand(machine, base, Operand.a) === 0) return 0;
    machine.state[machine.layout.thread(machine.top(cpu)) + ThreadField.user] = 1;
    machine.monitor.exposed(machine, cpu);
    return 0;
  },
  text: (machine, base) =>
    `goes on where it was preempted, in ${operand(machine, base, Operand.a) === 0 ? 'the kernel' : 'user mode'}`,
};
