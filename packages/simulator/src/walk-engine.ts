import { Action, CpuField, type Machine, Operand, PROGRAM_OPS, slotFor, tlbTag, walkWord } from '@shootdown/core';
import type { Moves } from './moves.js';
import type { TlbGeometry } from './tlb-geometry.js';

/** Page walks for accesses that the TLB cannot serve, one level at a time, and what their fills push out. */
export class WalkEngine {
  readonly #machine: Machine;
  readonly #geometry: TlbGeometry;
  readonly #moves: Moves;

  constructor(machine: Machine, geometry: TlbGeometry, moves: Moves) {
    this.#machine = machine;
    this.#geometry = geometry;
    this.#moves = moves;
  }

  /** The CPU has a walk in flight, which goes on before anything else. */
  isWalking(cpu: number): boolean {
    return this.#field(cpu, CpuField.walkPage) !== 0;
  }

  /** Starts a walk for a pending user access that misses. False when there is no need. */
  start(cpu: number, base: number, opcode: number): boolean {
    if (PROGRAM_OPS[opcode]?.enabled(this.#machine, cpu, base) === true) return false;
    this.#moves.act(cpu, Action.startWalk, this.#machine.runner.operands[base + Operand.a] as number);
    return true;
  }

  /** The word that the walk reads next. */
  word(cpu: number): number {
    return walkWord(this.#machine, cpu);
  }

  /** One level has been read. Returns its line, which the A flag may have changed. */
  step(cpu: number): number {
    const line = walkWord(this.#machine, cpu) >> 3;
    this.#moves.act(cpu, Action.stepWalk, 0);
    return line;
  }

  /** Fills what a finished walk has found. */
  fill(cpu: number): void {
    if (!this.isWalking(cpu) || this.#field(cpu, CpuField.walkLevel) !== -1) return;
    const machine = this.#machine;
    const page = this.#field(cpu, CpuField.walkPage) - 1;
    const slot = slotFor(machine, cpu, this.#field(cpu, CpuField.walkPcid), page, this.#field(cpu, CpuField.walkLeaf));
    const tag = tlbTag(machine, cpu, slot);
    this.#moves.act(cpu, Action.fill, 0);
    const evicted = this.#geometry.fill(cpu, tag);
    if (evicted >= 0 && this.#moves.isEnabled(cpu, Action.evict, evicted)) this.#moves.act(cpu, Action.evict, evicted);
  }

  #field(cpu: number, field: number): number {
    return this.#machine.state[this.#machine.layout.cpu(cpu) + field] as number;
  }
}
