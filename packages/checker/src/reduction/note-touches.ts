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
 * Notes which words the pending op of a CPU touches, which record it passes on, whether it reads what a frame holds and which thread it
 * preempts, as soon as it is pending: a wait looks at its words before it can be executed. Accesses through the MMU touch no word of a program.
 */
export function noteTouches(machine: Machine, sharing: Sharing, cpu: number): void {
  const base = machine.pending(cpu);
  if (base < 0) return;
  const { operands } = machine.runner;
  const context = machine.top(cpu);
  const word = operands[base + Operand.a] as number;
  const group = operands[base + Operand.group] as number;
  if (group !== 0) sharing.passOn(context, group - 1);
  if (context >= machine.layout.threadCount && lacksRoom(machine, cpu, base)) sharing.noteLackOfRoom();
  if (context === machine.nmiContext(cpu) && changesFlag(operands[base] as number)) sharing.noteChangedFlag();
  if (operands[base] === Opcode.preempt) sharing.notePreemption(machine, cpu);
  switch (PROGRAM_OPS[operands[base] as number]?.footprint) {
    case 'user':
      if (isObserved(machine, base)) sharing.readFrame();
      break;
    case 'load':
      noteRead(machine, sharing, context, word, false);
      break;
    case 'store':
      sharing.touch(context, word, true);
      break;
    case 'locked':
    case 'waitLocked':
      noteRead(machine, sharing, context, word, true);
      break;
    case 'wait':
      noteWait(machine, sharing, context, base);
      break;
    case 'mask':
      noteMask(machine, sharing, context, word);
      break;
    default:
  }
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

function noteRead(machine: Machine, sharing: Sharing, context: number, word: number, isWrite: boolean): void {
  if (machine.isFrameWord(word)) sharing.readFrame();
  sharing.touch(context, word, isWrite);
}

function noteWait(machine: Machine, sharing: Sharing, context: number, base: number): void {
  const { operands } = machine.runner;
  const first = operands[base + Operand.a] as number;
  if (operands[base] !== Opcode.waitAny) noteRead(machine, sharing, context, first, false);
  else for (const word of machine.lists.list(first)) noteRead(machine, sharing, context, word, false);
}

function noteMask(machine: Machine, sharing: Sharing, context: number, mask: number): void {
  const words = Math.ceil(machine.layout.cpuCount / 32);
  for (let word = mask; word < mask + words; word++) sharing.touch(context, word, false);
}
