import {
  Boot,
  type KernelCpu,
  Machine,
  type MachineShape,
  makePte,
  type Monitor,
  noMonitor,
  commonLookout,
  type Op,
  type Program,
  Pte,
  type Word,
} from '@shootdown/core';
import { type ActionPolicy, explore, type Exploration, type MachineFactory } from '@shootdown/checker';

/** Page x is page 0, page y is page 1; both lie under table 1, which entry 0 of the root table 0 points to. */
export const X = 0;
export const Y = 1;
/** Physical frames, with their data before the first step. */
export const FRAME = { A: 0, B: 1, C: 2 } as const;
export const FRAME_DATA = [0, 20, 30] as const;

export const LITMUS_SHAPE: MachineShape = {
  cpuCount: 2,
  virtualPages: 2,
  levels: 2,
  levelBits: 1,
  tables: 4,
  frames: 3,
  asids: 1,
  pcid: false,
  pti: false,
  invpcid: true,
  storeBufferDepth: 4,
  clusterSize: 8,
  icrWriteDrainsStores: true,
};

/** The words of a litmus test. */
export interface Lab {
  readonly boot: Boot;
  readonly x: Word;
  readonly y: Word;
  /** Leaf entries of pages x and y, and the upper entry above both. */
  readonly leaf: (page: number) => Word;
  readonly upper: Word;
  readonly frame: (frame: number) => Word;
}

export type LitmusThread = (cpu: KernelCpu, lab: Lab) => Program;

export interface LitmusTest {
  readonly name: string;
  readonly threads: readonly LitmusThread[];
  readonly memory: 'tso' | 'sc';
  readonly shape?: Partial<MachineShape>;
  /** Changes the initial memory; by default x → A and y → C, writable, both with A set and D clear. */
  readonly init?: (lab: Lab) => void;
  readonly actions?: ActionPolicy;
  /** What of the final memory belongs to the outcome. */
  readonly final?: (machine: Machine, lab: Lab) => string;
  /** The program behind page faults; without one a fault is the violation `fault unhandled`. */
  readonly pageFault?: (cpu: KernelCpu, lab: Lab, page: number) => Program;
}

/** Registers of a test: ghost words that programs write with `record`. */
const REGISTERS = 4;
const UNSET = 0;

/** Notes what a thread has read in ghost register `index`. */
export function record(cpu: KernelCpu, index: number, value: number): Op {
  return cpu.markCover(index, value, 0);
}

const registers: Monitor = {
  ...noMonitor,
  words: REGISTERS,
  lookout: commonLookout,
  mark(machine, _cpu, _mark, index, value) {
    machine.state[machine.layout.monitor + index] = value + 1;
  },
};

/** `r0=1 r1=0`, registers that were never written left out. */
export function registerText(machine: Machine): string {
  const texts: string[] = [];
  for (let index = 0; index < REGISTERS; index++) {
    const value = machine.state[machine.layout.monitor + index] as number;
    if (value !== UNSET) texts.push(`r${index}=${value - 1}`);
  }
  return texts.join(' ');
}

function prepare(boot: Boot): Lab {
  const words = boot.records('word', ['x', 'y'], 1, { stride: 8 });
  const lab: Lab = {
    boot,
    x: words.x(0),
    y: words.y(0),
    leaf: (page) => boot.tableEntry(1, page),
    upper: boot.tableEntry(0, 0),
    frame: (frame) => boot.frameRecords.data(frame),
  };
  boot.memory.initial(lab.upper, makePte(1, Pte.writable | Pte.accessed));
  boot.memory.initial(lab.leaf(X), makePte(FRAME.A, Pte.writable | Pte.accessed));
  boot.memory.initial(lab.leaf(Y), makePte(FRAME.C, Pte.writable | Pte.accessed));
  FRAME_DATA.forEach((value, frame) => {
    boot.memory.initial(lab.frame(frame), value);
  });
  return lab;
}

/** A factory of the test's machine. */
export function litmusMachine(test: LitmusTest): MachineFactory {
  return (options) => {
    const boot = new Boot({ ...LITMUS_SHAPE, cpuCount: test.threads.length, ...test.shape });
    const lab = prepare(boot);
    test.init?.(lab);
    const fault = test.pageFault;
    if (fault !== undefined)
      boot.system = {
        pageFault: boot.program('pageFault', (cpu: KernelCpu, page: number, _isStore: number, _fromUser: number) =>
          fault(cpu, lab, page),
        ),
      };
    test.threads.forEach((body, cpu) => {
      boot.thread(
        `P${cpu}`,
        cpu,
        boot.program(`P${cpu}`, (view: KernelCpu) => body(view, lab)),
        [],
        { user: true },
      );
    });
    return new Machine(boot, { ...options, monitor: registers, sequentiallyConsistent: test.memory === 'sc' });
  };
}

/** Explores a litmus test. Outcomes are the registers, then what `final` adds. */
export function runLitmus(test: LitmusTest): Exploration {
  return explore(litmusMachine(test), {
    actions: test.actions ?? {},
    project: (machine) =>
      [registerText(machine), test.final?.(machine, prepareView(machine.boot)) ?? '']
        .filter((text) => text !== '')
        .join(' '),
  });
}

/** The lab of a machine that has booted. */
function prepareView(boot: Boot): Lab {
  const start = boot.memory.regions.find((region) => region.name === 'word')?.start ?? 0;
  return {
    boot,
    x: start as Word,
    y: (start + 1) as Word,
    leaf: (page) => boot.tableEntry(1, page),
    upper: boot.tableEntry(0, 0),
    frame: (frame) => boot.frameRecords.data(frame),
  };
}
