import {
  Action,
  CpuField,
  FIRST_ACTION,
  MACHINE_ACTIONS,
  type Machine,
  Opcode,
  Operand,
  PROGRAM_OPS,
  slotFor,
  tlbTag,
  nextTarget,
  type RandomStream,
  type Schedule,
  walkWord,
} from '@shootdown/core';
import { Broadcasts } from './broadcasts.js';
import { Environment } from './environment.js';
import { EventQueue } from './event-queue.js';
import { InterruptTiming } from './interrupt-timing.js';
import { Event, Mode } from './driver-codes.js';
import { listenToFrames } from './listen-to-frames.js';
import type { Observer } from './observer.js';
import { After, AFTER, BufferNeed, bufferNeeds, FOOTPRINT_OF, FootprintCode, MAY_BLOCK } from './op-table.js';
import type { SimulatorParts } from './simulator-parts.js';
import { OpTiming } from './op-timing.js';
import { dropTags } from './drop-tags.js';
import { deadlock, neverFinishes } from './stuck.js';
import type { TlbGeometry } from './tlb-geometry.js';
import { type TimedViolation, ViolationLog } from './violation-log.js';
import { Waiters } from './waiters.js';
import { type RunLimits, Watchdog } from './watchdog.js';

export type { Preemption, SimulatorParts } from './simulator-parts.js';
export type { RunLimits } from './watchdog.js';

/**
 * The timed driver: decides when each enabled move of the machine takes effect, and nothing else.
 *
 * An op is issued when its CPU is free and takes effect at its completion; lines are requested at the issue and granted
 * in arrival order. Buffered stores drain in order, one at a time. A waiting CPU holds the line shared, is woken by any
 * write to the line, pays the transfer and tests again. Events are ordered by (time, kind, CPU, sequence); a CPU runs ahead
 * without the queue until the first event that comes before its own.
 */
export class Simulator {
  nowPs = 0;
  ops = 0;
  readonly #machine: Machine;
  readonly #geometry: TlbGeometry;
  readonly #random: RandomStream;
  readonly #observer: Observer | undefined;
  readonly #schedule: Schedule | undefined;
  readonly #timing: OpTiming;
  readonly #interrupts: InterruptTiming;
  readonly #queue: EventQueue = new EventQueue();
  readonly #broadcasts: Broadcasts;
  readonly #waiters: Waiters;
  readonly #log: ViolationLog = new ViolationLog();
  readonly #environment: Environment;
  readonly #bufferNeed: Uint8Array;
  readonly #mode: Uint8Array;
  /** Per CPU: when its step event is due; any other step event of that CPU is stale. */
  readonly #wakePs: Float64Array;
  /** Per CPU: its drain engine is busy. */
  readonly #isDraining: Uint8Array;
  /** Per context: what is left of interrupted work, -1 when none was interrupted. */
  readonly #leftPs: Float64Array;
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
    this.#schedule = parts.schedule;
    this.#timing = new OpTiming(machine, costs, directory, geometry, parts.isXapic);
    this.#interrupts = new InterruptTiming(costs, topology, parts.random);
    const [act, stop, occupy] = [this.#act.bind(this), this.#stop.bind(this), this.#occupy.bind(this)];
    this.#broadcasts = new Broadcasts(parts, this.#queue, Event.broadcast, act);
    this.#waiters = new Waiters((machine.boot.memory.size >> 3) + 1, cpuCount);
    this.#environment = new Environment(parts, this.#queue, { act, stop, occupy });
    this.#bufferNeed = bufferNeeds(machine.shape);
    this.#mode = new Uint8Array(cpuCount);
    this.#wakePs = new Float64Array(cpuCount).fill(-1);
    this.#isDraining = new Uint8Array(cpuCount);
    this.#context = new Int32Array(cpuCount).fill(-1);
    this.#leftPs = new Float64Array(contexts).fill(-1);
    listenToFrames(machine.runner, parts.observer, this, () => this.#watchdog.progressed(this.nowPs, this.ops));
    machine.boot.threads.forEach((thread) => {
      if (!thread.daemon) this.#unfinished++;
    });
  }

  /** The first violation of each contract and form on each CPU, with its time. */
  get violations(): readonly TimedViolation[] {
    return this.#log.violations;
  }

  /** Runs until every thread that is no daemon has finished. Throws NEVER_FINISHES at a limit, DEADLOCK when nothing can move. */
  run(limits: RunLimits): void {
    this.#watchdog = new Watchdog(limits);
    this.#environment.start();
    for (let cpu = 0; cpu < this.#machine.layout.cpuCount; cpu++) this.#advance(cpu, 0);
    const queue = this.#queue;
    while (this.#unfinished > 0) {
      if (!queue.pop()) throw deadlock(this.#machine, this.nowPs);
      this.nowPs = queue.timePs;
      if (queue.kind === Event.step) this.#stepEvent(queue.cpu);
      else if (queue.kind === Event.drain) this.#drainEvent(queue.cpu);
      else if (queue.kind >= Event.arrival) this.#arrivalEvent(queue.cpu, queue.kind - Event.arrival);
      else if (queue.kind === Event.tick) this.#environment.tick(queue.cpu, this.#checkedTime(this.nowPs));
      else if (queue.kind === Event.host) this.#environment.host(queue.cpu, this.#checkedTime(this.nowPs));
      else this.#broadcastEvent(queue.cpu, queue.kind - Event.broadcast);
    }
  }

  #stepEvent(cpu: number): void {
    if (this.#wakePs[cpu] !== this.nowPs) return;
    this.#wakePs[cpu] = -1;
    if (this.#complete(cpu)) this.#advance(cpu, this.nowPs);
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
    this.#waiters.remove(cpu);
    return true;
  }

  /** Issues ops of a free CPU until one has to wait for its event. */
  #advance(cpu: number, nowPs: number): void {
    let now = nowPs;
    while (this.#unfinished > 0) {
      this.nowPs = this.#checkedTime(now);
      const done = this.#issue(cpu, now);
      if (done < 0) return;
      if (done > now && !this.#queue.wouldBeFirst(done, Event.step, cpu)) {
        this.#wakePs[cpu] = done;
        this.#queue.push(done, Event.step, cpu);
        return;
      }
      now = done;
      this.nowPs = now;
      if (!this.#complete(cpu)) return;
    }
  }

  /** Starts the next thing this CPU does; returns when it completes, -1 when that depends on somebody else. */
  #issue(cpu: number, now: number): number {
    const machine = this.#machine;
    const block = machine.layout.cpu(cpu);
    if (this.#environment.isWanted[cpu] !== 0) {
      this.#mode[cpu] = Mode.leavingGuest;
      return this.#environment.leave(cpu, now);
    }
    const entry = machine.state[block + CpuField.irr] === 0 ? -1 : this.#beginInterrupt(cpu, now);
    if (entry >= 0) {
      this.#mode[cpu] = Mode.entering;
      return now + entry;
    }
    const context = machine.runnable(cpu);
    if (context < 0) return this.#rest(cpu, Mode.idle);
    this.#context[cpu] = context;
    const base = machine.runner.at(context);
    const opcode = machine.runner.operands[base] as number;
    if (FOOTPRINT_OF[opcode] === FootprintCode.user && this.#needsWalk(cpu, base, opcode)) {
      this.#mode[cpu] = Mode.walking;
      return this.#timing.walked(cpu, walkWord(machine, cpu), now);
    }
    if (this.#bufferNeed[opcode] !== BufferNeed.nothing && !this.#bufferReady(cpu, opcode))
      return this.#rest(cpu, Mode.draining);
    if (opcode === Opcode.halt && machine.state[block + CpuField.woken] === 0) return this.#rest(cpu, Mode.asleep);
    this.#mode[cpu] = Mode.executing;
    if ((this.#leftPs[context] as number) >= 0) return now + this.#takeLeft(context);
    return this.#timing.completion(cpu, base, opcode, now);
  }

  #rest(cpu: number, mode: number): number {
    this.#mode[cpu] = mode;
    return -1;
  }

  /** What is left of interrupted work, which goes on now. */
  #takeLeft(context: number): number {
    const left = this.#leftPs[context] as number;
    this.#leftPs[context] = -1;
    return left;
  }

  #bufferReady(cpu: number, opcode: number): boolean {
    if (this.#bufferNeed[opcode] === BufferNeed.broadcast) return this.#machine.canExecute(cpu);
    if (this.#broadcasts.hasLate && this.#broadcasts.isLate(cpu)) return false;
    const count = this.#machine.state[this.#machine.layout.cpu(cpu) + CpuField.bufferCount] as number;
    return this.#bufferNeed[opcode] === BufferNeed.empty ? count === 0 : count < this.#machine.shape.storeBufferDepth;
  }

  /** A user access that the TLB cannot serve starts a walk, or goes on with the one in flight. */
  #needsWalk(cpu: number, base: number, opcode: number): boolean {
    const machine = this.#machine;
    if (machine.state[machine.layout.cpu(cpu) + CpuField.walkPage] !== 0) return true;
    if (!this.#bufferReady(cpu, opcode) || PROGRAM_OPS[opcode]?.enabled(machine, cpu, base) === true) return false;
    this.#act(cpu, Action.startWalk, machine.runner.operands[base + Operand.a] as number);
    return true;
  }

  #walk(cpu: number): void {
    const machine = this.#machine;
    const block = machine.layout.cpu(cpu);
    if (machine.state[block + CpuField.walkPage] === 0) return;
    const line = walkWord(machine, cpu) >> 3;
    this.#act(cpu, Action.stepWalk, 0);
    this.#wakeLine(line, this.nowPs);
    if (machine.state[block + CpuField.walkPage] === 0 || machine.state[block + CpuField.walkLevel] !== -1) return;
    const page = (machine.state[block + CpuField.walkPage] as number) - 1;
    const pcid = machine.state[block + CpuField.walkPcid] as number;
    const leaf = machine.state[block + CpuField.walkLeaf] as number;
    const tag = tlbTag(machine, cpu, slotFor(machine, cpu, pcid, page, leaf));
    this.#act(cpu, Action.fill, 0);
    const evicted = this.#geometry.fill(cpu, tag);
    if (evicted >= 0 && MACHINE_ACTIONS[Action.evict]?.enabled(machine, cpu, evicted) === true)
      this.#act(cpu, Action.evict, evicted);
  }

  /** Executes the issued op. False when it was a wait whose condition does not hold: the CPU sleeps on the line. */
  #execute(cpu: number): boolean {
    const machine = this.#machine;
    const context = this.#context[cpu] as number;
    const base = machine.runner.at(context);
    const operands = machine.runner.operands;
    const opcode = operands[base] as number;
    if (MAY_BLOCK[opcode] !== 0 && PROGRAM_OPS[opcode]?.enabled(machine, cpu, base) === false) {
      const footprint = FOOTPRINT_OF[opcode];
      if (footprint !== FootprintCode.wait && footprint !== FootprintCode.waitLocked) return true;
      this.#sleep(cpu, base, opcode);
      return false;
    }
    const a = operands[base + Operand.a] as number;
    const b = operands[base + Operand.b] as number;
    const c = operands[base + Operand.c] as number;
    if (opcode === Opcode.sendIpi) this.#launch(cpu, a, b);
    else if (opcode === Opcode.sendIpiMask) this.#launchMask(cpu, base, b);
    const choice = opcode === Opcode.choose ? Math.floor(this.#random.next() * a) : 0;
    const result = machine.executeIn(context, cpu, choice);
    if (this.#schedule !== undefined) this.#schedule.add(cpu, opcode, choice, result);
    if (++this.ops > this.#watchdog.lastOp) throw neverFinishes(machine, `${this.#watchdog.limits.maxOps} ops`);
    if (this.#observer !== undefined) this.#observer.executed(cpu, opcode);
    if (machine.violations.length > 0) this.#log.collect(machine, this.nowPs);
    const after = AFTER[opcode];
    if (after === After.drain) this.#startDrain(cpu, this.nowPs);
    else if (after === After.wake) this.#wakeLine(a >> 3, this.nowPs);
    else if (after !== After.nothing) this.#afterSystem(cpu, context, opcode, a, b, c);
    return true;
  }

  #afterSystem(cpu: number, context: number, opcode: number, a: number, b: number, c: number): void {
    if (opcode === Opcode.invlpgb) this.#broadcasts.issued(cpu, this.nowPs);
    else if (opcode === Opcode.phase) this.#observer?.phase(context, a, this.nowPs);
    else if (opcode === Opcode.finished) this.#contextEnded(cpu, context);
    else if (dropTags(this.#geometry, this.#machine, cpu, opcode, a, b, c)) this.#observer?.flushedAll(cpu, this.nowPs);
  }

  #contextEnded(cpu: number, context: number): void {
    const machine = this.#machine;
    if (context >= machine.layout.threadCount) {
      if (machine.isRunning(cpu)) this.#observer?.returned(cpu, machine.top(cpu), this.nowPs);
    } else if (machine.boot.threads[context]?.daemon === false) this.#unfinished--;
  }

  #sleep(cpu: number, base: number, opcode: number): void {
    const machine = this.#machine;
    const word = machine.runner.operands[base + Operand.a] as number;
    this.#mode[cpu] = Mode.asleep;
    if (opcode === Opcode.waitAny) this.#waiters.addAll(machine.lists.list(word), cpu);
    else this.#waiters.add(word >> 3, cpu);
  }

  /** Every sleeper on the line reads it again, in the order in which they fell asleep. */
  #wakeLine(line: number, now: number): void {
    if (this.#waiters.isEmpty(line)) return;
    for (let cpu = this.#waiters.takeFirst(line); cpu >= 0; cpu = this.#waiters.takeFirst(line)) {
      this.#occupy(cpu, Mode.executing, this.#timing.reread(cpu, line, now));
    }
  }

  #startDrain(cpu: number, now: number): void {
    const block = this.#machine.layout.cpu(cpu);
    if (this.#isDraining[cpu] !== 0 || this.#machine.state[block + CpuField.bufferCount] === 0) return;
    this.#isDraining[cpu] = 1;
    this.#queue.push(
      this.#timing.drained(cpu, this.#machine.state[block + CpuField.buffer] as number, now),
      Event.drain,
      cpu,
    );
  }

  #drainEvent(cpu: number): void {
    const machine = this.#machine;
    const line = (machine.state[machine.layout.cpu(cpu) + CpuField.buffer] as number) >> 3;
    this.#isDraining[cpu] = 0;
    this.#act(cpu, Action.drain, 0);
    this.#wakeLine(line, this.nowPs);
    this.#startDrain(cpu, this.nowPs);
    if (this.#broadcasts.hasLate) for (const issuer of this.#broadcasts.drained(cpu)) this.#resume(issuer);
    this.#resume(cpu);
  }

  #broadcastEvent(issuer: number, reach: number): void {
    this.#broadcasts.arrived(issuer, reach);
    this.#resume(issuer);
  }

  /** A CPU that waits for its store buffer, or for its broadcasts, looks again. */
  #resume(cpu: number): void {
    if (this.#mode[cpu] === Mode.draining) this.#advance(cpu, this.nowPs);
  }

  #launch(cpu: number, target: number, vector: number): void {
    this.#queue.push(this.#interrupts.arrival(cpu, target, this.nowPs), Event.arrival + vector, target);
    this.#observer?.sent(cpu, target, this.nowPs);
  }

  #launchMask(cpu: number, base: number, vector: number): void {
    const machine = this.#machine;
    for (let target = nextTarget(machine, cpu, base, -1); target >= 0; target = nextTarget(machine, cpu, base, target))
      this.#launch(cpu, target, vector);
  }

  /** The IPI sets its IRR bit; a CPU that can be interrupted where it is leaves its program now. */
  #arrivalEvent(cpu: number, vector: number): void {
    this.#act(cpu, Action.deliver, vector);
    this.#stop(cpu, true);
  }

  #occupy(cpu: number, mode: number, untilPs: number): void {
    this.#mode[cpu] = mode;
    this.#wakePs[cpu] = untilPs;
    this.#queue.push(untilPs, Event.step, cpu);
  }

  /** Ends what the CPU is doing, if it is between two instructions, and lets it begin with what comes first now. */
  #stop(cpu: number, forInterrupt: boolean): void {
    if (forInterrupt ? !this.#canBeInterrupted(cpu) : !this.#isBetweenInstructions(cpu)) return;
    if (this.#mode[cpu] === Mode.executing)
      this.#leftPs[this.#machine.top(cpu)] = (this.#wakePs[cpu] as number) - this.nowPs;
    this.#wakePs[cpu] = -1;
    this.#waiters.remove(cpu);
    this.#advance(cpu, this.nowPs);
  }

  /** Between instructions: asleep, idle, waiting for its buffer, or in the middle of interruptible work. */
  #canBeInterrupted(cpu: number): boolean {
    return (
      MACHINE_ACTIONS[Action.takeInterrupt]?.enabled(this.#machine, cpu, 0) === true && this.#isBetweenInstructions(cpu)
    );
  }

  #isBetweenInstructions(cpu: number): boolean {
    const mode = this.#mode[cpu];
    if (mode === Mode.executing) return this.#machine.runner.operands[this.#machine.pending(cpu)] === Opcode.work;
    return mode === Mode.idle || mode === Mode.asleep || mode === Mode.draining;
  }

  #checkedTime(now: number): number {
    if (now <= this.#watchdog.lastPs) return now;
    throw neverFinishes(this.#machine, `${this.#watchdog.limits.maxTimePs / 1e6} µs of simulated time`);
  }

  /** Starts to leave the program for a deliverable interrupt; returns how long that takes, -1 when there is none. */
  #beginInterrupt(cpu: number, now: number): number {
    const machine = this.#machine;
    if (MACHINE_ACTIONS[Action.takeInterrupt]?.enabled(machine, cpu, 0) !== true) return -1;
    this.#observer?.interrupted(cpu, machine.top(cpu), now);
    return this.#interrupts.entry(machine, cpu);
  }

  /** Like every move, the entry takes effect at its completion: until then the CPU counts as being where it was. */
  #enterHandler(cpu: number): void {
    this.#act(cpu, Action.takeInterrupt, 0);
    this.#observer?.entered(cpu, this.nowPs);
  }

  #act(cpu: number, action: number, choice: number): void {
    MACHINE_ACTIONS[action]?.apply(this.#machine, cpu, choice);
    if (this.#machine.violations.length > 0) this.#log.collect(this.#machine, this.nowPs);
    this.#schedule?.add(cpu, FIRST_ACTION + action, choice, 0);
  }
}
