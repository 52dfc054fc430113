import { type Footprint, type MachineShape, Opcode, OPCODE_NAMES, type ProgramOp, PROGRAM_OPS } from '@shootdown/core';

/** Footprints as integers, so that the driver branches on one byte per op instead of comparing strings. */
export const FootprintCode = {
  none: 0,
  load: 1,
  store: 2,
  locked: 3,
  wait: 4,
  waitLocked: 5,
  mask: 6,
  user: 7,
} as const;

/** What an op asks of the store buffer before it can be issued; INVLPGB and TLBSYNC ask for broadcasts of their CPU too. */
export const BufferNeed = { nothing: 0, room: 1, empty: 2, broadcast: 3 } as const;

/** What an executed op means to the timing state. */
export const After = { nothing: 0, drain: 1, wake: 2, phase: 3, ended: 4, invalidated: 5, displaced: 6 } as const;

/** One byte per opcode, worked out of the ops' own descriptions. Opcodes without an op have zeros. */
function byOpcode(value: (op: ProgramOp, opcode: number) => number): Uint8Array {
  return Uint8Array.from(OPCODE_NAMES, (_, opcode) => {
    const op = PROGRAM_OPS[opcode];
    return op === undefined ? 0 : value(op, opcode);
  });
}

/** `FootprintCode` of each opcode. */
export const FOOTPRINT_OF: Uint8Array = byOpcode(({ footprint }) => FootprintCode[footprint]);

/** `BufferNeed` of each opcode on this machine: where an ICR write waits for older stores it needs an empty buffer too. */
export function bufferNeeds(shape: Pick<MachineShape, 'icrWriteDrainsStores'>): Uint8Array {
  return byOpcode(({ drains, footprint }, opcode) => {
    if (opcode === Opcode.invlpgb || opcode === Opcode.tlbsync) return BufferNeed.broadcast;
    if (drains || (shape.icrWriteDrainsStores && ICR_WRITES.includes(opcode))) return BufferNeed.empty;
    return footprint === 'store' || footprint === 'user' ? BufferNeed.room : BufferNeed.nothing;
  });
}
const ICR_WRITES: readonly number[] = [Opcode.sendIpi, Opcode.sendIpiMask];

/** Whether something may have to come before an op can be issued: room in the buffer, a walk, the end of a sleep. */
export function mayHaveToWait(needs: Uint8Array): Uint8Array {
  return byOpcode(({ footprint }, opcode) =>
    needs[opcode] !== BufferNeed.nothing || footprint === 'user' || opcode === Opcode.halt ? 1 : 0,
  );
}

/** What is special about carrying out an op: it may turn out to be not enabled when it is due, or it sends or chooses something. */
export const Special = { nothing: 0, mayBlock: 1, sends: 2, sendsMask: 3, chooses: 4 } as const;
const SPECIAL_OPCODE: ReadonlyMap<number, number> = new Map([
  [Opcode.sendIpi, Special.sends],
  [Opcode.sendIpiMask, Special.sendsMask],
  [Opcode.choose, Special.chooses],
  [Opcode.work, Special.nothing],
]);

/** `Special` of each opcode. Waits, user accesses and HLT may block. */
export const SPECIAL: Uint8Array = byOpcode(
  ({ interruptible }, opcode) => SPECIAL_OPCODE.get(opcode) ?? (interruptible ? Special.mayBlock : Special.nothing),
);

const AFTER_FOOTPRINT: Readonly<Partial<Record<Footprint, number>>> = {
  store: After.drain,
  user: After.drain,
  locked: After.wake,
  waitLocked: After.wake,
};
const AFTER_OPCODE: ReadonlyMap<number, number> = new Map([
  [Opcode.phase, After.phase],
  [Opcode.finished, After.ended],
  [Opcode.invlpg, After.invalidated],
  [Opcode.invpcid, After.invalidated],
  [Opcode.writeCr3, After.invalidated],
  [Opcode.invlpgb, After.invalidated],
  [Opcode.invvpid, After.invalidated],
  [Opcode.preempt, After.displaced],
  [Opcode.resumePreempted, After.displaced],
]);

/** `After` of each opcode. */
export const AFTER: Uint8Array = byOpcode(
  ({ footprint }, opcode) => AFTER_OPCODE.get(opcode) ?? AFTER_FOOTPRINT[footprint] ?? After.nothing,
);
