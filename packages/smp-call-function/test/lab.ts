import {
  Action,
  Boot,
  type Cpu,
  type Machine,
  MACHINE_ACTIONS,
  type MachineShape,
  PROGRAM_OPS,
  type Program,
} from '@shootdown/core';
import {
  CallFunction,
  type CallFunctionLayout,
  type CallFunctionPrograms,
  callFunctionPrograms,
  callFunctionSteps,
} from '../src/index.js';

const SHAPE: MachineShape = {
  cpuCount: 4,
  virtualPages: 1,
  levels: 1,
  levelBits: 1,
  tables: 1,
  frames: 1,
  asids: 1,
  pcid: false,
  pti: false,
  invpcid: true,
  storeBufferDepth: 8,
  clusterSize: 2,
  icrWriteDrainsStores: true,
};

const NO_COSTS = {
  queueWorkCycles: 0,
  handlerItemCycles: 0,
  multiTargetSetupCycles: 0,
  cpumaskAllocCycles: 0,
  indirectCallCycles: 0,
  retpolineExtraCycles: 0,
  copyPer16BytesCycles: 0,
};

export interface Lab {
  readonly boot: Boot;
  readonly smp: CallFunction;
}

/** A machine whose call-function vectors drain the queue and nothing else. */
export function makeLab(
  layout: CallFunctionLayout,
  shape: Partial<MachineShape> = {},
  programs: Partial<CallFunctionPrograms> = {},
): Lab {
  const boot = new Boot({ ...SHAPE, ...shape });
  const handler = boot.program('handler', function* (cpu): Program {
    yield* cpu.endOfInterrupt();
    yield* cpu.call(smp.programs.flushQueue);
  });
  const vectors = { single: boot.vector('single', handler), many: boot.vector('many', handler) };
  const smp: CallFunction = new CallFunction(boot, {
    layout,
    costs: NO_COSTS,
    vectors,
    programs: { ...callFunctionPrograms, ...programs },
    steps: callFunctionSteps,
  });
  return { boot, smp };
}

/** Adds a thread with this body. */
export function addThread({ boot }: Lab, cpu: number, body: (cpu: Cpu) => Program): number {
  return boot.thread(`t${cpu}`, cpu, boot.program(`t${cpu}`, body), []);
}

/** Runs all CPUs in turn, or only those named, until none can move; returns the ops as text. */
export function run(machine: Machine, cpus: readonly number[] = [0, 1, 2, 3]): string[] {
  const log: string[] = [];
  for (let moved = true; moved; ) {
    moved = false;
    for (const cpu of cpus) if (cpu < machine.layout.cpuCount && step(machine, cpu, log)) moved = true;
  }
  return log;
}

function step(machine: Machine, cpu: number, log: string[]): boolean {
  for (const action of [Action.deliver, Action.takeInterrupt]) {
    const move = MACHINE_ACTIONS[action];
    for (let choice = 0; choice < (move?.choices(machine) ?? 0); choice++) {
      if (move?.enabled(machine, cpu, choice) === true) {
        move.apply(machine, cpu, choice);
        return true;
      }
    }
  }
  if (machine.pending(cpu) >= 0 && machine.canExecute(cpu)) {
    const base = machine.pending(cpu);
    log.push(`${cpu}: ${PROGRAM_OPS[machine.runner.operands[base] as number]?.text(machine, base) ?? '?'}`);
    machine.execute(cpu, 0);
    return true;
  }
  const drain = MACHINE_ACTIONS[Action.drain];
  if (drain?.enabled(machine, cpu, 0) !== true) return false;
  drain.apply(machine, cpu, 0);
  return true;
}
