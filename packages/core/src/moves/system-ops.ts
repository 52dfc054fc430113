import { ShootdownError } from '../errors.js';
import { endService, launchIpi } from '../machine/apic.js';
import { CpuField, ThreadField } from '../machine/layout.js';
import type { Machine } from '../machine/machine.js';
import { isDrained } from '../machine/store-buffer.js';
import { MARKS } from '../program/kernel-cpu.js';
import { Operand, PHASES } from '../program/opcode.js';
import { endTick } from './tick-action.js';
import { leaveHost } from './vcpu-actions.js';
import { findBit, operand } from './memory-ops.js';
import { type Cost, NO_RESULT, type ProgramOp } from './program-op.js';

const always = (): boolean => true;
const drained = (machine: Machine, cpu: number): boolean => isDrained(machine, cpu);
const icrReady = (machine: Machine, cpu: number): boolean =>
  !machine.shape.icrWriteDrainsStores || isDrained(machine, cpu);
const vectorName = (machine: Machine, base: number): string =>
  machine.boot.vectors[operand(machine, base, Operand.b)]?.name ?? '?';

interface Plain {
  readonly name: string;
  readonly cost: Cost;
  readonly drains?: boolean;
  readonly interruptible?: boolean;
  readonly apply: ProgramOp['apply'];
  readonly text: ProgramOp['text'];
}
/** An op that touches no memory word. */
function systemOp(op: Plain): ProgramOp {
  const { name, cost, drains = false, interruptible = false, apply, text } = op;
  return {
    name,
    footprint: 'none',
    drains,
    interruptible,
    cost: () => cost,
    enabled: drains ? drained : always,
    apply,
    text,
  };
}

export const sendIpi: ProgramOp = {
  name: 'sendIpi',
  footprint: 'none',
  drains: false,
  interruptible: false,
  cost: () => 'icrWrite',
  enabled: icrReady,
  apply(machine, cpu, base) {
    const target = operand(machine, base, Operand.a);
    if (target < 0 || target >= machine.layout.cpuCount)
      throw new ShootdownError(
        'INVALID_OPERAND',
        `CPU ${cpu} sent an IPI to CPU ${target}; CPUs are 0 … ${machine.layout.cpuCount - 1}.`,
      );
    launchIpi(machine, target, checkedVector(machine, base));
    return 0;
  },
  text: (machine, base) => `icr → cpu ${operand(machine, base, Operand.a)}: ${vectorName(machine, base)}`,
};

export const sendIpiMask: ProgramOp = {
  name: 'sendIpiMask',
  footprint: 'mask',
  drains: false,
  interruptible: false,
  cost: () => 'icrWrite',
  enabled: icrReady,
  apply(machine, cpu, base) {
    const vector = checkedVector(machine, base);
    for (let target = nextTarget(machine, cpu, base, -1); target >= 0; target = nextTarget(machine, cpu, base, target))
      launchIpi(machine, target, vector);
    return 0;
  },
  text: (machine, base) => `icr → cluster ${operand(machine, base, Operand.c)}: ${vectorName(machine, base)}`,
};

/** The CPUs that a pending multicast ICR write reaches, one after the other: the next one above `after`, or -1. */
export function nextTarget(machine: Machine, cpu: number, base: number, after: number): number {
  const size = machine.shape.clusterSize;
  const first = operand(machine, base, Operand.c) * size;
  const target = findBit(machine, cpu, operand(machine, base, Operand.a), Math.max(first, after + 1));
  return target < first + size ? target : -1;
}

function checkedVector(machine: Machine, base: number): number {
  const vector = operand(machine, base, Operand.b);
  if (vector >= 0 && vector < machine.layout.vectorCount) return vector;
  throw new ShootdownError('INVALID_OPERAND', `No interrupt vector ${vector} is registered.`);
}

export const endOfInterrupt: ProgramOp = systemOp({
  name: 'endOfInterrupt',
  cost: 'eoi',
  apply(machine, cpu) {
    endService(machine, cpu);
    return 0;
  },
  text: () => 'eoi',
});

function setInterruptFlag(name: string, value: number, text: string): ProgramOp {
  return systemOp({
    name,
    cost: 'interruptFlag',
    apply(machine, cpu) {
      machine.state[machine.layout.cpu(cpu) + CpuField.interruptFlag] = value;
      return 0;
    },
    text: () => text,
  });
}
export const disableInterrupts: ProgramOp = setInterruptFlag('disableInterrupts', 0, 'cli');
export const enableInterrupts: ProgramOp = setInterruptFlag('enableInterrupts', 1, 'sti');

export const work: ProgramOp = systemOp({
  name: 'work',
  cost: 'work',
  interruptible: true,
  apply: () => 0,
  text: (machine, base) => `work ${operand(machine, base, Operand.a)} cycles`,
});

export const choose: ProgramOp = systemOp({
  name: 'choose',
  cost: 'free',
  apply: (_machine, _cpu, _base, choice) => choice,
  text: (machine, base) => `choose one of ${operand(machine, base, Operand.a)}`,
});

export const phase: ProgramOp = systemOp({
  name: 'phase',
  cost: 'free',
  apply: () => 0,
  text: (machine, base) => `phase ${PHASES[operand(machine, base, Operand.a)] ?? '?'}`,
});

/** The thread of an op that only a thread may execute. */
function threadOf(machine: Machine, cpu: number, op: string): number {
  const context = machine.top(cpu);
  if (context < machine.layout.threadCount) return context;
  throw new ShootdownError(
    'OP_NOT_ALLOWED',
    `CPU ${cpu} executed ${op} inside an interrupt handler. Only threads may.`,
  );
}

export const enterKernel: ProgramOp = systemOp({
  name: 'enterKernel',
  cost: 'syscallEntry',
  apply(machine, cpu) {
    machine.state[machine.layout.thread(threadOf(machine, cpu, 'enterKernel')) + ThreadField.user] = 0;
    return 0;
  },
  text: () => 'syscall',
});

function leaveKernel(name: 'returnToUser' | 'faultReturn', cost: Cost, drains: boolean, text: string): ProgramOp {
  return systemOp({
    name,
    cost,
    drains,
    apply(machine, cpu) {
      machine.state[machine.layout.thread(threadOf(machine, cpu, name)) + ThreadField.user] = 1;
      machine.monitor.exposed(machine, cpu);
      return 0;
    },
    text: () => text,
  });
}
export const returnToUser: ProgramOp = leaveKernel('returnToUser', 'syscallExit', false, 'sysret');
export const faultReturn: ProgramOp = leaveKernel('faultReturn', 'faultReturn', true, 'iret from the fault');

export const halt: ProgramOp = {
  ...systemOp({
    name: 'halt',
    cost: 'halt',
    interruptible: true,
    apply(machine, cpu) {
      machine.state[machine.layout.cpu(cpu) + CpuField.woken] = 0;
      return 0;
    },
    text: () => 'hlt',
  }),
  enabled: (machine, cpu) => machine.state[machine.layout.cpu(cpu) + CpuField.woken] !== 0,
};

export const switchTo: ProgramOp = systemOp({
  name: 'switchTo',
  cost: 'switch',
  apply(machine, cpu, base) {
    threadOf(machine, cpu, 'switchTo');
    const thread = operand(machine, base, Operand.a);
    if (thread < 0 || thread >= machine.layout.threadCount)
      throw new ShootdownError(
        'INVALID_OPERAND',
        `CPU ${cpu} switched to thread ${thread}; threads are 0 … ${machine.layout.threadCount - 1}.`,
      );
    const home = machine.boot.threads[thread]?.cpu;
    if (home !== cpu)
      throw new ShootdownError(
        'INVALID_OPERAND',
        `CPU ${cpu} switched to thread ${thread}, which runs on CPU ${home}.`,
      );
    machine.state[machine.layout.cpu(cpu) + CpuField.thread] = thread;
    return 0;
  },
  text: (machine, base) => `switch to ${machine.boot.threads[operand(machine, base, Operand.a)]?.name ?? '?'}`,
});

export const setFrameOwner: ProgramOp = systemOp({
  name: 'setFrameOwner',
  cost: 'free',
  apply(machine, cpu, base) {
    const frame = operand(machine, base, Operand.a);
    const owner = operand(machine, base, Operand.b);
    machine.state[machine.layout.frameOwner + frame] = owner;
    machine.monitor.frameGiven(machine, cpu, frame, owner);
    return 0;
  },
  text: (machine, base) => `frame ${operand(machine, base, Operand.a)} → owner ${operand(machine, base, Operand.b)}`,
});

export const setTableFreed: ProgramOp = systemOp({
  name: 'setTableFreed',
  cost: 'free',
  apply(machine, _cpu, base) {
    machine.state[machine.layout.tableFreed + operand(machine, base, Operand.a)] = operand(machine, base, Operand.b);
    for (let each = 0; each < machine.layout.cpuCount; each++) machine.walksChanged(each);
    return 0;
  },
  text: (machine, base) =>
    `table ${operand(machine, base, Operand.a)} ${operand(machine, base, Operand.b) === 0 ? 'allocated' : 'freed'}`,
});

export const mark: ProgramOp = systemOp({
  name: 'mark',
  cost: 'free',
  apply(machine, cpu, base) {
    machine.monitor.mark(
      machine,
      cpu,
      operand(machine, base, Operand.a),
      operand(machine, base, Operand.b),
      operand(machine, base, Operand.c),
      operand(machine, base, Operand.d),
    );
    return 0;
  },
  text: (machine, base) => `mark ${MARKS[operand(machine, base, Operand.a)] ?? '?'}`,
});

/** The bottom frame has returned: IRET of an NMI or interrupt handler (serialising, SDM vol. 3 §9.3), or a thread's end. */
export const finished: ProgramOp = {
  name: 'finished',
  footprint: 'none',
  drains: true,
  interruptible: false,
  cost: () => 'interruptReturn',
  enabled: drained,
  apply(machine, cpu) {
    const context = machine.top(cpu);
    const block = machine.layout.cpu(cpu);
    if (machine.isVirtual && !machine.isRunning(cpu)) leaveHost(machine, cpu);
    else if (context >= machine.layout.threadCount) leaveHandler(machine, cpu, block, context);
    else machine.state[machine.layout.thread(context) + ThreadField.finished] = 1;
    return NO_RESULT;
  },
  text: () => 'iret',
};

function leaveHandler(machine: Machine, cpu: number, block: number, context: number): void {
  if (context === machine.nmiContext(cpu)) {
    machine.state[block + CpuField.nmiActive] = 0;
  } else {
    machine.state[block + CpuField.interruptActive] = 0;
    machine.state[block + CpuField.interruptFlag] = machine.state[block + CpuField.savedInterruptFlag] as number;
    machine.state[block + CpuField.savedInterruptFlag] = 0;
    endTick(machine, cpu);
  }
  if (machine.inUserMode(cpu)) machine.monitor.exposed(machine, cpu);
}
