import {
  Action,
  Boot,
  FLUSH_KINDS,
  type KernelCpu,
  Machine,
  MACHINE_ACTIONS,
  type MachineShape,
  PROGRAM_OPS,
  type Program,
} from '@shootdown/core';
import { BASE_MM_LAYOUT, INIT_MM, Mm, type MmOptions, mmPrograms, mmSteps } from '../src/index.js';

export const SHAPE: MachineShape = {
  cpuCount: 2,
  virtualPages: 4,
  levels: 2,
  levelBits: 1,
  tables: 7,
  frames: 10,
  asids: 2,
  pcid: true,
  pti: false,
  invpcid: true,
  storeBufferDepth: 8,
  clusterSize: 8,
  icrWriteDrainsStores: true,
};

const OPTIONS: MmOptions = {
  mmCount: 2,
  layout: BASE_MM_LAYOUT,
  costs: { flushFunctionCycles: 0, perPageZapCycles: 0 },
  singlePageFlushCeiling: 3,
  switchOrder: 'maskFirst',
  releaseTo: 'allocator',
  frameChoice: 'firstFree',
  gatherPages: 2,
  batchesPerCpu: 1,
  programs: mmPrograms,
  steps: mmSteps,
};

export interface Lab {
  readonly boot: Boot;
  readonly mm: Mm;
  readonly machine: Machine;
  /** Ops of CPU 0 as text, in order. */
  readonly log: readonly string[];
}

/**
 * Runs one program on CPU 0 of a machine whose CPU 0 has mm 0 loaded. The strategy is a stub that counts the generation and
 * flushes nothing; it stores the kind that it was asked for. `holds`: it keeps every batch. `prepare` sets words before the first step.
 */
export function runProgram(
  body: (cpu: KernelCpu, mm: Mm) => Program,
  setup: {
    shape?: Partial<MachineShape>;
    options?: Partial<MmOptions>;
    lazy?: boolean;
    holds?: boolean;
    prepare?: (boot: Boot, mm: Mm) => void;
  } = {},
): Lab {
  const boot = new Boot({ ...SHAPE, ...setup.shape });
  const mm = new Mm(boot, { ...OPTIONS, ...setup.options });
  const asked = boot.records('asked', ['kind'], 1);
  mm.connect({
    flush: boot.program(
      'flush',
      function* (cpu: KernelCpu, kind: number, space: number, _first: number, _count: number): Program {
        yield* cpu.markCall(FLUSH_KINDS[kind] ?? 'unmap');
        yield* cpu.store(asked.kind(0), kind);
        yield* cpu.call(mm.programs.nextGeneration, space);
      },
    ),
    ...(setup.holds === true ? { release: boot.program('release', keepsIt) } : {}),
  });
  mm.startCpu(0, 0, { lazy: setup.lazy ?? false, user: false });
  mm.startCpu(1, INIT_MM, { lazy: false, user: false });
  boot.thread(
    'test',
    0,
    boot.program('test', (cpu: KernelCpu) => body(cpu, mm)),
    [],
  );
  setup.prepare?.(boot, mm);
  const machine = new Machine(boot);
  return { boot, mm, machine, log: runToEnd(machine) };
}

function* keepsIt(cpu: KernelCpu, _batch: number): Program {
  yield* cpu.phase('finish');
}

function runToEnd(machine: Machine): string[] {
  const log: string[] = [];
  const drain = MACHINE_ACTIONS[Action.drain];
  while (!machine.isFinished(0)) {
    if (machine.canExecute(0)) {
      const base = machine.pending(0);
      log.push(PROGRAM_OPS[machine.runner.operands[base] as number]?.text(machine, base) ?? '?');
      machine.execute(0, 0);
    } else if (drain?.enabled(machine, 0, 0) === true) drain.apply(machine, 0, 0);
    else throw new Error(`CPU 0 cannot go on:\n${log.slice(-10).join('\n')}`);
  }
  return log;
}

/** The value of a word at the end. */
export const value = (lab: Lab, word: number): number => lab.machine.state[word] as number;

/** Lines of the log that begin with one of the words. */
export const only = (lab: Lab, ...words: string[]): string[] =>
  lab.log.filter((line) => words.some((word) => line.startsWith(word)));
