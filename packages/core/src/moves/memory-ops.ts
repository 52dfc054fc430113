import type { Machine } from '../machine/machine.js';
import { bufferStore, hasRoom, isDrained, visibleValue } from '../machine/store-buffer.js';
import { CONDITIONS, Operand } from '../program/opcode.js';
import type { Footprint, ProgramOp } from './program-op.js';

const drained = (machine: Machine, cpu: number): boolean => isDrained(machine, cpu);
const always = (): boolean => true;

/** Operand of the pending op. */
export function operand(machine: Machine, base: number, offset: number): number {
  return machine.runner.operands[base + offset] as number;
}
const wordOf = (machine: Machine, base: number): string => machine.guard.nameOf(operand(machine, base, Operand.a));

/** The condition of the op (code in operand b, value in c) holds for this value. */
export function conditionHolds(machine: Machine, base: number, value: number): boolean {
  const wanted = operand(machine, base, Operand.c);
  switch (operand(machine, base, Operand.b)) {
    case 0:
      return value === wanted;
    case 1:
      return value !== wanted;
    case 2:
      return (value & wanted) !== 0;
    case 3:
      return (value & wanted) === 0;
    default:
      return value >= wanted;
  }
}
function conditionText(machine: Machine, base: number): string {
  return `${CONDITIONS[operand(machine, base, Operand.b)] ?? '?'} ${operand(machine, base, Operand.c)}`;
}

/** A plain or locked read of operand a, checked against the word's class. */
function observe(machine: Machine, cpu: number, base: number, isWrite: boolean): number {
  const word = operand(machine, base, Operand.a);
  machine.guard.check(machine, cpu, word, isWrite);
  return visibleValue(machine, cpu, word);
}
/** The write half of a locked op, with the ghost transfer that rides on it. */
function publishLocked(machine: Machine, cpu: number, base: number, value: number): void {
  machine.write(cpu, operand(machine, base, Operand.a), value);
  const group = operand(machine, base, Operand.group);
  if (group !== 0) machine.state[machine.layout.groupOwner + group - 1] = operand(machine, base, Operand.owner);
}

function lockedOp(
  name: string,
  apply: ProgramOp['apply'],
  text: ProgramOp['text'],
  footprint: Footprint = 'locked',
): ProgramOp {
  return { name, footprint, drains: true, interruptible: false, cost: () => 'locked', enabled: drained, apply, text };
}

export const load: ProgramOp = {
  name: 'load',
  footprint: 'load',
  drains: false,
  interruptible: false,
  cost: () => 'load',
  enabled: always,
  apply: (machine, cpu, base) => observe(machine, cpu, base, false),
  text: (machine, base) => `load ${wordOf(machine, base)}`,
};

export const test: ProgramOp = {
  name: 'test',
  footprint: 'load',
  drains: false,
  interruptible: false,
  cost: () => 'load',
  enabled: always,
  apply: (machine, cpu, base) => (conditionHolds(machine, base, observe(machine, cpu, base, false)) ? 1 : 0),
  text: (machine, base) => `test ${wordOf(machine, base)} ${conditionText(machine, base)}`,
};

export const store: ProgramOp = {
  name: 'store',
  footprint: 'store',
  drains: false,
  interruptible: false,
  cost: () => 'store',
  enabled: hasRoom,
  apply(machine, cpu, base) {
    const word = operand(machine, base, Operand.a);
    machine.guard.check(machine, cpu, word, true);
    bufferStore(
      machine,
      cpu,
      word,
      operand(machine, base, Operand.b),
      operand(machine, base, Operand.owner),
      operand(machine, base, Operand.group),
      0,
      0,
    );
    return 0;
  },
  text: (machine, base) => `store ${wordOf(machine, base)} ← ${operand(machine, base, Operand.b)}`,
};

export const fence: ProgramOp = {
  name: 'fence',
  footprint: 'none',
  drains: true,
  interruptible: false,
  cost: () => 'fence',
  enabled: drained,
  apply: () => 0,
  text: () => 'mfence',
};

export const exchange: ProgramOp = lockedOp(
  'exchange',
  (machine, cpu, base) => {
    const old = observe(machine, cpu, base, true);
    publishLocked(machine, cpu, base, operand(machine, base, Operand.b));
    return old;
  },
  (machine, base) => `xchg ${wordOf(machine, base)} ← ${operand(machine, base, Operand.b)}`,
);

export const compareExchange: ProgramOp = lockedOp(
  'compareExchange',
  (machine, cpu, base) => {
    if (observe(machine, cpu, base, true) !== operand(machine, base, Operand.b)) return 0;
    publishLocked(machine, cpu, base, operand(machine, base, Operand.c));
    return 1;
  },
  (machine, base) =>
    `cmpxchg ${wordOf(machine, base)} ${operand(machine, base, Operand.b)} → ${operand(machine, base, Operand.c)}`,
);

export const fetchAdd: ProgramOp = lockedOp(
  'fetchAdd',
  (machine, cpu, base) => {
    const old = observe(machine, cpu, base, true);
    publishLocked(machine, cpu, base, (old + operand(machine, base, Operand.b)) | 0);
    return old;
  },
  (machine, base) => `lock xadd ${wordOf(machine, base)} + ${operand(machine, base, Operand.b)}`,
);

export const setBits: ProgramOp = lockedOp(
  'setBits',
  (machine, cpu, base) => {
    publishLocked(machine, cpu, base, observe(machine, cpu, base, true) | operand(machine, base, Operand.b));
    return 0;
  },
  (machine, base) => `lock or ${wordOf(machine, base)} | ${operand(machine, base, Operand.b)}`,
);

export const clearBits: ProgramOp = lockedOp(
  'clearBits',
  (machine, cpu, base) => {
    publishLocked(machine, cpu, base, observe(machine, cpu, base, true) & ~operand(machine, base, Operand.b));
    return 0;
  },
  (machine, base) => `lock and ${wordOf(machine, base)} & ~${operand(machine, base, Operand.b)}`,
);

export const nextSetBit: ProgramOp = {
  name: 'nextSetBit',
  footprint: 'mask',
  drains: false,
  interruptible: false,
  cost: () => 'load',
  enabled: always,
  apply: (machine, cpu, base) =>
    findBit(machine, cpu, operand(machine, base, Operand.a), operand(machine, base, Operand.b)),
  text: (machine, base) => `next bit of ${wordOf(machine, base)} from ${operand(machine, base, Operand.b)}`,
};

/** Lowest set CPU number ≥ `from`, or -1. */
export function findBit(machine: Machine, cpu: number, mask: number, from: number): number {
  const words = Math.ceil(machine.layout.cpuCount / 32);
  for (let i = from >> 5; i < words; i++) {
    const kept = i === from >> 5 ? -1 << (from & 31) : -1;
    machine.guard.check(machine, cpu, mask + i, false);
    const bits = visibleValue(machine, cpu, mask + i) & kept;
    if (bits !== 0) return i * 32 + 31 - Math.clz32(bits & -bits);
  }
  return -1;
}

export const waitUntil: ProgramOp = {
  name: 'waitUntil',
  footprint: 'wait',
  drains: false,
  interruptible: true,
  cost: () => 'load',
  enabled: (machine, cpu, base) =>
    conditionHolds(machine, base, visibleValue(machine, cpu, operand(machine, base, Operand.a))),
  apply(machine, cpu, base) {
    observe(machine, cpu, base, false);
    return 0;
  },
  text: (machine, base) => `wait ${wordOf(machine, base)} ${conditionText(machine, base)}`,
};

export const waitAny: ProgramOp = {
  name: 'waitAny',
  footprint: 'wait',
  drains: false,
  interruptible: true,
  cost: () => 'load',
  enabled: (machine, cpu, base) => firstHolding(machine, cpu, base) >= 0,
  apply(machine, cpu, base) {
    for (const word of machine.lists.list(operand(machine, base, Operand.a)))
      machine.guard.check(machine, cpu, word, false);
    return firstHolding(machine, cpu, base);
  },
  text: (machine, base) =>
    `wait any of ${machine.lists
      .list(operand(machine, base, Operand.a))
      .map((word) => machine.guard.nameOf(word))
      .join(', ')}`,
};

function firstHolding(machine: Machine, cpu: number, base: number): number {
  const words = machine.lists.list(operand(machine, base, Operand.a));
  for (let i = 0; i < words.length; i++) {
    if (conditionHolds(machine, base, visibleValue(machine, cpu, words[i] as number))) return i;
  }
  return -1;
}

export const waitAndExchange: ProgramOp = {
  name: 'waitAndExchange',
  footprint: 'waitLocked',
  drains: true,
  interruptible: true,
  cost: () => 'locked',
  enabled: (machine, cpu, base) =>
    isDrained(machine, cpu) &&
    conditionHolds(machine, base, visibleValue(machine, cpu, operand(machine, base, Operand.a))),
  apply(machine, cpu, base) {
    observe(machine, cpu, base, true);
    publishLocked(machine, cpu, base, operand(machine, base, Operand.d));
    return 0;
  },
  text: (machine, base) =>
    `wait ${wordOf(machine, base)} ${conditionText(machine, base)}, then xchg ← ${operand(machine, base, Operand.d)}`,
};
