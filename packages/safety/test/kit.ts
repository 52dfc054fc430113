import {
  Action,
  Boot,
  type KernelCpu,
  Machine,
  MACHINE_ACTIONS,
  type MachineOptions,
  type MachineShape,
  makePte,
  type Program,
  type ProgramRef,
  Pte,
  type Vector,
  type Word,
} from '@shootdown/core';
import { SafetyMonitor, type SafetyOptions } from '../src/index.js';

export const SHAPE: MachineShape = {
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
  icrWriteDrainsStores: false,
};

/** Root tables of the two address spaces; each has one leaf table after its root. */
export const ROOTS: readonly number[] = [0, 2];
export const MM = 0;

export type Body = (cpu: KernelCpu) => Program;

/** Two CPUs, two pages of mm 0 on frames 0 and 1, mm 1 with page 0 on frame 2, an acknowledgement word. */
export class Lab {
  readonly boot: Boot;
  readonly monitor: SafetyMonitor;
  readonly ack: Word;
  readonly go: Word;
  readonly #options: MachineOptions;
  #machine: Machine | undefined;

  constructor(
    options: Partial<SafetyOptions> = {},
    shape: Partial<MachineShape> = {},
    machineOptions: MachineOptions = {},
  ) {
    this.#options = machineOptions;
    this.boot = new Boot({ ...SHAPE, ...shape });
    const flags = this.boot.records('flags', ['ack', 'go'], 1);
    this.ack = flags.ack(0);
    this.go = flags.go(0);
    for (const root of ROOTS) this.boot.memory.initial(this.boot.tableEntry(root, 0), makePte(root + 1, Pte.writable));
    this.boot.memory.initial(this.leaf(0), makePte(0, Pte.writable));
    this.boot.memory.initial(this.leaf(1), makePte(1, Pte.writable));
    this.boot.memory.initial(this.boot.tableEntry(3, 0), makePte(2, Pte.writable));
    this.monitor = new SafetyMonitor(this.boot, { flushes: 2, rootOf: (mm) => ROOTS[mm] ?? -1, ...options });
  }

  /** The leaf entry of a page of mm 0. */
  leaf(page: number): Word {
    return this.boot.tableEntry(1, page);
  }

  vector(name: string, body: Body): Vector {
    return this.boot.vector(name, this.boot.program(name, body));
  }
  nmi(body: Body): void {
    this.boot.system = { ...this.boot.system, nmi: this.boot.program('nmi', body) };
  }
  thread(name: string, cpu: number, body: Body, user = false): number {
    const program: ProgramRef<[]> = this.boot.program(name, body);
    return this.boot.thread(name, cpu, program, [], { user });
  }

  get machine(): Machine {
    this.#machine ??= new Machine(this.boot, {
      ...this.#options,
      monitor: this.monitor,
      nmiBudget: this.boot.system.nmi === undefined ? 0 : 1,
    });
    return this.#machine;
  }

  /** What was reported so far: `C1 exposed`, each once, sorted. */
  get verdict(): readonly string[] {
    return [...new Set(this.machine.violations.map(({ contract, form }) => `${contract} ${form}`))].sort();
  }

  /** Applies a machine action, which has to be enabled. */
  act(action: number, cpu: number, choice = 0): void {
    const move = MACHINE_ACTIONS[action];
    if (move?.enabled(this.machine, cpu, choice) !== true)
      throw new Error(`${move?.name ?? '?'} is not enabled on CPU ${cpu}`);
    move.apply(this.machine, cpu, choice);
  }
  /** Walks and fills the page on a CPU. */
  fill(cpu: number, page: number): void {
    this.act(Action.startWalk, cpu, page);
    while (MACHINE_ACTIONS[Action.stepWalk]?.enabled(this.machine, cpu, 0)) this.act(Action.stepWalk, cpu);
    if (MACHINE_ACTIONS[Action.fill]?.enabled(this.machine, cpu, 0)) this.act(Action.fill, cpu);
  }
  interrupt(cpu: number, vector: Vector): void {
    this.act(Action.deliver, cpu, vector);
    this.act(Action.takeInterrupt, cpu);
  }
  /** Executes ops of the CPU without draining its stores. */
  step(cpu: number, count = 1): void {
    for (let i = 0; i < count; i++) {
      if (!this.machine.canExecute(cpu)) throw new Error(`CPU ${cpu} cannot execute op ${i}`);
      this.machine.execute(cpu, 0);
    }
  }
  /** Executes and drains until the CPU is blocked. */
  run(cpu: number): void {
    for (let i = 0; i < 1000; i++) {
      if (this.machine.canExecute(cpu)) this.machine.execute(cpu, 0);
      else if (MACHINE_ACTIONS[Action.drain]?.enabled(this.machine, cpu, 0)) this.act(Action.drain, cpu);
      else return;
    }
    throw new Error(`CPU ${cpu} never blocks`);
  }
  drain(cpu: number): void {
    while (MACHINE_ACTIONS[Action.drain]?.enabled(this.machine, cpu, 0)) this.act(Action.drain, cpu);
  }
}
