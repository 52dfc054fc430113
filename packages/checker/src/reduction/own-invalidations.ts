import { cachesCurrentTables, CpuField, isDrained, type Machine, Opcode, Operand } from '@shootdown/core';
import type { Futures } from './futures.js';
import type { Sharing } from './sharing.js';
import { Whole } from './looks.js';
import type { Surroundings } from './surroundings.js';

/**
 * An invalidation by which a CPU drops translations of its own, in the kernel and with nothing that could get ahead of it, commutes with
 * what others do as long as page tables only grow: whatever they add to it is in the CPU's set of translations afterwards, whether it was
 * walked before the invalidation or after it, and nothing that is walked before stays cached only because it came after. It takes a
 * saturated walker, by which a set is a function of what can be walked. docs/decisions.md has the argument.
 */
export class OwnInvalidations {
  readonly #machine: Machine;
  readonly #sharing: Sharing;
  readonly #futures: Futures;
  readonly #surroundings: Surroundings;
  /** The machine is one on which nothing else makes a difference. */
  readonly #canServe: boolean;

  constructor(
    machine: Machine,
    surroundings: Surroundings,
    sharing: Sharing,
    futures: Futures,
    loadsSpeculatively: boolean,
  ) {
    this.#machine = machine;
    this.#surroundings = surroundings;
    this.#sharing = sharing;
    this.#futures = futures;
    const isPlain = !machine.isVirtual && machine.layout.broadcasts === 0;
    this.#canServe = machine.saturated && isPlain && !loadsSpeculatively;
  }

  /** The pending op of the CPU, which nothing can get ahead of, may be made at once. */
  mayHurry(cpu: number, base: number): boolean {
    const machine = this.#machine;
    if (!this.#canServe || !isDrained(machine, cpu) || machine.inUserMode(cpu)) return false;
    if (!this.#dropsOwn(cpu, base)) return false;
    this.#surroundings.whole(Whole.tables);
    if (!cachesCurrentTables(machine, cpu)) return false;
    return this.#sharing.relyOnGrowingTables() && !this.#futures.othersRevoke(cpu);
  }

  /** It drops translations of the PCID in use, and does nothing else. */
  #dropsOwn(cpu: number, base: number): boolean {
    const { state, layout, runner } = this.#machine;
    const { operands } = runner;
    if (operands[base] === Opcode.invlpg) return true;
    if (operands[base] !== Opcode.writeCr3) return false;
    const block = layout.cpu(cpu);
    const root = operands[base + Operand.a] as number;
    const pcid = operands[base + Operand.b] as number;
    const isSame = state[block + CpuField.root] === root && state[block + CpuField.pcid] === pcid;
    return isSame && state[block + layout.taggedRoot + pcid] === root + 1;
  }
}
