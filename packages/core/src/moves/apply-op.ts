import { ShootdownError } from '../errors.js';
import type { Machine } from '../machine/machine.js';
import { Opcode } from '../program/opcode.js';
import { compareExchange, exchange, load, store, test, waitAndExchange, waitUntil } from './memory-ops.js';
import { invlpg, userLoad, userStore } from './mmu-ops.js';
import { PROGRAM_OPS } from './program-ops.js';
import { finished, setFrameOwner } from './system-ops.js';

/** Executes the op at `base` of the runner's operands. The frequent ones are called directly: a call through the table is known to nobody. */
export function applyOp(machine: Machine, cpu: number, base: number, choice: number): number {
  const opcode = machine.runner.operands[base] as number;
  switch (opcode) {
    case Opcode.load:
      return load.apply(machine, cpu, base, choice);
    case Opcode.store:
      return store.apply(machine, cpu, base, choice);
    case Opcode.invlpg:
      return invlpg.apply(machine, cpu, base, choice);
    case Opcode.work:
    case Opcode.phase:
      return 0;
    case Opcode.test:
      return test.apply(machine, cpu, base, choice);
    case Opcode.waitUntil:
      return waitUntil.apply(machine, cpu, base, choice);
    case Opcode.exchange:
      return exchange.apply(machine, cpu, base, choice);
    case Opcode.compareExchange:
      return compareExchange.apply(machine, cpu, base, choice);
    case Opcode.waitAndExchange:
      return waitAndExchange.apply(machine, cpu, base, choice);
    case Opcode.userLoad:
      return userLoad.apply(machine, cpu, base, choice);
    case Opcode.userStore:
      return userStore.apply(machine, cpu, base, choice);
    case Opcode.setFrameOwner:
      return setFrameOwner.apply(machine, cpu, base, choice);
    case Opcode.finished:
      return finished.apply(machine, cpu, base, choice);
    default:
      return tabled(opcode).apply(machine, cpu, base, choice);
  }
}

function tabled(opcode: number): NonNullable<(typeof PROGRAM_OPS)[number]> {
  const op = PROGRAM_OPS[opcode];
  if (op === undefined) throw new ShootdownError('INTERNAL', `No op ${opcode}.`);
  return op;
}
