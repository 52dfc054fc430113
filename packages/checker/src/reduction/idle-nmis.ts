import { CpuField, type Machine } from '@shootdown/core';
import type { Sharing } from './sharing.js';
import type { Surroundings } from './surroundings.js';

const NONE = -1;

/**
 * NMIs that come to nothing: at the end of its program the whole state vector, what monitors keep included, is the one from which the NMI was
 * taken, but for the NMI under way and the budget.
 *
 * From there the CPU can only drain what it had buffered before, let interrupts arrive and return, and others can do what they could. The state
 * before allows all of that, and leads to the same with one NMI more to come, which need not come: C6 counts on none. So nothing is gone on from.
 * Nor is it from behind moves that are put off and made together with the NMI: they commute with what others do, and are offered from the state
 * before them together with whatever else the CPU can do next.
 *
 * Above user code the two are not judged alike: in the NMI the CPU is judged at its return, in user mode as soon as something comes to be due.
 * Whatever violates something does so in the state before, too, but what can follow it is lost. So that nothing is violated is relied upon.
 */
export class IdleNmis {
  /** The CPU whose NMI is watched; -1: none. */
  watched: number = NONE;
  /** The machine is in the state to which an NMI has led that came to nothing. */
  isMet = false;
  readonly #machine: Machine;
  readonly #surroundings: Surroundings;
  readonly #sharing: Sharing | undefined;
  /** The state from which the watched NMI was taken. A handler above it takes no other one, so there is one at a time. */
  readonly #before: Int32Array;
  #isAboveUser = false;

  /** `sharing`: what can be relied upon; without it NMIs above user code are all gone on from. */
  constructor(machine: Machine, surroundings: Surroundings, sharing: Sharing | undefined) {
    this.#machine = machine;
    this.#surroundings = surroundings;
    this.#sharing = sharing;
    this.#before = new Int32Array(machine.state.length);
  }

  /** NMIs are taken, and the host does not get ahead of them. */
  static canServe({ boot, isVirtual }: Machine): boolean {
    return boot.system.nmi !== undefined && !isVirtual;
  }

  /** From here on the NMI of this CPU is watched that was taken last; -1: none is. */
  watch(cpu: number): void {
    this.watched = cpu;
    this.isMet = false;
  }

  /** The CPU is about to take an NMI. */
  take(cpu: number): void {
    this.watch(cpu);
    this.#isAboveUser = this.#machine.inUserMode(cpu);
    this.#before.set(this.#machine.state);
  }

  /** The CPU has made a move. What has violated something is gone on from as ever. */
  look(cpu: number): void {
    if (cpu !== this.watched || this.#machine.violations.length > 0) return;
    const context = this.#machine.nmiContext(cpu);
    if (this.#machine.top(cpu) !== context) this.watch(NONE);
    else if (this.#machine.runner.at(context) === 0)
      this.isMet = this.#isAsBefore(cpu) && (!this.#isAboveUser || this.#sharing?.relyOnCleanness() === true);
  }

  /** But for the NMI, whose frames are as empty at its end as they were, and the budget. What was written is compared with what was there. */
  #isAsBefore(cpu: number): boolean {
    const { state, layout, writes } = this.#machine;
    if (!writes.isComplete) return false;
    const before = this.#before;
    for (let index = 0; index < writes.count; index++) {
      const word = writes.words[index] as number;
      this.#surroundings.word(word);
      if (state[word] !== before[word]) return false;
    }
    const active = layout.cpu(cpu) + CpuField.nmiActive;
    for (let at = layout.cpuBlock; at < before.length; at++)
      if (state[at] !== before[at] && at !== active && at !== layout.nmiBudget) return false;
    return true;
  }
}
