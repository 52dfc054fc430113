import { countOutcomes, type Machine, Opcode, Operand } from '@shootdown/core';

/** In how many ways the pending op of the CPU can go now, which lies here: answers of a `choose`, translations of an access. */
export function waysOf(machine: Machine, cpu: number, base: number): number {
  const { operands } = machine.runner;
  const a = operands[base + Operand.a] as number;
  switch (operands[base]) {
    case Opcode.choose:
      return a;
    case Opcode.userLoad:
    case Opcode.userStore:
      return isPage(machine, a) ? countOutcomes(machine, cpu, a, operands[base] === Opcode.userStore) : 1;
    default:
      return 1;
  }
}

export function isPage({ layout }: Machine, page: number): boolean {
  return page >= 0 && page < layout.pages;
}
