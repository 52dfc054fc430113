import { Opcode, Operand } from './opcode.js';
import { MAX_SEALED } from './seals.js';

/** The sealed values of every frame, each at a place of its own: in the order in which the frame got them. */
export class SealedValues {
  readonly #values: Int32Array;

  constructor(frames: number) {
    this.#values = new Int32Array(frames * MAX_SEALED);
  }

  get(frame: number, place: number): number {
    return this.#values[frame * MAX_SEALED + place] as number;
  }

  set(frame: number, place: number, value: number): void {
    this.#values[frame * MAX_SEALED + place] = value;
  }

  difference(frame: number, a: number, b: number): number {
    return (this.get(frame, a) - this.get(frame, b)) | 0;
  }

  /** Keeps what the op at `op` of `ops` has brought, when that is sealed. Returns what its program has received: 0 then, else the value. */
  keep(frame: number, ops: Int32Array, op: number, value: number): number {
    if (!bringsSealed(ops, op)) return value;
    this.set(frame, (ops[op + Operand.seal] as number) - 1, value);
    return 0;
  }

  /** Puts the sealed value that the op at `op` of `ops` stores into it, when it does. */
  fill(frame: number, ops: Int32Array, op: number): void {
    if (storesSealed(ops, op)) ops[op + Operand.b] = this.get(frame, (ops[op + Operand.seal] as number) - 1);
  }
}

/** The op at `op` of `ops` brings a sealed value. Of other ops than loads and stores the operand is something else. */
export function bringsSealed(ops: Int32Array, op: number): boolean {
  return ops[op + Operand.seal] !== 0 && ops[op] === Opcode.load;
}

/** It stores one. */
export function storesSealed(ops: Int32Array, op: number): boolean {
  return ops[op + Operand.seal] !== 0 && ops[op] === Opcode.store;
}
