import type { Boot } from '../boot/boot.js';
import type { MachineShape } from '../boot/machine-shape.js';
import { ShootdownError } from '../errors.js';
import { PROGRAM_OPS } from '../moves/program-ops.js';
import { NO_RESULT } from '../moves/program-op.js';
import { LiveRunner } from '../program/live-runner.js';
import type { Runner } from '../program/runner.js';
import { WordLists } from '../program/word-lists.js';
import { CpuField, Layout, ThreadField } from './layout.js';
import { inProgram } from './in-program.js';
import { type Monitor, noMonitor, type Violation } from './monitor.js';
import { WordGuard } from './word-guard.js';

export interface MachineOptions {
  readonly monitor?: Monitor;
  /** Stores become visible at once instead of through the store buffer. */
  readonly sequentiallyConsistent?: boolean;
  /** NMIs that may arrive in the whole machine. */
  readonly nmiBudget?: number;
  /** Probes inside interrupt handlers that may be hit in the whole machine. */
  readonly probeBudget?: number;
  /** Makes the runner; default: live generators. */
  readonly runner?: (boot: Boot, machine: Machine, contexts: number, lists: WordLists) => Runner;
  /** Integers per context that this runner keeps in the state vector, from `layout.runner` on. Default 0. */
  readonly runnerWordsPerContext?: number;
}

/**
 * The multiprocessor as state: one vector of integers and the moves that change it.
 * Drivers choose among enabled moves; nothing but a move writes the vector.
 */
export class Machine {
  readonly boot: Boot;
  readonly shape: MachineShape;
  readonly layout: Layout;
  /** Everything that semantics reads and writes (see `Layout`). */
  readonly state: Int32Array;
  readonly runner: Runner;
  readonly monitor: Monitor;
  readonly guard: WordGuard;
  readonly lists: WordLists = new WordLists();
  readonly sequentiallyConsistent: boolean;
  /** First word of table page 0. */
  readonly tableBase: number;
  /** First word of the data of frame 0, and words per frame. */
  readonly frameBase: number;
  /**
   * Memory word written since the driver last set this to -1: -1 is none, -2 is more than one. Every change of a memory
   * word goes through `write`, so a driver that stores states need not look for it.
   */
  writtenWord = -1;
  /** What the monitors saw; the run is unsafe when it is not empty. */
  readonly violations: Violation[] = [];

  constructor(boot: Boot, options: MachineOptions = {}) {
    boot.seal();
    this.boot = boot;
    this.shape = boot.shape;
    this.monitor = options.monitor ?? noMonitor;
    this.layout = new Layout(boot, this.monitor.words, options.runnerWordsPerContext ?? 0);
    this.guard = new WordGuard(boot.memory);
    this.state = new Int32Array(this.layout.size);
    this.sequentiallyConsistent = options.sequentiallyConsistent ?? false;
    this.tableBase = boot.tableRecords.entry(0);
    this.frameBase = boot.frameRecords.data(0);
    const contexts = this.layout.contexts;
    this.runner = options.runner?.(boot, this, contexts, this.lists) ?? new LiveRunner(boot, contexts, this.lists);
    this.#initialise(options.nmiBudget ?? 0, options.probeBudget ?? 0);
  }

  /** The context whose pending op is next on this CPU; -1 when the CPU has no thread. */
  top(cpu: number): number {
    const { state } = this;
    const block = this.layout.cpu(cpu);
    if (state[block + CpuField.nmiActive] !== 0) return this.nmiContext(cpu);
    if (state[block + CpuField.interruptActive] !== 0) return this.interruptContext(cpu);
    return state[block + CpuField.thread] as number;
  }

  interruptContext(cpu: number): number {
    return this.layout.threadCount + cpu;
  }
  nmiContext(cpu: number): number {
    return this.layout.threadCount + this.layout.cpuCount + cpu;
  }

  /** The CPU executes user code: no interrupt above a thread that is in user mode. */
  inUserMode(cpu: number): boolean {
    const block = this.layout.cpu(cpu);
    if (this.state[block + CpuField.nmiActive] !== 0 || this.state[block + CpuField.interruptActive] !== 0)
      return false;
    const thread = this.state[block + CpuField.thread] as number;
    return thread >= 0 && this.state[this.layout.thread(thread) + ThreadField.user] !== 0;
  }

  isFinished(thread: number): boolean {
    return this.state[this.layout.thread(thread) + ThreadField.finished] !== 0;
  }

  /** The context whose pending op is next on this CPU; -1 when it has none left to execute. */
  runnable(cpu: number): number {
    const context = this.top(cpu);
    return context < 0 || (context < this.layout.threadCount && this.isFinished(context)) ? -1 : context;
  }

  /** Offset into `runner.operands` of the CPU's pending op; -1 when it has none. */
  pending(cpu: number): number {
    const context = this.runnable(cpu);
    return context < 0 ? -1 : this.runner.at(context);
  }

  /** The pending op of the CPU can be executed now. */
  canExecute(cpu: number): boolean {
    const base = this.pending(cpu);
    if (base < 0) return false;
    const op = PROGRAM_OPS[this.runner.operands[base] as number];
    return op?.enabled(this, cpu, base) ?? false;
  }

  /** Executes the pending op; `choice` answers a `choose`. Returns what the program received (0 for nothing). */
  execute(cpu: number, choice: number): number {
    return this.executeIn(this.top(cpu), cpu, choice);
  }

  /** The same for a driver that knows the context: the CPU's `runnable` one. */
  executeIn(context: number, cpu: number, choice: number): number {
    const base = this.runner.at(context);
    const op = PROGRAM_OPS[this.runner.operands[base] as number];
    if (op === undefined) throw new ShootdownError('INTERNAL', `No op ${String(this.runner.operands[base])}.`);
    let result: number;
    try {
      result = op.apply(this, cpu, base, choice);
    } catch (error) {
      // An op that cannot be executed is the fault of the program that yielded it.
      throw inProgram(this, cpu, error);
    }
    if (result === NO_RESULT) return 0;
    this.runner.resume(context, cpu, result);
    return result;
  }

  /** A value becomes visible in memory. */
  write(cpu: number, word: number, value: number): void {
    this.state[word] = value;
    this.writtenWord = this.writtenWord === -1 ? word : -2;
    if (this.guard.isWatched(word)) this.monitor.watched(this, cpu, word, this.state[word] as number);
  }

  /** The data word of a physical frame. */
  frameWord(frame: number): number {
    return this.frameBase + frame * 8;
  }

  /** Called by monitors. */
  report(contract: string, form: string, cpu: number, text: string): void {
    this.violations.push({ contract, form, cpu, text });
  }

  #initialise(nmiBudget: number, probeBudget: number): void {
    const { boot, layout, state } = this;
    for (const [word, value] of boot.memory.initialValues) state[word] = value;
    boot.memory.groupOwners.forEach((owner, group) => {
      state[layout.groupOwner + group] = owner;
    });
    state.set(boot.initialFrameOwner, layout.frameOwner);
    state[layout.nmiBudget] = nmiBudget;
    state[layout.probeBudget] = probeBudget;
    for (let cpu = 0; cpu < layout.cpuCount; cpu++) this.#initialiseCpu(cpu);
    boot.threads.forEach((thread, index) => {
      state[layout.thread(index) + ThreadField.user] = thread.user ? 1 : 0;
      const [a = 0, b = 0, c = 0] = thread.args;
      this.runner.start(index, thread.cpu, thread.program, a, b, c);
    });
  }

  #initialiseCpu(cpu: number): void {
    const block = this.layout.cpu(cpu);
    const pcid = this.boot.initialPcid[cpu] as number;
    const root = this.boot.initialRoot[cpu] as number;
    this.state[block + CpuField.interruptFlag] = 1;
    this.state[block + CpuField.thread] = this.boot.threads.findIndex((thread) => thread.cpu === cpu);
    this.state[block + CpuField.root] = root;
    this.state[block + CpuField.pcid] = pcid;
    this.state[block + this.layout.taggedRoot + pcid] = root + 1;
  }
}
