import { acceptIpi, beginService, deliverableVector } from '../machine/apic.js';
import { CpuField, type Layout } from '../machine/layout.js';
import type { Machine } from '../machine/machine.js';
import { drainOne, isDrained } from '../machine/store-buffer.js';
import { canFinishBroadcast, finishBroadcast } from '../mmu/broadcast.js';
import { accessedLeaf, setAccessed } from '../mmu/saturate.js';
import { entryFrame, isValidEntry, translation } from '../mmu/tlb.js';
import { removeTranslation } from '../mmu/translation-set.js';
import { canFill, fillTlb, startWalk, stepWalk } from '../mmu/walker.js';
import { deschedule, enterVcpu } from './vcpu-actions.js';
import type { MachineAction } from './machine-action.js';
import { isInterruptible } from './is-interruptible.js';
import { beginTick, tick } from './tick-action.js';
import { DEVICE_OWNER } from '../program/kernel-cpu.js';
import { Opcode } from '../program/opcode.js';
import { PROGRAM_OPS } from './program-ops.js';

/** Numbers of the actions; a schedule stores them, so they never change. Those without a move are reserved for later hardware. */
export const Action = {
  drain: 0,
  deliver: 1,
  takeInterrupt: 2,
  takeNmi: 3,
  startWalk: 4,
  stepWalk: 5,
  fill: 6,
  evict: 7,
  evictPagingStructure: 8,
  finishBroadcast: 9,
  serveRar: 10,
  tick: 11,
  deschedule: 12,
  enterVcpu: 13,
  hitProbe: 14,
  loadSpeculatively: 15,
  walkWhole: 16,
} as const;

const one = (): number => 1;

const drain: MachineAction = {
  name: 'drain',
  choices: one,
  enabled: (machine, cpu) => !isDrained(machine, cpu),
  apply(machine, cpu) {
    drainOne(machine, cpu);
  },
  text: () => 'drain one store',
};

const deliver: MachineAction = {
  name: 'deliver',
  choices: (machine) => machine.layout.vectorCount,
  enabled: (machine, cpu, vector) => machine.state[machine.layout.cpu(cpu) + machine.layout.inFlight + vector] !== 0,
  apply: acceptIpi,
  text: (machine, vector) => `${machine.boot.vectors[vector]?.name ?? '?'} arrives at the local APIC`,
};

/** The core leaves its program for the handler: IF=1, at an instruction boundary (SDM vol. 3 §7.8.1). */
const takeInterrupt: MachineAction = {
  name: 'takeInterrupt',
  choices: one,
  enabled: (machine, cpu) => isInterruptible(machine, cpu) && deliverableVector(machine, cpu) >= 0,
  apply(machine, cpu) {
    const block = machine.layout.cpu(cpu);
    const vector = deliverableVector(machine, cpu);
    wake(machine, cpu);
    beginService(machine, cpu, vector);
    machine.state[block + CpuField.savedInterruptFlag] = 1;
    machine.state[block + CpuField.interruptFlag] = 0;
    machine.state[block + CpuField.interruptActive] = 1;
    if (vector === machine.boot.system.timer) beginTick(machine, cpu);
    machine.runner.start(machine.interruptContext(cpu), cpu, machine.boot.vectors[vector]?.handler ?? -1, 0, 0, 0);
  },
  text: () => 'takes the interrupt',
};

/** A non-maskable interrupt: whatever IF says, but not inside another one (SDM vol. 3 §7.7.1). */
const takeNmi: MachineAction = {
  name: 'takeNmi',
  choices: one,
  enabled: (machine, cpu) =>
    machine.boot.system.nmi !== undefined &&
    machine.state[machine.layout.nmiBudget] !== 0 &&
    machine.state[machine.layout.cpu(cpu) + CpuField.nmiActive] === 0 &&
    machine.isRunning(cpu),
  apply(machine, cpu) {
    machine.state[machine.layout.nmiBudget] = (machine.state[machine.layout.nmiBudget] as number) - 1;
    wake(machine, cpu);
    machine.state[machine.layout.cpu(cpu) + CpuField.nmiActive] = 1;
    machine.runner.start(machine.nmiContext(cpu), cpu, machine.boot.system.nmi?.index ?? -1, 0, 0, 0);
  },
  text: () => 'takes an NMI',
};

/**
 * A breakpoint inside an interrupt handler (kprobes: `int3_exception_notify`): its body runs on the handler's stack, as every
 * exception does, and the instruction under it is executed afterwards. An NMI's own handler is not probed.
 */
const hitProbe: MachineAction = {
  name: 'hitProbe',
  choices: one,
  enabled: (machine, cpu) =>
    machine.state[machine.layout.probeBudget] !== 0 &&
    machine.boot.system.probe !== undefined &&
    machine.top(cpu) === machine.interruptContext(cpu) &&
    machine.runner.at(machine.interruptContext(cpu)) !== 0,
  apply(machine, cpu) {
    const { layout, state, boot } = machine;
    state[layout.probeBudget] = (state[layout.probeBudget] as number) - 1;
    machine.runner.push(machine.interruptContext(cpu), cpu, boot.system.probe?.index ?? -1, 0, 0, 0);
  },
  text: () => 'hits a kprobe',
};

/** A pending HLT ends with the interrupt. */
function wake(machine: Machine, cpu: number): void {
  const base = machine.pending(cpu);
  if (base > 0 && machine.runner.operands[base] === Opcode.halt)
    machine.state[machine.layout.cpu(cpu) + CpuField.woken] = 1;
}

const walk: MachineAction = {
  name: 'startWalk',
  choices: (machine) => machine.layout.pages,
  enabled: (machine, cpu) => machine.state[machine.layout.cpu(cpu) + CpuField.walkPage] === 0 && machine.isRunning(cpu),
  apply: startWalk,
  text: (_machine, page) => `begins a walk for page ${page}`,
};

const step: MachineAction = {
  name: 'stepWalk',
  choices: one,
  enabled(machine, cpu) {
    const block = machine.layout.cpu(cpu);
    return machine.state[block + CpuField.walkPage] !== 0 && (machine.state[block + CpuField.walkLevel] as number) >= 0;
  },
  apply: stepWalk,
  text: () => 'walks one level',
};

const fill: MachineAction = {
  name: 'fill',
  choices: one,
  enabled: canFill,
  apply: fillTlb,
  text: () => 'fills the TLB',
};

/** The translation that an eviction names: slot by slot, each with its ways. */
function evictedSlot(machine: Machine, cpu: number, choice: number): number {
  const { tlbWays, tlbStride } = machine.layout;
  return machine.layout.tlbSlot(cpu, 0, 0) + Math.floor(choice / tlbWays) * tlbStride;
}

const evict: MachineAction = {
  name: 'evict',
  choices: ({ layout }) => (layout.pcids + 1) * layout.pages * layout.tlbWays,
  enabled: (machine, cpu, choice) => {
    const at = machine.layout.tlbWay(evictedSlot(machine, cpu, choice), choice % machine.layout.tlbWays);
    return isValidEntry(machine.state[at] as number);
  },
  apply(machine, cpu, choice) {
    const slot = evictedSlot(machine, cpu, choice);
    removeTranslation(machine, slot, machine.layout.tlbWay(slot, choice % machine.layout.tlbWays));
  },
  text({ layout }, choice) {
    const slot = Math.floor(choice / layout.tlbWays);
    return `evicts page ${slot % layout.pages} of ${tagText(layout, Math.floor(slot / layout.pages))}`;
  },
};

function tagText(layout: Layout, tag: number): string {
  return tag === layout.globalTag ? 'every PCID' : `PCID ${tag}`;
}

const evictPagingStructure: MachineAction = {
  name: 'evictPagingStructure',
  choices: (machine) => machine.layout.pcids * machine.layout.pscSlots,
  enabled: (machine, cpu, choice) =>
    machine.state[machine.layout.pscSlot(cpu, 0, 0, 0) + choice * machine.layout.pscStride] !== 0,
  apply(machine, cpu, choice) {
    const slot = machine.layout.pscSlot(cpu, 0, 0, 0) + choice * machine.layout.pscStride;
    machine.state.fill(0, slot, slot + machine.layout.pscStride);
  },
  text: () => 'evicts a paging-structure entry',
};

/**
 * A load that speculation makes through a cached translation and whose result nobody sees (SDM vol. 3 §4.10.2.3). It is
 * offered only where that matters: when the frame has become device memory, which a load may change.
 */
const loadSpeculatively: MachineAction = {
  name: 'loadSpeculatively',
  choices: ({ layout }) => layout.pages * layout.tlbWays,
  enabled(machine, cpu, choice) {
    const entry = machine.state[loadedThrough(machine, cpu, choice)] as number;
    return (
      isValidEntry(entry) &&
      machine.state[machine.layout.frameOwner + entryFrame(entry)] === DEVICE_OWNER &&
      machine.isRunning(cpu)
    );
  },
  apply(machine, cpu, choice) {
    const page = Math.floor(choice / machine.layout.tlbWays);
    machine.monitor.speculated(machine, cpu, loadedThrough(machine, cpu, choice), page);
  },
  text: ({ layout }, choice) => `loads speculatively from page ${Math.floor(choice / layout.tlbWays)}`,
};

/** The translation that a choice names: page by page, each with its ways. */
function loadedThrough(machine: Machine, cpu: number, choice: number): number {
  const { tlbWays } = machine.layout;
  return machine.layout.tlbWay(translation(machine, cpu, Math.floor(choice / tlbWays)), choice % tlbWays);
}

/** The CPU carries out an INVLPGB of any CPU, itself included: `choice` is issuer × slots + slot. No order among them is kept. */
const completeBroadcast: MachineAction = {
  name: 'finishBroadcast',
  choices: (machine) => machine.layout.cpuCount * machine.layout.broadcasts,
  enabled(machine, cpu, choice) {
    const { broadcasts } = machine.layout;
    return canFinishBroadcast(machine, Math.floor(choice / broadcasts), choice % broadcasts, cpu);
  },
  apply(machine, cpu, choice) {
    const { broadcasts } = machine.layout;
    finishBroadcast(machine, Math.floor(choice / broadcasts), choice % broadcasts, cpu);
  },
  text: (machine, choice) => `carries out an INVLPGB of CPU ${Math.floor(choice / machine.layout.broadcasts)}`,
};

/** The one walk of a saturated walker that is a move: it sets A (SDM 4.8), which others can read. */
const walkWhole: MachineAction = {
  name: 'walkWhole',
  choices: (machine) => machine.layout.pages,
  enabled: (machine, cpu, page) => machine.saturated && machine.isRunning(cpu) && accessedLeaf(machine, cpu, page) >= 0,
  apply: setAccessed,
  text: (_machine, page) => `walks page ${page} and sets its accessed flag`,
};
export type { MachineAction } from './machine-action.js';

/** The hardware's moves, by number. Reserved numbers have none. */
export const MACHINE_ACTIONS: readonly (MachineAction | undefined)[] = [
  drain,
  deliver,
  takeInterrupt,
  takeNmi,
  walk,
  step,
  fill,
  evict,
  evictPagingStructure,
  completeBroadcast,
  undefined,
  tick,
  deschedule,
  enterVcpu,
  hitProbe,
  loadSpeculatively,
  walkWhole,
];

/** The op that is pending on the CPU, for drivers. */
export function pendingOp(machine: Machine, cpu: number): (typeof PROGRAM_OPS)[number] {
  const base = machine.pending(cpu);
  return base < 0 ? undefined : PROGRAM_OPS[machine.runner.operands[base] as number];
}
