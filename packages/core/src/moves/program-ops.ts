import { OPCODE_NAMES } from '../program/opcode.js';
import * as broadcast from './broadcast-ops.js';
import * as memory from './memory-ops.js';
import * as mmu from './mmu-ops.js';
import * as preemption from './preemption-ops.js';
import type { ProgramOp } from './program-op.js';
import * as system from './system-ops.js';

const ALL: Readonly<Record<string, unknown>> = { ...memory, ...mmu, ...system, ...broadcast, ...preemption };

function isProgramOp(value: unknown): value is ProgramOp {
  return typeof value === 'object' && value !== null && 'apply' in value;
}

/** One object shape for all ops: a driver meets a different op at every step, and a single shape keeps its loads fast. */
function sameShape(op: ProgramOp): ProgramOp {
  const { name, footprint, drains, interruptible, cost, enabled, apply, text } = op;
  return { name, footprint, drains, interruptible, cost, enabled, apply, text };
}

/** The moves of programs, by opcode. Reserved opcodes and the control transfers, which the runner executes, have none. */
export const PROGRAM_OPS: readonly (ProgramOp | undefined)[] = OPCODE_NAMES.map((name) => {
  const op = ALL[name];
  return isProgramOp(op) ? sameShape(op) : undefined;
});
