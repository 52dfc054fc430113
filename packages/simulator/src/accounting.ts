import { type Machine, OPCODE_NAMES, PHASES } from '@shootdown/core';
import type { DebtTimes } from './debt-times.js';
import type { Observer } from './observer.js';
import { LatencySamples } from './samples.js';

/** Where an operation's time goes besides the phases that a flush announces. */
export const FRAME_PHASES = ['user', 'kernel', 'fault', 'interrupted'] as const;
export type FramePhase = (typeof FRAME_PHASES)[number];
/** Every phase, in the order of reports: `other` is a flush that announces none. */
export const ALL_PHASES: readonly string[] = [...FRAME_PHASES, ...PHASES.slice(1), 'other'];

/** Which frames are timed and what their own time counts as. */
export interface AccountingPlan {
  /** The program one run of which is one operation. */
  readonly operation: number;
  /** Frames that set the phase while they run; the surrounding phase comes back when they end. */
  readonly framePhases: ReadonlyMap<number, string>;
  /** Operations per thread that are run but not counted. */
  readonly warmUp: number;
  /** Called once, when the first thread is past its warm-up: counters kept elsewhere start from zero. */
  readonly countingBegins: () => void;
  /** Learns when a CPU enters and leaves an interrupt. */
  readonly debts: Pick<DebtTimes, 'modeChanged'>;
}

const PHASE_INDEX: ReadonlyMap<string, number> = new Map(ALL_PHASES.map((name, index) => [name, index]));
const phaseIndex = (name: string): number => PHASE_INDEX.get(name) ?? ALL_PHASES.length - 1;
const USER = phaseIndex('user');
const INTERRUPTED = phaseIndex('interrupted');
const ANNOUNCED: readonly number[] = PHASES.map((name) => phaseIndex(name));
const MAX_NESTING = 16;

/**
 * Latencies of operations, and what their time was spent on. Every picosecond of an operation belongs to exactly one
 * phase, so the phases add up to the latency exactly.
 */
export class Accounting implements Observer {
  readonly latencies: LatencySamples = new LatencySamples();
  /** Total per phase of all counted operations, in picoseconds; positions as in `ALL_PHASES`. */
  readonly phasePs: Float64Array = new Float64Array(ALL_PHASES.length);
  /** Ops executed in the counted part of the run, by opcode. */
  readonly opCounts: Float64Array = new Float64Array(OPCODE_NAMES.length);
  operations = 0;
  /** IPIs sent in the counted part of the run. */
  ipis = 0;
  /** Flushes of a whole context in the counted part of the run. */
  fullFlushes = 0;
  /** Time that CPUs which run no operation spent in interrupt handlers, and in kernel threads that took the CPU. */
  stolenPs = 0;
  readonly framesOf: Uint8Array;
  readonly #machine: Machine;
  readonly #plan: AccountingPlan;
  /** Per program: the phase that its frames set, + 1; 0 when they set none. */
  readonly #framePhase: Uint8Array;
  readonly #isWarm: Uint8Array;
  /** Operations completed; the first one of a thread begins before the observer listens, so ends are counted. */
  readonly #done: Int32Array;
  readonly #startPs: Float64Array;
  readonly #inOperation: Uint8Array;
  readonly #phase: Uint8Array;
  readonly #sincePs: Float64Array;
  readonly #saved: Uint8Array;
  readonly #nesting: Uint8Array;
  readonly #beforeInterrupt: Uint8Array;
  readonly #interruptedPs: Float64Array;
  readonly #pendingPs: Float64Array;
  /** Per CPU: since when a thread that runs no operation has given way to kernel threads; -1 when none has. */
  readonly #displacedPs: Float64Array;
  #warmThreads = 0;

  constructor(machine: Machine, plan: AccountingPlan) {
    const contexts = machine.layout.contexts;
    this.#machine = machine;
    this.#plan = plan;
    this.#framePhase = Uint8Array.from(machine.boot.programs, (_, program) => {
      const phase = plan.framePhases.get(program);
      return phase === undefined ? 0 : phaseIndex(phase) + 1;
    });
    this.framesOf = this.#framePhase.map((phase, program) => (phase !== 0 || program === plan.operation ? 1 : 0));
    this.#isWarm = new Uint8Array(contexts);
    this.#done = new Int32Array(contexts);
    this.#startPs = new Float64Array(contexts);
    this.#inOperation = new Uint8Array(contexts);
    this.#phase = new Uint8Array(contexts);
    this.#sincePs = new Float64Array(contexts);
    this.#saved = new Uint8Array(contexts * MAX_NESTING);
    this.#nesting = new Uint8Array(contexts);
    this.#beforeInterrupt = new Uint8Array(contexts);
    this.#interruptedPs = new Float64Array(machine.layout.cpuCount);
    this.#displacedPs = new Float64Array(machine.layout.cpuCount).fill(-1);
    this.#pendingPs = new Float64Array(contexts * ALL_PHASES.length);
  }

  /** Counting has begun: at least one thread is past its warm-up. */
  get isCounting(): boolean {
    return this.#warmThreads > 0;
  }

  enter(context: number, cpu: number, program: number, nowPs: number): void {
    if (program === this.#plan.operation) this.#begin(context, nowPs);
    const phase = this.#framePhase[program] as number;
    if (this.#inOperation[context] === 0 && phase === INTERRUPTED + 1) this.#displacedPs[cpu] = nowPs;
    if (phase === 0 || this.#inOperation[context] === 0) return;
    const depth = this.#nesting[context] as number;
    this.#saved[context * MAX_NESTING + depth] = this.#phase[context] as number;
    this.#nesting[context] = depth + 1;
    this.#switch(context, phase - 1, nowPs);
  }

  leave(context: number, cpu: number, program: number, nowPs: number): void {
    if (program === this.#plan.operation) {
      this.#done[context] = (this.#done[context] as number) + 1;
      this.operations++;
    }
    if (this.#inOperation[context] === 0) {
      if (this.#framePhase[program] === INTERRUPTED + 1) this.#replaced(cpu, nowPs);
      return;
    }
    if (this.#framePhase[program] !== 0) {
      const depth = (this.#nesting[context] as number) - 1;
      this.#nesting[context] = depth;
      this.#switch(context, this.#saved[context * MAX_NESTING + depth] as number, nowPs);
    }
    if (program === this.#plan.operation) this.#end(context, nowPs);
  }

  phase(context: number, phase: number, nowPs: number): void {
    if (this.#inOperation[context] !== 0) this.#switch(context, ANNOUNCED[phase] as number, nowPs);
  }

  interrupted(cpu: number, thread: number, nowPs: number): void {
    this.#interruptedPs[cpu] = nowPs;
    if (thread < 0 || this.#inOperation[thread] === 0) return;
    this.#beforeInterrupt[thread] = this.#phase[thread] as number;
    this.#switch(thread, INTERRUPTED, nowPs);
  }

  entered(cpu: number): void {
    this.#plan.debts.modeChanged(this.#machine, cpu);
  }

  returned(cpu: number, thread: number, nowPs: number): void {
    this.#plan.debts.modeChanged(this.#machine, cpu);
    if (thread >= 0 && this.#inOperation[thread] !== 0)
      this.#switch(thread, this.#beforeInterrupt[thread] as number, nowPs);
    else if (this.isCounting) this.stolenPs += this.#stolenUntil(cpu, nowPs) - (this.#interruptedPs[cpu] as number);
  }

  /** Until when an interrupt has taken the time of its CPU: from then on kernel threads do, which is counted when they are through. */
  #stolenUntil(cpu: number, nowPs: number): number {
    const displaced = this.#displacedPs[cpu] as number;
    return displaced < 0 ? nowPs : Math.max(displaced, this.#interruptedPs[cpu] as number);
  }

  #replaced(cpu: number, nowPs: number): void {
    if (this.isCounting) this.stolenPs += nowPs - (this.#displacedPs[cpu] as number);
    this.#displacedPs[cpu] = -1;
  }

  sent(): void {
    if (this.#warmThreads > 0) this.ipis++;
  }

  executed(_cpu: number, opcode: number): void {
    if (this.#warmThreads > 0) this.opCounts[opcode] = (this.opCounts[opcode] as number) + 1;
  }

  flushedAll(): void {
    if (this.#warmThreads > 0) this.fullFlushes++;
  }

  #begin(context: number, nowPs: number): void {
    this.#inOperation[context] = 1;
    this.#startPs[context] = nowPs;
    this.#sincePs[context] = nowPs;
    this.#phase[context] = USER;
    this.#nesting[context] = 0;
    this.#pendingPs.fill(0, context * ALL_PHASES.length, (context + 1) * ALL_PHASES.length);
    if (this.#isWarm[context] === 0 && (this.#done[context] as number) >= this.#plan.warmUp) {
      this.#isWarm[context] = 1;
      if (this.#warmThreads++ === 0) this.#plan.countingBegins();
    }
  }

  #end(context: number, nowPs: number): void {
    this.#switch(context, this.#phase[context] as number, nowPs);
    this.#inOperation[context] = 0;
    if (this.#isWarm[context] === 0) return;
    this.latencies.record(nowPs - (this.#startPs[context] as number));
    for (let i = 0; i < ALL_PHASES.length; i++)
      this.phasePs[i] = (this.phasePs[i] as number) + (this.#pendingPs[context * ALL_PHASES.length + i] as number);
  }

  #switch(context: number, phase: number, nowPs: number): void {
    const at = context * ALL_PHASES.length + (this.#phase[context] as number);
    this.#pendingPs[at] = (this.#pendingPs[at] as number) + nowPs - (this.#sincePs[context] as number);
    this.#sincePs[context] = nowPs;
    this.#phase[context] = phase;
  }
}
