import { type Machine, Opcode, Operand } from '@shootdown/core';
import { Waiters } from './waiters.js';

/** CPUs that wait for a condition on memory: each holds the lines shared and is woken by any write to one of them. */
export class Sleepers {
  readonly #machine: Machine;
  readonly #waiters: Waiters;

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#waiters = new Waiters((machine.boot.memory.size >> 3) + 1, machine.layout.cpuCount);
  }

  /** The CPU waits at its pending op. */
  add(cpu: number, base: number, opcode: number): void {
    const word = this.#machine.runner.operands[base + Operand.a] as number;
    if (opcode === Opcode.waitAny) this.#waiters.addAll(this.#machine.lists.list(word), cpu);
    else this.#waiters.add(word >> 3, cpu);
  }

  /** The CPU waits no more, if it did. */
  remove(cpu: number): void {
    this.#waiters.remove(cpu);
  }

  /** The CPU that has waited longest on this line, which waits no more; -1 when nobody does. */
  takeFirst(line: number): number {
    return this.#waiters.takeFirst(line);
  }
}
