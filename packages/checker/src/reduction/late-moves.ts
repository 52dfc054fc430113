import { Action, CpuField, type Machine, MACHINE_ACTIONS } from '@shootdown/core';
import { actionOf, choiceOf, cpuOf } from '../search/move.js';
import type { EagerMoves } from './eager-moves.js';
import type { Surroundings } from './surroundings.js';

/** Moves of one CPU, one after the other. */
export type Sequence = readonly number[];

/**
 * Moves that no other CPU notices, and whose order with the handlers of their own CPU matters all the same, so that they cannot hurry. They
 * are put off instead until just before the next move of their CPU that others could notice, and made together with it: whatever others do
 * in between commutes with them. They are ops that touch nothing others do, and the taking of an interrupt or an NMI.
 */
export class LateMoves {
  readonly #machine: Machine;
  readonly #surroundings: Surroundings;
  readonly #eager: EagerMoves | undefined;
  /** Lets one look at what is behind these moves, which are then taken back. */
  readonly behind: (sequence: Sequence, look: () => void) => void;

  constructor(
    machine: Machine,
    surroundings: Surroundings,
    eager: EagerMoves | undefined,
    behind: (sequence: Sequence, look: () => void) => void,
  ) {
    this.#machine = machine;
    this.#surroundings = surroundings;
    this.#eager = eager;
    this.behind = behind;
  }

  /** The last of these moves, which are enabled one after the other, is put off; the others are arrivals before it. */
  canWait(sequence: Sequence): boolean {
    const last = sequence[sequence.length - 1] as number;
    if (this.#machine.isVirtual) return false;
    const action = actionOf(last);
    if (action < 0) return this.#eager?.isUnnoticed(cpuOf(last)) ?? false;
    return action === Action.takeNmi || action === Action.takeInterrupt ? this.#canTakeLate(sequence, action) : false;
  }

  /** An NMI behind the last of these moves is one before it, which is offered there. */
  commuteWithNmi(sequence: Sequence): boolean {
    const last = sequence[sequence.length - 1] as number;
    return actionOf(last) < 0 && this.#eager?.commutesWithNmi(cpuOf(last)) === true;
  }

  /** Out of user mode it is put off where nothing is violated: what a flush exposes meanwhile is reported at once, and that ends the path. */
  #canTakeLate(sequence: Sequence, action: number): boolean {
    if (action === Action.takeInterrupt && !this.#canInterruptLate(sequence)) return false;
    return !this.#machine.inUserMode(cpuOf(sequence[0] as number)) || this.#eager?.relyOnCleanness() === true;
  }

  /** Probes are hit behind it, and other CPUs' ticks may wait for one to be taken. */
  #canInterruptLate(sequence: Sequence): boolean {
    const { boot, state, layout } = this.#machine;
    this.#surroundings.probes();
    if (boot.system.probe !== undefined && state[layout.probeBudget] !== 0) return false;
    return boot.system.timer === undefined || this.#isOfIpi(sequence);
  }

  /** It is known which vector is taken, and that it is not the timer's. */
  #isOfIpi(sequence: Sequence): boolean {
    const first = sequence[0] as number;
    return actionOf(first) === Action.deliver && choiceOf(first) !== this.#machine.boot.system.timer;
  }
}

/** The CPU could take this vector if it arrived now. */
export function couldTake(machine: Machine, cpu: number, vector: number): boolean {
  const { state, layout } = machine;
  const irr = layout.cpu(cpu) + CpuField.irr;
  const kept = state[irr] as number;
  state[irr] = kept | (1 << vector);
  const could = MACHINE_ACTIONS[Action.takeInterrupt]?.enabled(machine, cpu, 0) === true;
  state[irr] = kept;
  return could;
}
