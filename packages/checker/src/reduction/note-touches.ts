import { type Machine, Opcode, Operand, PROGRAM_OPS } from '@shootdown/core';
import type { Sharing } from './sharing.js';

/** Notes which words the pending op of a CPU touches, before it is executed. Accesses through the MMU touch no word of a program. */
export function noteTouches(machine: Machine, sharing: Sharing, cpu: number): void {
  const base = machine.pending(cpu);
  if (base < 0) return;
  const { operands } = machine.runner;
  const context = machine.top(cpu);
  const word = operands[base + Operand.a] as number;
  switch (PROGRAM_OPS[operands[base] as number]?.footprint) {
    case 'load':
      sharing.touch(context, word, false);
      break;
    case 'store':
    case 'locked':
    case 'waitLocked':
      sharing.touch(context, word, true);
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

function noteWait(machine: Machine, sharing: Sharing, context: number, base: number): void {
  const { operands } = machine.runner;
  const first = operands[base + Operand.a] as number;
  if (operands[base] !== Opcode.waitAny) sharing.touch(context, first, false);
  else for (const word of machine.lists.list(first)) sharing.touch(context, word, false);
}

function noteMask(machine: Machine, sharing: Sharing, context: number, mask: number): void {
  const words = Math.ceil(machine.layout.cpuCount / 32);
  for (let word = mask; word < mask + words; word++) sharing.touch(context, word, false);
}
