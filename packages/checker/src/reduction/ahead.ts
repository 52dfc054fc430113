import { Action, CpuField, type Machine, MACHINE_ACTIONS } from '@shootdown/core';
import type { Futures } from './futures.js';
import type { Sharing } from './sharing.js';
import type { Surroundings } from './surroundings.js';

/** What may get ahead of the pending op of a CPU on that CPU itself: its handlers, NMIs, probes, the host. */
export class Ahead {
  /** It is left out of account: only what other CPUs do counts. */
  isLeftOut = false;
  readonly #machine: Machine;
  readonly #sharing: Sharing;
  readonly #futures: Futures;
  readonly #surroundings: Surroundings;

  constructor(machine: Machine, sharing: Sharing, futures: Futures, surroundings: Surroundings) {
    this.#machine = machine;
    this.#sharing = sharing;
    this.#futures = futures;
    this.#surroundings = surroundings;
  }

  canBeProbed(cpu: number): boolean {
    this.#surroundings.probes();
    return MACHINE_ACTIONS[Action.hitProbe]?.enabled(this.#machine, cpu, 0) === true;
  }

  /** An interrupt, an NMI or the host may get ahead of the pending op of the CPU. */
  canBeInterrupted(cpu: number): boolean {
    const { state, layout, boot, isVirtual } = this.#machine;
    const block = layout.cpu(cpu);
    if (this.isLeftOut || !this.#machine.isRunning(cpu)) return false;
    if (isVirtual && state[layout.preemptions] !== 0) return true;
    if (state[block + CpuField.nmiActive] !== 0) return false;
    this.#surroundings.nmis();
    if (boot.system.nmi !== undefined && state[layout.nmiBudget] !== 0) return true;
    return this.#futures.isOpenToInterrupts(cpu);
  }

  /** A handler may put a program above the pending op of a thread: it runs in the thread's own context, and may touch what that one does. */
  canBePreempted(cpu: number): boolean {
    const machine = this.#machine;
    const isThread = machine.top(cpu) < machine.layout.threadCount;
    return isThread && this.#sharing.isPreempted(machine, cpu) && this.#futures.isOpenToInterrupts(cpu);
  }

  /** It may touch the word. */
  mayTouch(cpu: number, word: number): boolean {
    return !this.isLeftOut && this.#futures.isTouchedAhead(cpu, word);
  }

  /** It may write the word. */
  mayWrite(cpu: number, word: number): boolean {
    return !this.isLeftOut && this.#futures.isWrittenAhead(cpu, word);
  }

  /** It may touch a word of the hand-off record, or pass it on. */
  mayTouchRecord(cpu: number, group: number): boolean {
    return !this.isLeftOut && this.#futures.isRecordTouchedAhead(cpu, group);
  }
}
