import {
  BUFFER_STRIDE,
  BufferField,
  CpuField,
  hasRoom,
  type Machine,
  Opcode,
  Operand,
  PROGRAM_OPS,
} from '@shootdown/core';
import type { Sharing } from './sharing.js';

/**
 * Notes which record the pending op of a CPU passes on, whether it reads what a frame holds and which thread it preempts, as soon as it is
 * pending: a wait looks at its words before it can be executed.
 */
export function notePending(machine: Machine, sharing: Sharing, cpu: number): void {
  const base = machine.pending(cpu);
  if (base < 0) return;
  const { operands } = machine.runner;
  const context = machine.top(cpu);
  const group = operands[base + Operand.group] as number;
  if (group !== 0) sharing.passOn(context, group - 1);
  if (context >= machine.layout.threadCount && lacksRoom(machine, cpu, base)) sharing.noteLackOfRoom();
  if (context === machine.nmiContext(cpu)) noteNmi(sharing, operands[base] as number);
  if (operands[base] === Opcode.preempt) sharing.notePreemption(machine, cpu);
  switch (PROGRAM_OPS[operands[base] as number]?.footprint) {
    case 'user':
      if (isObserved(machine, base)) sharing.readFrame();
      break;
    case 'load':
    case 'locked':
    case 'wait':
    case 'waitLocked':
      if (readsFrame(machine, base)) sharing.readFrame();
      break;
    default:
  }
}

/** Ops that change nothing but where their program is, an access that faults aside: it drops translations of its page. */
const LOOKS: ReadonlySet<number> = new Set([
  Opcode.load,
  Opcode.test,
  Opcode.nextSetBit,
  Opcode.waitUntil,
  Opcode.waitAny,
  Opcode.userLoad,
  Opcode.fence,
  Opcode.work,
  Opcode.phase,
  Opcode.choose,
  Opcode.finished,
]);

function noteNmi(sharing: Sharing, opcode: number): void {
  if (changesFlag(opcode)) sharing.noteChangedFlag();
  if (!LOOKS.has(opcode)) sharing.noteChangingNmi();
}

function changesFlag(opcode: number): boolean {
  return opcode === Opcode.enableInterrupts || opcode === Opcode.disableInterrupts;
}

/** The pending store waits for room, and the program that was interrupted has taken some that it need not have taken yet. */
function lacksRoom(machine: Machine, cpu: number, base: number): boolean {
  const { operands } = machine.runner;
  const isStore = PROGRAM_OPS[operands[base] as number]?.footprint === 'store' || operands[base] === Opcode.userStore;
  return isStore && !hasRoom(machine, cpu) && holdsKernelStore(machine, cpu);
}

function holdsKernelStore({ state, layout }: Machine, cpu: number): boolean {
  const first = layout.cpu(cpu) + CpuField.buffer;
  const end = first + (state[layout.cpu(cpu) + CpuField.bufferCount] as number) * BUFFER_STRIDE;
  for (let entry = first; entry < end; entry += BUFFER_STRIDE)
    if (state[entry + BufferField.via] === 0 && state[entry + BufferField.group] === 0) return true;
  return false;
}

/** A load through the MMU whose value the program asks for. */
function isObserved({ runner }: Machine, base: number): boolean {
  return runner.operands[base] === Opcode.userLoad && runner.operands[base + Operand.b] !== 0;
}

function readsFrame(machine: Machine, base: number): boolean {
  const { operands } = machine.runner;
  const first = operands[base + Operand.a] as number;
  if (operands[base] !== Opcode.waitAny) return machine.isFrameWord(first);
  return machine.lists.list(first).some((word) => machine.isFrameWord(word));
}
