import { CpuField, type Machine, Opcode } from '@shootdown/core';
import type { Broadcasts } from './broadcasts.js';
import { Mode } from './driver-codes.js';
import { BufferNeed, bufferNeeds, FOOTPRINT_OF, FootprintCode, mayHaveToWait } from './op-table.js';
import type { WalkEngine } from './walk-engine.js';

/** What a CPU has to do before it can issue its pending op: walk, wait for its store buffer or its broadcasts, sleep on. */
export class Readiness {
  /** Per opcode: not 0 when anything may have to come first. */
  readonly isAsked: Uint8Array;
  readonly #machine: Machine;
  readonly #walks: WalkEngine;
  readonly #broadcasts: Broadcasts;
  readonly #bufferNeed: Uint8Array;

  constructor(machine: Machine, walks: WalkEngine, broadcasts: Broadcasts) {
    this.#machine = machine;
    this.#walks = walks;
    this.#broadcasts = broadcasts;
    this.#bufferNeed = bufferNeeds(machine.shape);
    this.isAsked = mayHaveToWait(this.#bufferNeed);
  }

  /** As a mode; `executing` when nothing comes first. A user access that the TLB cannot serve starts its walk. */
  whatComesFirst(cpu: number, base: number, opcode: number): number {
    const machine = this.#machine;
    if (opcode === Opcode.finished && machine.runnable(cpu) < 0) return Mode.idle;
    if (FOOTPRINT_OF[opcode] === FootprintCode.user && this.#needsWalk(cpu, base, opcode)) return Mode.walking;
    if (this.#bufferNeed[opcode] !== BufferNeed.nothing && !this.#isBufferReady(cpu, opcode)) return Mode.draining;
    if (opcode === Opcode.halt && machine.state[machine.layout.cpu(cpu) + CpuField.woken] === 0) return Mode.asleep;
    return Mode.executing;
  }

  /** A user access that the TLB cannot serve starts a walk, or goes on with the one in flight. */
  #needsWalk(cpu: number, base: number, opcode: number): boolean {
    if (this.#walks.isWalking(cpu)) return true;
    return this.#isBufferReady(cpu, opcode) && this.#walks.start(cpu, base, opcode);
  }

  #isBufferReady(cpu: number, opcode: number): boolean {
    const machine = this.#machine;
    const need = this.#bufferNeed[opcode];
    if (need === BufferNeed.broadcast) return machine.canExecute(cpu);
    if (this.#broadcasts.hasLate && this.#broadcasts.isLate(cpu)) return false;
    const count = machine.state[machine.layout.cpu(cpu) + CpuField.bufferCount] as number;
    return need === BufferNeed.empty ? count === 0 : count < machine.shape.storeBufferDepth;
  }
}
