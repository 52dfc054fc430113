import type { Boot } from '../boot/boot.js';
import type { MachineShape } from '../boot/machine-shape.js';
import { type AccessOutcome, newOutcome } from '../mmu/access.js';
import { saturate, saturateCpu } from '../mmu/saturate.js';
import { applyOp } from '../moves/apply-op.js';
import { PROGRAM_OPS } from '../moves/program-ops.js';
import { NO_RESULT } from '../moves/program-op.js';
import { LiveRunner } from '../program/live-runner.js';
import type { Runner } from '../program/runner.js';
import { WordLists } from '../program/word-lists.js';
import { CpuField, Layout, ThreadField, Vcpu } from './layout.js';
import { inProgram } from './in-program.js';
import { type Monitor, noMonitor, type Violation } from './monitor.js';
import { WordGuard } from './word-guard.js';
import { WriteLog } from './write-log.js';

export interface MachineOptions {
  readonly monitor?: Monitor;
  /** Stores become visible at once instead of through the store buffer. */
  readonly sequentiallyConsistent?: boolean;
  /** NMIs that may arrive in the whole machine. */
  readonly nmiBudget?: number;
  /** Probes inside interrupt handlers that may be hit in the whole machine. */
  readonly probeBudget?: number;
  /** Times that the host may take a virtual CPU away, in the whole machine; -1 is without end. Default 0. */
  readonly preemptionBudget?: number;
  /** Makes the runner; default: live generators. */
  readonly runner?: (boot: Boot, machine: Machine, contexts: number, lists: WordLists) => Runner;
  /** Integers per context that this runner keeps in the state vector, from `layout.runner` on. Default 0. */
  readonly runnerWordsPerContext?: number;
  /** `saturated`: what speculation may cache is kept as sets (see `saturate`). Default `explicit`: walks are moves. */
  readonly walker?: 'explicit' | 'saturated';
  /** Translations of one page that a TLB can hold at once. Default: 1, of a saturated walker 4. */
  readonly translationWays?: number;
}

/** Enough for an entry of every state that a flush takes a page through; what does not fit is refused, never forgotten. */
const SATURATED_WAYS = 4;

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
  readonly isVirtual: boolean;
  /** What speculative walks may have cached is kept as sets. */
  readonly saturated: boolean;
  /** How an access goes that is about to be executed; written by `chooseOutcome`. */
  readonly outcome: AccessOutcome = newOutcome();
  /** First word of table page 0. */
  readonly tableBase: number;
  readonly #tableEnd: number;
  /** First word of the data of frame 0. */
  readonly frameBase: number;
  readonly #frameEnd: number;
  /** Every change of a memory word goes through `write` and is named here, so a driver that stores states need not look for it. */
  readonly writes: WriteLog = new WriteLog();
  /** What the monitors saw; the run is unsafe when it is not empty. */
  readonly violations: Violation[] = [];

  constructor(boot: Boot, options: MachineOptions = {}) {
    boot.seal();
    this.boot = boot;
    this.shape = boot.shape;
    this.monitor = options.monitor ?? noMonitor;
    this.saturated = options.walker === 'saturated';
    const ways = options.translationWays ?? (this.saturated ? SATURATED_WAYS : 1);
    const frames = options.runnerWordsPerContext ?? 0;
    this.layout = new Layout(boot, this.monitor.words, frames, ways, this.saturated ? ways : 1);
    this.guard = new WordGuard(boot.memory);
    this.state = new Int32Array(this.layout.size);
    this.sequentiallyConsistent = options.sequentiallyConsistent ?? false;
    this.isVirtual = boot.shape.virtual === true;
    this.tableBase = boot.tableRecords.entry(0);
    this.#tableEnd = this.tableBase + (boot.shape.tables << boot.shape.levelBits);
    this.frameBase = boot.frameRecords.data(0);
    this.#frameEnd = this.frameWord(boot.shape.frames);
    const contexts = this.layout.contexts;
    this.runner = options.runner?.(boot, this, contexts, this.lists) ?? new LiveRunner(boot, contexts, this.lists);
    this.#initialise(options);
  }

  /** The context whose pending op is next on this CPU; -1 when the CPU has no thread, or is a virtual one that is out. */
  top(cpu: number): number {
    const { state } = this;
    if (this.isVirtual && !this.isRunning(cpu))
      return state[this.layout.cpu(cpu) + this.layout.vcpu] === Vcpu.out ? -1 : this.hostContext(cpu);
    const block = this.layout.cpu(cpu);
    if (state[block + CpuField.nmiActive] !== 0) return this.nmiContext(cpu);
    if (state[block + CpuField.interruptActive] !== 0) return this.interruptContext(cpu);
    return state[block + CpuField.thread] as number;
  }

  /** The thread that the CPU runs, whatever handler is above it; -1 when it has none. */
  threadOn(cpu: number): number {
    return this.state[this.layout.cpu(cpu) + CpuField.thread] as number;
  }

  interruptContext(cpu: number): number {
    return this.layout.threadCount + cpu;
  }
  nmiContext(cpu: number): number {
    return this.layout.threadCount + this.layout.cpuCount + cpu;
  }

  hostContext(cpu: number): number {
    return this.layout.threadCount + 2 * this.layout.cpuCount + cpu;
  }

  /** The CPU is a real one, or a virtual one that executes its own instructions. */
  isRunning(cpu: number): boolean {
    return !this.isVirtual || this.state[this.layout.cpu(cpu) + this.layout.vcpu] === Vcpu.running;
  }

  /** The CPU executes user code: no interrupt above a thread that is in user mode. */
  inUserMode(cpu: number): boolean {
    if (this.isVirtual && !this.isRunning(cpu)) return false;
    const block = this.layout.cpu(cpu);
    if (this.state[block + CpuField.nmiActive] !== 0 || this.state[block + CpuField.interruptActive] !== 0)
      return false;
    const thread = this.state[block + CpuField.thread] as number;
    return thread >= 0 && this.state[this.layout.thread(thread) + ThreadField.user] !== 0;
  }

  isFinished(thread: number): boolean {
    return this.state[this.layout.thread(thread) + ThreadField.finished] !== 0;
  }

  /**
   * The context whose pending op is next on this CPU; -1 when it has none left to execute. A thread that has finished may have been
   * preempted all the same: as with an exited thread, something else runs in its place.
   */
  runnable(cpu: number): number {
    const context = this.top(cpu);
    if (context < 0) return -1;
    const isOver = context < this.layout.threadCount && this.isFinished(context) && this.runner.at(context) === 0;
    return isOver ? -1 : context;
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
    const context = this.top(cpu);
    return this.executeAt(context, cpu, this.runner.at(context), choice);
  }

  /** The same for a driver that knows the context, the CPU's `runnable` one, and where its op lies. */
  executeAt(context: number, cpu: number, base: number, choice: number): number {
    let result: number;
    try {
      result = applyOp(this, cpu, base, choice);
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
    this.writes.add(word);
    if (this.guard.isWatched(word)) this.monitor.watched(this, cpu, word, this.state[word] as number);
    if (this.saturated && this.isTableWord(word)) saturate(this);
  }

  /** The CPU's next walks may find something else: its caches or its root have changed. */
  walksChanged(cpu: number): void {
    if (this.saturated) saturateCpu(this, cpu);
  }

  /** The data word of a physical frame. */
  frameWord(frame: number): number {
    return this.frameBase + frame * 8;
  }

  /** The word is an entry of a page table. */
  isTableWord(word: number): boolean {
    return word >= this.tableBase && word < this.#tableEnd;
  }

  /** The word is the contents of a frame. */
  isFrameWord(word: number): boolean {
    return word >= this.frameBase && word < this.#frameEnd;
  }

  /** Called by monitors. */
  report(contract: string, form: string, cpu: number, text: string): void {
    this.violations.push({ contract, form, cpu, text });
  }

  #initialise({ nmiBudget = 0, probeBudget = 0, preemptionBudget = 0 }: MachineOptions): void {
    const { boot, layout, state } = this;
    for (const [word, value] of boot.memory.initialValues) state[word] = value;
    boot.memory.groupOwners.forEach((owner, group) => {
      state[layout.groupOwner + group] = owner;
    });
    state.set(boot.initialFrameOwner, layout.frameOwner);
    state[layout.nmiBudget] = nmiBudget;
    state[layout.probeBudget] = probeBudget;
    if (this.isVirtual) state[layout.preemptions] = preemptionBudget;
    for (let cpu = 0; cpu < layout.cpuCount; cpu++) this.#initialiseCpu(cpu);
    boot.threads.forEach((thread, index) => {
      state[layout.thread(index) + ThreadField.user] = thread.user ? 1 : 0;
      const [a = 0, b = 0, c = 0] = thread.args;
      this.runner.start(index, thread.cpu, thread.program, a, b, c);
    });
    if (this.saturated) saturate(this);
  }

  #initialiseCpu(cpu: number): void {
    const block = this.layout.cpu(cpu);
    const pcid = this.boot.initialPcid[cpu] as number;
    const root = this.boot.initialRoot[cpu] as number;
    this.state[block + CpuField.interruptFlag] = 1;
    this.state[block + CpuField.thread] = firstThread(this.boot, cpu);
    this.state[block + CpuField.root] = root;
    this.state[block + CpuField.pcid] = pcid;
    this.state[block + this.layout.taggedRoot + pcid] = root + 1;
  }
}

/** What the CPU runs at the start; -1 when it has no thread. */
function firstThread({ threads }: Boot, cpu: number): number {
  const awake = threads.findIndex((thread) => thread.cpu === cpu && !thread.asleep);
  return awake >= 0 ? awake : threads.findIndex((thread) => thread.cpu === cpu);
}
