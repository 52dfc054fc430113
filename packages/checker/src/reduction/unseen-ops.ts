import { CpuField, isDrained, type Machine, Opcode, Operand, ThreadField } from '@shootdown/core';
import { isAboveUser } from './is-above-user.js';
import { Unseen } from './unseen.js';

/** Ops without memory that nobody can tell from later ones. */
export class UnseenOps extends Unseen {
  /** The op that lies here, the pending one of the CPU, is one. */
  includes(cpu: number, base: number): boolean {
    const opcode = this.machine.runner.operands[base] as number;
    return (this.rules.private && this.#isInvisible(cpu, opcode)) || this.#invalidatesUnseen(cpu, base);
  }

  /** Ops without memory that commute with whatever others do, and with an interrupt or NMI of this CPU. */
  #isInvisible(cpu: number, opcode: number): boolean {
    switch (opcode) {
      case Opcode.phase:
        return true;
      case Opcode.mark:
        return this.#isOwnMatter(cpu);
      case Opcode.work:
        return !this.machine.inUserMode(cpu);
      case Opcode.fence:
        return isDrained(this.machine, cpu);
      // Where it changes anything no interrupt can be taken until it is executed, and nothing disables it.
      case Opcode.enableInterrupts:
        return this.ahead.isLeftOut || this.sharing.relyOnFlag();
      case Opcode.disableInterrupts:
        return this.ahead.isLeftOut || (this.#disablesNothing(cpu) && this.sharing.relyOnFlag());
      case Opcode.switchTo:
        return this.#switchesUnseen(cpu);
      case Opcode.endOfInterrupt:
        return this.ahead.isLeftOut || this.machine.top(cpu) === this.machine.interruptContext(cpu);
      case Opcode.finished:
        return isDrained(this.machine, cpu) && this.machine.isRunning(cpu) && this.#endsUnseen(cpu);
      case Opcode.returnToUser:
      case Opcode.faultReturn:
        return this.#leavesKernelUnseen(cpu);
      case Opcode.enterKernel:
        return this.ahead.isLeftOut && this.relyOnCleanness();
      default:
        return false;
    }
  }

  #isOwnMatter(cpu: number): boolean {
    const { monitor, runner } = this.machine;
    const base = this.machine.pending(cpu);
    const [mark, a] = [runner.operands[base + Operand.a] as number, runner.operands[base + Operand.b] as number];
    this.surroundings.common();
    return monitor.isOwnMatter(this.machine, cpu, mark, a);
  }

  #invalidatesUnseen(cpu: number, base: number): boolean {
    return this.rules.invalidations && !this.ahead.canBeInterrupted(cpu) && this.invalidations.mayHurry(cpu, base);
  }

  /** From a thread in the kernel to another one that is there, too, and no handler can tell which of them it is above. */
  #switchesUnseen(cpu: number): boolean {
    const { state, layout, runner } = this.machine;
    const thread = runner.operands[this.machine.pending(cpu) + Operand.a] as number;
    if (thread < 0 || thread >= layout.threadCount || this.machine.inUserMode(cpu)) return false;
    return state[layout.thread(thread) + ThreadField.user] === 0 && !this.ahead.canBeInterrupted(cpu);
  }

  /** Interrupts are off already, or none will come. */
  #disablesNothing(cpu: number): boolean {
    const { state, layout } = this.machine;
    return state[layout.cpu(cpu) + CpuField.interruptFlag] === 0 || !this.futures.isOpenToInterrupts(cpu);
  }

  /** Nobody is told that a thread has ended; a handler above it may put a program there all the same (`#canBePreempted`). */
  #endsUnseen(cpu: number): boolean {
    return this.machine.top(cpu) < this.machine.layout.threadCount || this.#returnsUnseen(cpu);
  }

  /**
   * The return from a handler that has nothing to wait for. In user mode the monitors judge what comes to be due at once, and in the handler
   * only when it is over, so others could go on until then.
   */
  #returnsUnseen(cpu: number): boolean {
    const machine = this.machine;
    const context = machine.top(cpu);
    this.surroundings.ticks();
    if (context === machine.interruptContext(cpu) && isHandlingTick(machine, cpu)) return false;
    // The return from an interrupt brings back the IF that an NMI in its handler has changed, and of one behind it nothing does.
    const isFlagKept = this.ahead.isLeftOut || context === machine.nmiContext(cpu) || this.sharing.relyOnFlag();
    return isFlagKept && (!isAboveUser(machine, cpu, context) || this.relyOnCleanness());
  }

  /**
   * A thread's return to user mode, where the monitors judge what comes to be due at once. An interrupt may be taken from either mode, unless
   * it tells them apart by preempting the thread.
   */
  #leavesKernelUnseen(cpu: number): boolean {
    if (this.ahead.isLeftOut || this.machine.isVirtual || !this.machine.canExecute(cpu)) return false;
    if (this.sharing.isPreemptedAtAll(this.machine, cpu) && this.futures.isOpenToInterrupts(cpu)) return false;
    return this.relyOnCleanness();
  }
}

/** Others may be waiting for the end of the tick, where ticks keep in step. */
function isHandlingTick({ boot, state, layout }: Machine, cpu: number): boolean {
  return boot.system.maximumTickSkew !== undefined && state[layout.tickLead(cpu, cpu)] !== 0;
}
