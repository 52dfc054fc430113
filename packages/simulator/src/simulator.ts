import { Action, CpuField, type Machine, Opcode, Operand, PROGRAM_OPS, type RandomStream } from '@shootdown/core';
import { Broadcasts } from './broadcasts.js';
import { CpuTimes } from './cpu-times.js';
import { Event, Mode } from './driver-codes.js';
import { dropTags } from './drop-tags.js';
import { Environment } from './environment.js';
import { EventQueue } from './event-queue.js';
import { InterruptTiming } from './interrupt-timing.js';
import { InterruptedWork } from './interrupted-work.js';
import { Ipis } from './ipis.js';
import { listenToFrames } from './listen-to-frames.js';
import { Moves } from './moves.js';
import type { Observer } from './observer.js';
import { After, AFTER, FOOTPRINT_OF, FootprintCode, SPECIAL, Special } from './op-table.js';
import { OpTiming } from './op-timing.js';
import { Readiness } from './readiness.js';
import type { SimulatorParts } from './simulator-parts.js';
import { Sleepers } from './sleepers.js';
import { StepEvents } from './step-events.js';
import { deadlock, neverFinishes } from './stuck.js';
import type { TlbGeometry } from './tlb-geometry.js';
import type { TimedViolation } from './violation-log.js';
import { WalkEngine } from './walk-engine.js';
import { type RunLimits, Watchdog } from './watchdog.js';

export type { Preemption, SimulatorParts } from './simulator-parts.js';
export type { RunLimits } from './watchdog.js';

/**
 * The timed driver: decides when each enabled move of the machine takes effect, and nothing else.
 *
 * An op is issued when its CPU is free and takes effect at its completion; lines are requested at the issue and granted
 * in arrival order. Buffered stores drain in order, one at a time. A waiting CPU holds the line shared, is woken by any
 * write to the line, pays the transfer and tests again. Events are ordered by (time, kind, CPU, sequence); a CPU runs ahead
 * without the queue, its drains included, until the first event that comes before its own.
 */
export class Simulator {
  ops = 0;
  readonly #machine: Machine;
  readonly #geometry: TlbGeometry;
  readonly #random: RandomStream;
  readonly #observer: Observer | undefined;
  readonly #times: CpuTimes;
  readonly #moves: Moves;
  readonly #timing: OpTiming;
  readonly #interrupts: InterruptTiming;
  readonly #ipis: Ipis;
  readonly #queue: EventQueue = new EventQueue();
  readonly #steps: StepEvents;
  readonly #broadcasts: Broadcasts;
  readonly #walks: WalkEngine;
  readonly #sleepers: Sleepers;
  readonly #environment: Environment;
  readonly #readiness: Readiness;
  readonly #mode: Uint8Array;
  /** Per CPU: the drain under way is an event of the queue. */
  readonly #isDrainQueued: Uint8Array;
  readonly #work: InterruptedWork;
  /** Per CPU: the context whose op it is busy with. */
  readonly #context: Int32Array;
  #unfinished = 0;
  #watchdog: Watchdog = new Watchdog({ maxTimePs: 0, maxOps: 0 });

  constructor(parts: SimulatorParts) {
    const { machine, costs, topology, directory, geometry } = parts;
    const { cpuCount, contexts } = machine.layout;
    this.#machine = machine;
    this.#geometry = geometry;
    this.#random = parts.random;
    this.#observer = parts.observer;
    this.#times = new CpuTimes(cpuCount);
    this.#steps = new StepEvents(this.#queue, this.#times);
    this.#moves = new Moves(machine, this.#times, parts.schedule);
    this.#timing = new OpTiming(machine, costs, directory, geometry, this.#times, parts.isXapic);
    this.#interrupts = new InterruptTiming(costs, topology, parts.random);
    this.#ipis = new Ipis(parts, this.#times, this.#interrupts, this.#queue);
    this.#broadcasts = new Broadcasts(parts, this.#queue, Event.broadcast, this.#moves);
    this.#walks = new WalkEngine(machine, geometry, this.#moves);
    this.#sleepers = new Sleepers(machine);
    const [stop, occupy] = [this.#stop.bind(this), this.#occupy.bind(this)];
    this.#environment = new Environment(parts, this.#queue, this.#moves, { stop, occupy });
    this.#readiness = new Readiness(machine, this.#walks, this.#broadcasts);
    this.#mode = new Uint8Array(cpuCount);
    this.#isDrainQueued = new Uint8Array(cpuCount);
    this.#context = new Int32Array(cpuCount).fill(-1);
    this.#work = new InterruptedWork(contexts);
    listenToFrames(machine.runner, parts.observer, this, () => this.#watchdog.progressed(this.nowPs, this.ops));
    machine.boot.threads.forEach((thread) => {
      if (!thread.daemon) this.#unfinished++;
    });
  }

  get nowPs(): number {
    return this.#times.nowPs;
  }

  /** The first violation of each contract and form on each CPU, with its time. */
  get violations(): readonly TimedViolation[] {
    return this.#moves.violations;
  }

  /** Runs until every thread that is no daemon has finished. Throws NEVER_FINISHES at a limit, DEADLOCK when nothing can move. */
  run(limits: RunLimits): void {
    this.#watchdog = new Watchdog(limits);
    this.#environment.start();
    for (let cpu = 0; cpu < this.#machine.layout.cpuCount && this.#unfinished > 0; cpu++) {
      this.#times.clock[0] = 0;
      this.#advance(cpu);
    }
    const queue = this.#queue;
    while (this.#unfinished > 0) {
      if (!queue.pop()) throw deadlock(this.#machine, this.nowPs);
      this.#times.clock[0] = queue.timePs;
      if (queue.kind === Event.step) this.#stepEvent(queue.cpu);
      else if (queue.kind === Event.drain) this.#drainEvent(queue.cpu);
      else if (queue.kind >= Event.arrival) this.#arrivalEvent(queue.cpu, queue.kind - Event.arrival);
      else if (queue.kind === Event.tick) this.#environment.tick(queue.cpu, this.#checkedTime());
      else if (queue.kind === Event.host) this.#environment.host(queue.cpu, this.#checkedTime());
      else this.#broadcastEvent(queue.cpu, queue.kind - Event.broadcast);
    }
  }

  #stepEvent(cpu: number): void {
    if (!this.#steps.takes(cpu)) return;
    if (this.#complete(cpu)) this.#advance(cpu);
    else this.#queueDrain(cpu);
  }

  /** Carries out what the CPU was busy with. False when it went to sleep instead, with no interrupt to take. */
  #complete(cpu: number): boolean {
    const mode = this.#mode[cpu];
    if (mode === Mode.walking) this.#walk(cpu);
    else if (mode === Mode.entering) this.#enterHandler(cpu);
    else if (mode === Mode.leavingGuest || mode === Mode.enteringGuest)
      this.#environment.switchGuest(cpu, mode, this.nowPs);
    if (mode !== Mode.executing || this.#execute(cpu)) return true;
    if (!this.#canBeInterrupted(cpu)) return false;
    this.#sleepers.remove(cpu);
    return true;
  }

  /** Issues ops of a free CPU until one has to wait for its event. */
  #advance(cpu: number): void {
    const { clock, duePs } = this.#times;
    while (this.#unfinished > 0) {
      this.#checkedTime();
      const isBusy = this.#issue(cpu);
      if (this.#times.drainPs[cpu] !== -1 && this.#drainAhead(cpu, isBusy)) continue;
      if (!isBusy) return;
      const due = duePs[cpu] as number;
      if (due > (clock[0] as number) && !this.#queue.wouldBeFirst(due, Event.step, cpu)) {
        this.#steps.await(cpu);
        return;
      }
      clock[0] = due;
      duePs[cpu] = -1;
      if (!this.#complete(cpu)) break;
    }
    this.#queueDrain(cpu);
  }

  /**
   * Drains stores of the CPU as long as nothing else comes first; the drain after that becomes an event. True when the CPU
   * waited for its buffer and looks again.
   */
  #drainAhead(cpu: number, isBusy: boolean): boolean {
    const { clock, duePs, drainPs } = this.#times;
    while ((drainPs[cpu] as number) >= 0 && this.#isDrainQueued[cpu] === 0) {
      const at = drainPs[cpu] as number;
      const isFirst = !(isBusy && at > (duePs[cpu] as number)) && this.#queue.wouldBeFirst(at, Event.drain, cpu);
      if (!isFirst || this.#broadcasts.hasLate) {
        this.#queueDrain(cpu);
        return false;
      }
      clock[0] = at;
      this.#drain(cpu);
      if (this.#mode[cpu] === Mode.draining) return true;
    }
    return false;
  }

  /** Starts the next thing this CPU does, which is due at `duePs`. False when its end depends on somebody else. */
  #issue(cpu: number): boolean {
    const machine = this.#machine;
    const block = machine.layout.cpu(cpu);
    if (this.#environment.isWanted[cpu] !== 0) return this.#leaveGuest(cpu);
    if (machine.state[block + CpuField.irr] !== 0 && this.#beginInterrupt(cpu)) return true;
    const context = machine.top(cpu);
    if (context < 0) return this.#rest(cpu, Mode.idle);
    this.#context[cpu] = context;
    const base = machine.runner.at(context);
    const opcode = machine.runner.operands[base] as number;
    if (this.#readiness.isAsked[opcode] !== 0) {
      const mode = this.#readiness.whatComesFirst(cpu, base, opcode);
      if (mode === Mode.walking) this.#timing.walk(cpu, this.#walks.word(cpu));
      if (mode !== Mode.executing) return this.#rest(cpu, mode);
    }
    this.#mode[cpu] = Mode.executing;
    if (this.#work.isLeft(context)) this.#times.duePs[cpu] = this.nowPs + this.#work.goOn(context);
    else this.#timing.execute(cpu, base, opcode);
    return true;
  }

  #leaveGuest(cpu: number): boolean {
    this.#mode[cpu] = Mode.leavingGuest;
    this.#times.duePs[cpu] = this.#environment.leave(cpu, this.nowPs);
    return true;
  }

  /** The CPU does something else than its op; only a walk has an end of its own. */
  #rest(cpu: number, mode: number): boolean {
    this.#mode[cpu] = mode;
    return mode === Mode.walking;
  }

  #walk(cpu: number): void {
    if (!this.#walks.isWalking(cpu)) return;
    this.#wakeLine(this.#walks.step(cpu));
    this.#walks.fill(cpu);
  }

  /** Executes the issued op. False when it was a wait whose condition does not hold: the CPU sleeps on the line. */
  #execute(cpu: number): boolean {
    const machine = this.#machine;
    const context = this.#context[cpu] as number;
    const base = machine.runner.at(context);
    const operands = machine.runner.operands;
    const opcode = operands[base] as number;
    const choice = SPECIAL[opcode] === Special.nothing ? 0 : this.#prepare(cpu, base, opcode);
    if (choice < 0) return this.#retries(cpu, base, opcode);
    const a = operands[base + Operand.a] as number;
    const b = operands[base + Operand.b] as number;
    const c = operands[base + Operand.c] as number;
    const result = machine.executeAt(context, cpu, base, choice);
    this.#moves.made(cpu, opcode, choice, result);
    if (++this.ops > this.#watchdog.lastOp) throw neverFinishes(machine, `${this.#watchdog.limits.maxOps} ops`);
    if (this.#observer !== undefined) this.#observer.executed(cpu, opcode);
    const after = AFTER[opcode];
    if (after === After.drain) this.#startDrain(cpu);
    else if (after === After.wake) this.#wakeLine(a >> 3);
    else if (after !== After.nothing) this.#afterSystem(cpu, context, opcode, a, b, c);
    return true;
  }

  /** Launches what the op sends, and draws what it chooses. Returns the choice; -1 when the op is not enabled. */
  #prepare(cpu: number, base: number, opcode: number): number {
    const { operands } = this.#machine.runner;
    const special = SPECIAL[opcode];
    if (special === Special.mayBlock) return PROGRAM_OPS[opcode]?.enabled(this.#machine, cpu, base) === false ? -1 : 0;
    const [a, b] = [operands[base + Operand.a] as number, operands[base + Operand.b] as number];
    if (special === Special.chooses) return Math.floor(this.#random.next() * a);
    if (special === Special.sends) this.#ipis.launch(cpu, a, b);
    else this.#ipis.launchMask(cpu, base, b);
    return 0;
  }

  /** An op that is not enabled: a wait sleeps on its line, anything else is issued again. */
  #retries(cpu: number, base: number, opcode: number): boolean {
    const footprint = FOOTPRINT_OF[opcode];
    if (footprint !== FootprintCode.wait && footprint !== FootprintCode.waitLocked) return true;
    this.#mode[cpu] = Mode.asleep;
    this.#sleepers.add(cpu, base, opcode);
    return false;
  }

  #afterSystem(cpu: number, context: number, opcode: number, a: number, b: number, c: number): void {
    if (opcode === Opcode.invlpgb) this.#broadcasts.issued(cpu, this.nowPs);
    else if (opcode === Opcode.phase) this.#observer?.phase(context, a, this.nowPs);
    else if (opcode === Opcode.finished) this.#contextEnded(cpu, context);
    else if (opcode === Opcode.preempt) this.#work.setAside(this.#machine.threadOn(cpu));
    else if (opcode === Opcode.resumePreempted) this.#work.bringBack(context);
    else if (dropTags(this.#geometry, this.#machine, cpu, opcode, a, b, c)) this.#observer?.flushedAll(cpu, this.nowPs);
  }

  #contextEnded(cpu: number, context: number): void {
    const machine = this.#machine;
    if (context >= machine.layout.threadCount) {
      if (machine.isRunning(cpu)) this.#observer?.returned(cpu, machine.top(cpu), this.nowPs);
    } else if (machine.boot.threads[context]?.daemon === false) this.#unfinished--;
  }

  /** Every sleeper on the line reads it again, in the order in which they fell asleep. */
  #wakeLine(line: number): void {
    for (let cpu = this.#sleepers.takeFirst(line); cpu >= 0; cpu = this.#sleepers.takeFirst(line)) {
      this.#mode[cpu] = Mode.executing;
      this.#timing.reread(cpu, line);
      this.#steps.await(cpu);
    }
  }

  /** The oldest buffered store begins to drain, unless one does already. */
  #startDrain(cpu: number): void {
    const { state, layout } = this.#machine;
    const block = layout.cpu(cpu);
    if (this.#times.drainPs[cpu] !== -1 || state[block + CpuField.bufferCount] === 0) return;
    this.#timing.drain(cpu, state[block + CpuField.buffer] as number);
  }

  /** A drain that is under way becomes an event of the queue. */
  #queueDrain(cpu: number): void {
    const at = this.#times.drainPs[cpu] as number;
    if (at < 0 || this.#isDrainQueued[cpu] !== 0) return;
    this.#isDrainQueued[cpu] = 1;
    this.#queue.push(at, Event.drain, cpu);
  }

  #drain(cpu: number): void {
    const { state, layout } = this.#machine;
    const line = (state[layout.cpu(cpu) + CpuField.buffer] as number) >> 3;
    this.#times.drainPs[cpu] = -1;
    this.#moves.act(cpu, Action.drain, 0);
    this.#wakeLine(line);
    this.#startDrain(cpu);
  }

  #drainEvent(cpu: number): void {
    this.#isDrainQueued[cpu] = 0;
    this.#drain(cpu);
    if (this.#broadcasts.hasLate) this.#resumeIssuers(cpu);
    this.#resume(cpu);
    this.#queueDrain(cpu);
  }

  /** They may run ahead, but not past the next drain of this CPU. */
  #resumeIssuers(cpu: number): void {
    this.#queueDrain(cpu);
    for (const issuer of this.#broadcasts.drained(cpu)) this.#resume(issuer);
  }

  #broadcastEvent(issuer: number, reach: number): void {
    this.#broadcasts.arrived(issuer, reach);
    this.#resume(issuer);
  }

  /** A CPU that waits for its store buffer, or for its broadcasts, looks again. */
  #resume(cpu: number): void {
    if (this.#mode[cpu] === Mode.draining) this.#advance(cpu);
  }

  /** The IPI sets its IRR bit; a CPU that can be interrupted where it is leaves its program now. */
  #arrivalEvent(cpu: number, vector: number): void {
    this.#moves.act(cpu, Action.deliver, vector);
    this.#stop(cpu, true);
  }

  #occupy(cpu: number, mode: number, untilPs: number): void {
    this.#mode[cpu] = mode;
    this.#times.duePs[cpu] = untilPs;
    this.#steps.await(cpu);
  }

  /** Ends what the CPU is doing, if it is between two instructions, and lets it begin with what comes first now. */
  #stop(cpu: number, forInterrupt: boolean): void {
    const { duePs } = this.#times;
    if (forInterrupt ? !this.#canBeInterrupted(cpu) : !this.#isBetweenInstructions(cpu)) return;
    if (this.#mode[cpu] === Mode.executing)
      this.#work.interrupted(this.#machine.top(cpu), (duePs[cpu] as number) - this.nowPs);
    this.#steps.abandon(cpu);
    this.#sleepers.remove(cpu);
    this.#advance(cpu);
  }

  /** Between instructions: asleep, idle, waiting for its buffer, or in the middle of interruptible work. */
  #canBeInterrupted(cpu: number): boolean {
    return this.#moves.isEnabled(cpu, Action.takeInterrupt, 0) && this.#isBetweenInstructions(cpu);
  }

  #isBetweenInstructions(cpu: number): boolean {
    const mode = this.#mode[cpu];
    if (mode === Mode.executing) return this.#machine.runner.operands[this.#machine.pending(cpu)] === Opcode.work;
    return mode === Mode.idle || mode === Mode.asleep || mode === Mode.draining;
  }

  #checkedTime(): number {
    if (this.nowPs <= this.#watchdog.lastPs) return this.nowPs;
    throw neverFinishes(this.#machine, `${this.#watchdog.limits.maxTimePs / 1e6} µs of simulated time`);
  }

  /** Starts to leave the program for a deliverable interrupt; false when there is none. */
  #beginInterrupt(cpu: number): boolean {
    const machine = this.#machine;
    if (!this.#moves.isEnabled(cpu, Action.takeInterrupt, 0)) return false;
    this.#observer?.interrupted(cpu, machine.top(cpu), this.nowPs);
    this.#mode[cpu] = Mode.entering;
    this.#times.duePs[cpu] = this.nowPs + this.#interrupts.entry(machine, cpu);
    return true;
  }

  /** Like every move, the entry takes effect at its completion: until then the CPU counts as being where it was. */
  #enterHandler(cpu: number): void {
    this.#moves.act(cpu, Action.takeInterrupt, 0);
    this.#observer?.entered(cpu, this.nowPs);
  }
}
