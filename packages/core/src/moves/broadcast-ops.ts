import { ShootdownError } from '../errors.js';
import type { Machine } from '../machine/machine.js';
import { isDrained } from '../machine/store-buffer.js';
import { BROADCAST_ALL, freeBroadcast, issueBroadcast, isSynchronised } from '../mmu/broadcast.js';
import { Operand } from '../program/opcode.js';
import { operand } from './memory-ops.js';
import type { ProgramOp } from './program-op.js';

/** Weakly ordered: it waits for no older store, so a walk after its completion may still read what the store changes (APM vol. 3). */
export const invlpgb: ProgramOp = {
  name: 'invlpgb',
  footprint: 'none',
  drains: false,
  interruptible: false,
  cost: () => 'invlpgb',
  enabled: (machine, cpu) => lacksBroadcast(machine) || freeBroadcast(machine, cpu) >= 0,
  apply(machine, cpu, base) {
    requireBroadcast(machine, cpu, 'INVLPGB');
    const pcid = operand(machine, base, Operand.a);
    const firstPage = operand(machine, base, Operand.b);
    const pageCount = operand(machine, base, Operand.c);
    checkTag(machine, pcid);
    if (pageCount !== BROADCAST_ALL) checkRange(machine, firstPage, pageCount);
    issueBroadcast(machine, cpu, pcid, firstPage, pageCount, operand(machine, base, Operand.d));
    return 0;
  },
  text(machine, base) {
    const pcid = operand(machine, base, Operand.a);
    const first = operand(machine, base, Operand.b);
    const count = operand(machine, base, Operand.c);
    const pages = count === BROADCAST_ALL ? 'every page' : `pages ${first} … ${first + count - 1}`;
    return `invlpgb ${pages} of ${pcid === BROADCAST_ALL ? 'every PCID' : `PCID ${pcid}`}`;
  },
};

/** Serialising, and waits for the INVLPGBs of its own CPU only (APM vol. 3). */
export const tlbsync: ProgramOp = {
  name: 'tlbsync',
  footprint: 'none',
  drains: true,
  interruptible: true,
  cost: () => 'tlbsync',
  enabled: (machine, cpu) => isDrained(machine, cpu) && isSynchronised(machine, cpu),
  apply(machine, cpu) {
    requireBroadcast(machine, cpu, 'TLBSYNC');
    return 0;
  },
  text: () => 'tlbsync',
};

function lacksBroadcast(machine: Machine): boolean {
  return machine.layout.broadcasts === 0;
}

function requireBroadcast(machine: Machine, cpu: number, instruction: string): void {
  if (!lacksBroadcast(machine)) return;
  throw new ShootdownError(
    'MISSING_HARDWARE',
    `CPU ${cpu} executed ${instruction}, which this machine lacks. Require 'invlpgb' in the manifest, or test features.invlpgb first.`,
  );
}

function checkTag(machine: Machine, pcid: number): void {
  if (pcid === BROADCAST_ALL || (pcid >= 0 && pcid < machine.layout.pcids)) return;
  throw new ShootdownError('INVALID_OPERAND', `INVLPGB of PCID ${pcid}; PCIDs are 0 … ${machine.layout.pcids - 1}.`, {
    details: { pcid },
  });
}

function checkRange(machine: Machine, firstPage: number, pageCount: number): void {
  const most = machine.shape.broadcast?.pagesPerInvlpgb ?? 0;
  if (pageCount < 1 || pageCount > most)
    throw new ShootdownError(
      'INVALID_OPERAND',
      `INVLPGB of ${pageCount} pages; one names 1 to ${most} pages, or all.`,
      {
        details: { pageCount },
      },
    );
  if (firstPage >= 0 && firstPage + pageCount <= machine.layout.pages) return;
  throw new ShootdownError(
    'INVALID_OPERAND',
    `INVLPGB of pages ${firstPage} … ${firstPage + pageCount - 1}; pages are 0 … ${machine.layout.pages - 1}.`,
    { details: { firstPage, pageCount } },
  );
}
