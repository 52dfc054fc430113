import {
  Action,
  CpuField,
  FIRST_ACTION,
  type Machine,
  Opcode,
  replayMove,
  type Schedule,
  ShootdownError,
} from '@shootdown/core';
import { InterruptedWork } from '../interrupted-work.js';
import type { Arrivals } from './arrivals.js';
import { asksFirst } from './asks-first.js';
import type { Conflicts } from './conflicts.js';
import { Engine, engineNumber, engineOf, goesOnAside } from './engines.js';
import { EngineState, NOTHING, SOFTWARE } from './engine-state.js';
import { hasToWait, isEnabled, isSoftware, isWait, needsSoftwareFirst, waitsOn } from './enabled.js';
import { Holding } from './holding.js';
import { isUnpriced, type MoveTiming } from './move-timing.js';
import type { TimedMove } from './schedule-timing.js';
import { Since } from './since.js';
import { Takeable } from './takeable.js';

const NEVER: number = Number.POSITIVE_INFINITY;

/** What a schedule is driven through. */
export interface ClockParts {
  readonly machine: Machine;
  readonly schedule: Schedule;
  readonly conflicts: Conflicts;
  readonly timing: MoveTiming;
  readonly arrivals: Arrivals;
  /** Per CPU: before this it does nothing. */
  readonly beginPs: readonly number[];
}

/** When the next move of an engine can begin. */
interface Prospect {
  readonly startPs: number;
  /** When it would begin if only costs and its engine's moves mattered. */
  readonly naturalPs: number;
  /** The move that it waits for beyond that; -1: none. */
  readonly behind: number;
}

const NO_PROSPECT: Prospect = { startPs: NEVER, naturalPs: NEVER, behind: -1 };

/**
 * Drives a schedule through time. A move begins as soon as its engine is free, the machine enables it, what it waits for has arrived, and the
 * moves of other CPUs that it conflicts with have begun; it takes effect not before they have. Moves are made on the machine in the order
 * in which they take effect, and each has to answer what the schedule says.
 */
export class ScheduleClock {
  readonly moves: TimedMove[] = [];
  readonly engines: readonly EngineState[];
  readonly takeable: Takeable;
  /** Since when the pending op of a CPU can be executed; one that was busy with what came before has been able to only since it is free. */
  readonly executable: Since;
  readonly #parts: ClockParts;
  readonly #holding: Holding;
  readonly #work: InterruptedWork;
  readonly #isMade: Uint8Array;
  /** Per move: when it has begun and asked for its line; infinite before. */
  readonly #begunPs: Float64Array;
  /** Per CPU: when the stores in its buffer were made, oldest first. */
  readonly #storesPs: readonly number[][];
  #made = 0;
  #nowPs: number;
  /** Of all CPUs. */
  softwarePs = 0;

  constructor(parts: ClockParts) {
    const { machine, conflicts, schedule, beginPs } = parts;
    const perCpu = conflicts.ofEngine.length / machine.layout.cpuCount;
    this.#parts = parts;
    this.engines = conflicts.ofEngine.map((queue, index) => {
      const cpu = Math.floor(index / perCpu);
      return new EngineState(cpu, queue, beginPs[cpu] as number);
    });
    this.takeable = new Takeable(machine);
    this.executable = new Since(machine.layout.cpuCount, (cpu) => machine.canExecute(cpu));
    this.#holding = new Holding(machine, schedule, conflicts, this.engines, this.takeable);
    this.#work = new InterruptedWork(machine.layout.contexts);
    this.#isMade = new Uint8Array(schedule.length);
    this.#begunPs = new Float64Array(schedule.length).fill(NEVER);
    this.#storesPs = Array.from({ length: machine.layout.cpuCount }, () => []);
    this.#nowPs = Math.min(...beginPs);
  }

  get nowPs(): number {
    return this.#nowPs;
  }

  /** The engine that executes the programs of a CPU. */
  program(cpu: number): EngineState {
    return this.engines[engineNumber(cpu, Engine.program)] as EngineState;
  }

  /** When the oldest store in the buffer of a CPU was made; -1: there is none. */
  oldestStorePs(cpu: number): number {
    return this.#storesPs[cpu]?.[0] ?? -1;
  }

  /** When straight-line code ends that begins then, or goes on where an interrupt had found it. */
  workEndPs(cpu: number, beginPs: number): number {
    const context = this.#parts.machine.top(cpu);
    if (this.#work.isLeft(context)) return beginPs + this.#work.goOn(context);
    return this.#parts.timing.endPs(cpu, Opcode.work, beginPs);
  }

  /** Makes every move of the schedule. */
  run(): void {
    while (this.#made < this.#parts.schedule.length) this.#step();
  }

  /** What ends at an instant comes before what begins then. */
  #step(): void {
    const ending = this.#firstToEnd();
    let beginning: EngineState | undefined;
    let first = NO_PROSPECT;
    for (const engine of this.engines) {
      const prospect = this.#prospect(engine);
      if (
        prospect.startPs > first.startPs ||
        (prospect.startPs === first.startPs && !asksFirst(this.#parts.schedule, engine, beginning))
      )
        continue;
      beginning = engine;
      first = prospect;
    }
    if (ending !== undefined && this.#endPs(ending) <= first.startPs) this.#end(ending);
    else if (beginning !== undefined) this.#begin(beginning, first);
    else throw this.#stuck();
  }

  /** At one instant in the order of the schedule. What comes before the move has to have taken effect. */
  #firstToEnd(): EngineState | undefined {
    let first: EngineState | undefined;
    for (const engine of this.engines)
      if (engine.isBusy && this.#mayEnd(engine.busyWith) && (first === undefined || this.#endsBefore(engine, first)))
        first = engine;
    return first;
  }

  #mayEnd(index: number): boolean {
    return index === SOFTWARE || this.#before(index).every((other) => this.#isMade[other] === 1);
  }

  #endsBefore(one: EngineState, other: EngineState): boolean {
    const earlier = this.#endPs(other) - this.#endPs(one);
    return earlier > 0 || (earlier === 0 && one.busyWith < other.busyWith);
  }

  #endPs({ endPs }: EngineState): number {
    return Math.max(endPs, this.#nowPs);
  }

  /** Moves of other engines that have to take effect before this one does. */
  #before(index: number): readonly number[] {
    return this.#parts.conflicts.before[index] as readonly number[];
  }

  #prospect(engine: EngineState): Prospect {
    if (engine.isBusy || engine.head === NOTHING || engine.enabledPs === -1) return NO_PROSPECT;
    const naturalPs = Math.max(this.#readyPs(engine), engine.enabledPs ?? 0);
    if (engine.enabledPs === undefined) return { startPs: Math.max(naturalPs, this.#nowPs), naturalPs, behind: -1 };
    let [startPs, behind] = [naturalPs, -1];
    for (const other of this.#before(engine.head)) {
      const bound = this.#boundPs(engine, other);
      if (bound > startPs) [startPs, behind] = [bound, other];
    }
    return { startPs, naturalPs, behind };
  }

  /** The engine is free, and what the move waits for has arrived. */
  #readyPs({ cpu, head, freePs, leavablePs }: EngineState): number {
    const { schedule, arrivals } = this.#parts;
    const choice = schedule.choice(head);
    const action = schedule.move(head) - FIRST_ACTION;
    if (action === Action.takeInterrupt) return leavablePs;
    if (action === Action.deliver) return Math.max(freePs, arrivals.ipi(cpu, choice));
    return action === Action.finishBroadcast ? Math.max(freePs, arrivals.invlpgb(cpu, choice)) : freePs;
  }

  /**
   * Lines are granted in the order of requests. What the same CPU has done besides has to be over before something else of it begins, but
   * for its store buffer and its local APIC: they go on whatever the CPU does meanwhile, and what they change matters at the end of it.
   */
  #boundPs(engine: EngineState, other: number): number {
    const { schedule, conflicts } = this.#parts;
    const isOwn = schedule.cpu(other) === engine.cpu;
    if (isOwn && engineOf(schedule.move(engine.head)) === Engine.storeBuffer) return 0;
    const isRequested = (conflicts.requestedBefore[engine.head] as readonly number[]).includes(other);
    if (isRequested) return this.#begunPs[other] as number;
    if (!isOwn || goesOnAside(schedule.move(other))) return 0;
    return this.#isMade[other] === 1 ? (this.moves[other] as TimedMove).endPs : NEVER;
  }

  #begin(engine: EngineState, prospect: Prospect): void {
    this.#nowPs = prospect.startPs;
    if (engine.enabledPs === undefined && this.#beginSoftware(engine)) return;
    if (this.#look(engine)) this.#beginMove(engine, this.#prospect(engine));
  }

  /** Kernel code that the schedule has no move for, because it was found on a machine where that costs nothing. */
  #beginSoftware(engine: EngineState): boolean {
    const { machine, schedule, conflicts } = this.#parts;
    const { cpu, head } = engine;
    if (engineOf(schedule.move(head)) !== Engine.program || !isSoftware(machine, cpu, schedule.move(head)))
      return false;
    if (!needsSoftwareFirst(schedule.move(head), conflicts.pending[head] as number)) return false;
    const endPs = this.workEndPs(cpu, this.#nowPs);
    engine.softwarePs += endPs - this.#nowPs;
    this.softwarePs += endPs - this.#nowPs;
    engine.begin(SOFTWARE, endPs);
    return true;
  }

  /** Whether the move is enabled now, and was when somebody looked before. */
  #look(engine: EngineState): boolean {
    const { machine, schedule } = this.#parts;
    if (engine.enabledPs !== undefined && isEnabled(machine, schedule, engine.head)) return true;
    engine.enabledPs = -1;
    if (!isEnabled(machine, schedule, engine.head)) this.#beginWait(engine);
    else if (this.#readsBehindWrite(engine)) this.#read(engine);
    else engine.enabledPs = this.#nowPs;
    return false;
  }

  /**
   * A wait whose line somebody has asked for to write it, with more to come before the wait is over: it finds what is written now, whatever
   * stands there until then.
   */
  #readsBehindWrite({ cpu, head }: EngineState): boolean {
    const { machine, schedule, timing } = this.#parts;
    if (!isWait(schedule.move(head)) || this.#hasBegunAll(this.#before(head))) return false;
    return this.engines.some(({ isBusy, busyWith, cpu: writer }) => {
      if (!isBusy || busyWith === SOFTWARE || busyWith > head) return false;
      return waitsOn(machine, cpu, timing.lineWrittenBy(writer, schedule.move(busyWith)));
    });
  }

  /**
   * A CPU that has to wait reads the line of what it waits for, once its stores have drained where they have to: also when an interrupt will
   * be what comes next.
   */
  #beginWait(engine: EngineState): void {
    const { machine, schedule } = this.#parts;
    if (engine.isWaiting || engineOf(schedule.move(engine.head)) !== Engine.program) return;
    if (hasToWait(machine, engine.cpu)) this.#read(engine);
  }

  #read(engine: EngineState): void {
    engine.isWaiting = true;
    engine.readPs = this.#parts.timing.beginWait(engine.cpu, this.#nowPs);
    this.#noteLastRead(engine);
  }

  /** Behind all the writes that it waits for a wait has asked for its line for the last time. */
  #noteLastRead({ head }: EngineState): void {
    if (isWait(this.#parts.schedule.move(head)) && this.#hasBegunAll(this.#before(head)))
      this.#begunPs[head] = this.#nowPs;
  }

  #hasBegunAll(moves: readonly number[]): boolean {
    return moves.every((move) => this.#begunPs[move] !== NEVER);
  }

  #beginMove(engine: EngineState, { naturalPs, behind }: Prospect): void {
    const { cpu, head } = engine;
    const move = this.#parts.schedule.move(head);
    const pendingPs = this.#interruptSoftware(engine, move);
    const { heldPs, holder, isByChance } = this.#holding.of(engine, this.#nowPs, naturalPs, pendingPs);
    const endPs = this.#costEndPs(engine, move);
    this.#begunPs[head] = Math.min(this.#begunPs[head] as number, this.#nowPs);
    this.moves[head] = {
      startPs: this.#nowPs,
      endPs,
      softwarePs: engine.softwarePs,
      heldPs,
      behind: heldPs > 0 ? behind : -1,
      holder,
      isByChance,
      isUnpriced: isUnpriced(move),
    };
    if (move < FIRST_ACTION && engine.leavablePs <= this.#nowPs) this.takeable.passed(cpu, this.#nowPs);
    engine.begin(head, endPs);
  }

  #costEndPs({ cpu, isWaiting, readPs }: EngineState, move: number): number {
    if (move === Opcode.work) return this.workEndPs(cpu, this.#nowPs);
    if (isWaiting && move < FIRST_ACTION) return Math.max(readPs, this.#nowPs);
    return this.#parts.timing.endPs(cpu, move, this.#nowPs);
  }

  /** Straight-line code is left where it is for an interrupt; what it had time for is done. Returns how long it takes as a whole. */
  #interruptSoftware(engine: EngineState, move: number): number {
    const { machine } = this.#parts;
    const { cpu, freePs } = engine;
    if (move < FIRST_ACTION || engineOf(move) !== Engine.program || !isSoftware(machine, cpu, move)) return 0;
    const wholePs = this.workEndPs(cpu, freePs) - freePs;
    const donePs = Math.min(wholePs, this.#nowPs - freePs);
    engine.softwarePs += donePs;
    this.softwarePs += donePs;
    this.#work.interrupted(machine.top(cpu), wholePs - donePs);
    return wholePs;
  }

  #end(engine: EngineState): void {
    const { machine, schedule, timing } = this.#parts;
    const { cpu, busyWith } = engine;
    const latePs = this.#endPs(engine) - engine.endPs;
    this.#nowPs = this.#endPs(engine);
    const line = busyWith === SOFTWARE ? -1 : timing.lineWrittenBy(cpu, schedule.move(busyWith));
    if (busyWith === SOFTWARE) machine.execute(cpu, 0);
    else this.#make(cpu, busyWith, latePs);
    engine.end(this.#nowPs);
    this.takeable.look(this.#nowPs);
    this.executable.look(this.#nowPs);
    const looking = this.engines.filter(
      (each) => !each.isBusy && (each.enabledPs === -1 || each.isReading(this.#nowPs)),
    );
    for (const each of looking.sort((a, b) => a.readPs - b.readPs)) this.#lookAgain(each, line);
  }

  /** The machine has changed, and this line may have been written. Those that wait read it again in the order in which they have read it. */
  #lookAgain(engine: EngineState, line: number): void {
    const { machine, schedule, timing } = this.#parts;
    const { cpu, head } = engine;
    // A read that is under way finds what has been written meanwhile.
    if (engine.isWaiting && engine.readPs <= this.#nowPs && waitsOn(machine, cpu, line)) {
      engine.readPs = timing.rereadPs(cpu, line, this.#nowPs);
      this.#noteLastRead(engine);
    }
    if (!isEnabled(machine, schedule, head)) {
      engine.enabledPs = -1;
      this.#beginWait(engine);
    } else if (engine.enabledPs === -1 && !(engine.isReading(this.#nowPs) && this.#readsBehindWrite(engine)))
      engine.enabledPs = this.#nowPs;
  }

  /** `latePs`: for so long it has waited for a move that comes before it, ready to take effect. */
  #make(cpu: number, index: number, latePs: number): void {
    const { machine, schedule, arrivals } = this.#parts;
    if (latePs > 0) this.#delay(index, latePs);
    const move = schedule.move(index);
    if (move < FIRST_ACTION) arrivals.launch(cpu, this.#nowPs);
    else if (move === FIRST_ACTION + Action.deliver) arrivals.delivered(cpu, schedule.choice(index));
    const context = machine.top(cpu);
    replayMove(machine, schedule, index);
    if (move === Opcode.preempt) this.#work.setAside(machine.threadOn(cpu));
    else if (move === Opcode.resumePreempted) this.#work.bringBack(context);
    this.#noteStores(cpu);
    this.#isMade[index] = 1;
    this.#made++;
  }

  #delay(index: number, latePs: number): void {
    const move = this.moves[index] as TimedMove;
    const behind = this.#before(index).reduce(
      (last, next) => (this.#madePs(next) > this.#madePs(last) ? next : last),
      -1,
    );
    const heldPs = move.isByChance ? 0 : move.heldPs + latePs;
    this.moves[index] = {
      ...move,
      startPs: move.startPs + latePs,
      endPs: this.#nowPs,
      heldPs,
      behind: heldPs > 0 ? behind : -1,
    };
  }

  #madePs(index: number): number {
    return this.moves[index]?.endPs ?? -1;
  }

  #noteStores(cpu: number): void {
    const { state, layout } = this.#parts.machine;
    const stores = this.#storesPs[cpu] as number[];
    const count = state[layout.cpu(cpu) + CpuField.bufferCount] as number;
    if (count > stores.length) stores.push(this.#nowPs);
    else if (count < stores.length) stores.shift();
  }

  /** The costs of the kernel have changed what a program does, which is to be made of `spend` alone. */
  #stuck(): ShootdownError {
    const { schedule } = this.#parts;
    const waiting = this.engines
      .filter(({ head }) => head !== NOTHING)
      .map(({ cpu, head }) => `move ${head} of CPU ${cpu}`);
    return new ShootdownError(
      'REPLAY_MISMATCH',
      `With costs the programs do not go on as the schedule says after ${this.#made} of ${schedule.length} moves; next would be ${waiting.join(', ')}. A program may spend its costs and must not look at them.`,
      { details: { move: this.#made } },
    );
  }
}
