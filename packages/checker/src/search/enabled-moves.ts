import {
  Action,
  countOutcomes,
  CpuField,
  hasRoom,
  isDrained,
  type Machine,
  MACHINE_ACTIONS,
  Opcode,
  Operand,
} from '@shootdown/core';
import { couldTake, type LateMoves, type Sequence } from '../reduction/late-moves.js';
import { Whole } from '../reduction/looks.js';
import type { Surroundings } from '../reduction/surroundings.js';
import type { ActionPolicy } from './action-policy.js';
import type { CompositeMoves } from './composite-moves.js';
import { actionMove, actionOf, cpuOf, isComposite, opMove } from './move.js';
import { grown } from './vector-table.js';
import { isPage, waysOf } from './ways.js';

/** Moves for which there is room at first. */
const CAPACITY = 256;
/** IPIs of one vector whose arrival is put off. Where more are in flight, each arrives by a move of its own. */
const MOST_ARRIVALS = 12;
/** Moves that are put off together, at most. */
const MOST_LATE = 12;

/** What is put off until others could notice it. */
export interface Lateness {
  /** IPIs and ticks arrive just before they are taken. */
  readonly delivery: boolean;
  readonly moves: LateMoves | undefined;
  readonly composites: CompositeMoves;
  /** Is told what decides which moves there are. */
  readonly surroundings: Surroundings;
}

/** The moves that a machine's state offers under a policy. */
export class EnabledMoves {
  moves: Int32Array<ArrayBuffer> = new Int32Array(CAPACITY);
  count = 0;
  /** By move: what `foresee` has told of it, 0 where it was not asked. */
  foreseen: Int32Array<ArrayBuffer> = new Int32Array(CAPACITY);
  /** Asked of a move whose last moves are these, when those before them, which are put off, have been made. */
  foresee: ((last: Sequence) => number) | undefined;
  /** Those of one CPU that are its pending op, in each of its ways, come first. */
  ops = 0;
  /** Some offered move is fair: an op, a drain, a delivery, an interrupt, or a walk that a pending access waits for. */
  hasProgress = false;
  #fair = new Int32Array(CAPACITY);
  /** The store buffer of the CPU was without room in the state, or behind what is put off. */
  hasMetFullBuffer = false;
  readonly #lateness: Lateness | undefined;
  readonly #surroundings: Surroundings | undefined;
  /** What is put off before the moves that are offered now; all of it is fair; a drain was offered before some of it. */
  readonly #late: number[] = [];
  #isLateFair = true;
  #hasDrained = false;
  /** Pages whose walk is what an access behind something that is put off, and is fair, waits for. */
  readonly #awaited = new Set<number>();
  readonly #machine: Machine;
  readonly #speculative: readonly number[];
  readonly #loads: readonly number[];
  readonly #evictions: readonly number[];
  readonly #pagingStructures: number;

  constructor(machine: Machine, policy: ActionPolicy, lateness?: Lateness) {
    this.#machine = machine;
    this.#lateness = lateness;
    this.#surroundings = lateness?.surroundings;
    const { pages, pcids, pscSlots } = machine.layout;
    this.#speculative = policy.speculativePages ?? [];
    this.#loads = choicesOf(policy.speculativeLoads ?? [], machine);
    const evictable = policy.evictablePages ?? [];
    const slots = Array.from({ length: pcids }, (_, pcid) => evictable.map((page) => pcid * pages + page)).flat();
    this.#evictions = choicesOf(slots, machine);
    this.#pagingStructures = policy.evictPagingStructures === true ? pcids * pscSlots : 0;
  }

  /** This move brings the machine nearer to its end, if anything does. */
  isFair(index: number): boolean {
    return this.#fair[index] !== 0;
  }

  /** Collects the moves of the machine's present state. */
  collect(): void {
    this.#clear();
    for (let cpu = 0; cpu < this.#machine.layout.cpuCount; cpu++) this.#collectCpu(cpu);
  }

  /** Collects those of one CPU. */
  collectCpu(cpu: number): void {
    this.#clear();
    this.#collectCpu(cpu);
  }

  #clear(): void {
    this.count = 0;
    this.ops = 0;
    this.hasProgress = false;
    this.hasMetFullBuffer = false;
  }

  #collectCpu(cpu: number): void {
    this.#surroundings?.begin();
    const missing = this.#missingPage(cpu);
    this.#awaited.clear();
    this.#offerOwn(cpu, missing, true);
    this.#offerBroadcasts(cpu);
    this.#offerWalks(cpu, missing);
    this.#offer(cpu, Action.enterVcpu, 0, true);
    this.#offer(cpu, Action.deschedule, 0, false);
    if (this.#loads.length > 0) this.#surroundings?.whole(Whole.globals);
    for (const choice of this.#loads) this.#offer(cpu, Action.loadSpeculatively, choice, false);
    for (const slot of this.#evictions) this.#offer(cpu, Action.evict, slot, false);
    for (let slot = 0; slot < this.#pagingStructures; slot++)
      this.#offer(cpu, Action.evictPagingStructure, slot, false);
  }

  /**
   * The moves whose order with what is put off matters, the pending op first. A drain commutes with what comes after the store. `tellsNmi`: an
   * NMI can tell that it comes behind what was put off last.
   */
  #offerOwn(cpu: number, missing: number, tellsNmi: boolean): void {
    const machine = this.#machine;
    const hasDrained = this.#hasDrained;
    this.hasMetFullBuffer ||= !hasRoom(machine, cpu);
    this.#hasDrained ||= !isDrained(machine, cpu);
    if (missing < 0) this.#offerOp(cpu);
    if (!hasDrained) this.#offer(cpu, Action.drain, 0, true);
    this.#offerTake(actionMove(cpu, Action.takeInterrupt, 0), true);
    for (let vector = 0; vector < machine.layout.vectorCount; vector++) this.#offerIpi(cpu, vector);
    this.#offerTick(cpu);
    this.#surroundings?.nmis();
    if (tellsNmi) this.#offerTake(actionMove(cpu, Action.takeNmi, 0), false);
    this.#surroundings?.probes();
    this.#offer(cpu, Action.hitProbe, 0, false);
    this.#hasDrained = hasDrained;
  }

  /**
   * Behind what is put off: if nothing can be made together with it now, and nothing without it brings that about, it is made alone: what is
   * buffered can be drained without it, but an explicit walk begins only when an access waits for it. So is a handler that nobody notices to
   * its end, for others may be taken then.
   */
  #goOn(cpu: number, handlers: number, tellsNmi: boolean): void {
    const machine = this.#machine;
    const isOver = handlersOn(machine, cpu) < handlers || this.#late.length >= MOST_LATE;
    if (isOver || machine.violations.length > 0) {
      this.#pushLate();
      return;
    }
    const missing = this.#missingPage(cpu);
    this.#offerOwn(cpu, missing, tellsNmi);
    if (missing >= 0 && machine.saturated) this.#await(missing);
    else if (missing >= 0 || (isDrained(machine, cpu) && !machine.canExecute(cpu))) this.#pushLate();
  }

  /** An NMI need not come, so nothing has to be done for what it waits for. */
  #await(page: number): void {
    if (this.#isLateFair) this.#awaited.add(page);
  }

  #offerIpi(cpu: number, vector: number): void {
    const machine = this.#machine;
    const { state, layout } = machine;
    const inFlight = state[layout.cpu(cpu) + layout.inFlight + vector] as number;
    if (this.#lateness?.delivery !== true || inFlight > MOST_ARRIVALS) {
      this.#offer(cpu, Action.deliver, vector, true);
      return;
    }
    if (inFlight === 0 || !couldTake(machine, cpu, vector)) return;
    const arrivals: number[] = [];
    while (arrivals.length < inFlight) {
      arrivals.push(actionMove(cpu, Action.deliver, vector));
      this.#offerSequence([...arrivals, actionMove(cpu, Action.takeInterrupt, 0)], true);
    }
  }

  #offerTick(cpu: number): void {
    const machine = this.#machine;
    const { timer } = machine.boot.system;
    if (timer === undefined) return;
    this.#surroundings?.ticks();
    if (this.#lateness?.delivery !== true) {
      this.#offer(cpu, Action.tick, 0, true);
      return;
    }
    const isDue = MACHINE_ACTIONS[Action.tick]?.enabled(machine, cpu, 0) === true;
    if (isDue && couldTake(machine, cpu, timer))
      this.#offerSequence([actionMove(cpu, Action.tick, 0), actionMove(cpu, Action.takeInterrupt, 0)], true);
  }

  #offerOp(cpu: number): void {
    const ways = this.#waysOfOp(cpu);
    if (this.#late.length === 0) this.ops = ways;
    if (ways === 1) this.#offerSequence([opMove(cpu, 0)], true);
    else for (let choice = 0; choice < ways; choice++) this.#push([opMove(cpu, choice)], true);
  }

  #offerTake(take: number, isProgress: boolean): void {
    if (MACHINE_ACTIONS[actionOf(take)]?.enabled(this.#machine, cpuOf(take), 0) === true)
      this.#offerSequence([take], isProgress);
  }

  /** Moves that can be made one after the other: now, or together with what comes behind them. */
  #offerSequence(sequence: Sequence, isProgress: boolean): void {
    const late = this.#lateness?.moves;
    if (late?.canWait(sequence) !== true) {
      this.#push(sequence, isProgress);
      return;
    }
    const { length } = this.#late;
    const isLateFair = this.#isLateFair;
    this.#late.push(...sequence);
    this.#isLateFair &&= isProgress;
    const last = sequence[sequence.length - 1] as number;
    const cpu = cpuOf(last);
    const handlers = handlersOn(this.#machine, cpu) + (actionOf(last) < 0 ? 0 : 1);
    const tellsNmi = !late.commuteWithNmi(sequence);
    late.behind(sequence, () => this.#goOn(cpu, handlers, tellsNmi));
    this.#late.length = length;
    this.#isLateFair = isLateFair;
  }

  /** In how many ways the pending op can go now; 0: in none. */
  #waysOfOp(cpu: number): number {
    return this.#machine.canExecute(cpu) ? waysOf(this.#machine, cpu, this.#machine.pending(cpu)) : 0;
  }

  #offerBroadcasts(cpu: number): void {
    const { broadcasts, cpuCount } = this.#machine.layout;
    for (let choice = 0; choice < cpuCount * broadcasts; choice++)
      this.#offer(cpu, Action.finishBroadcast, choice, true);
  }

  #offerWalks(cpu: number, missing: number): void {
    const machine = this.#machine;
    this.#surroundings?.walks();
    if (machine.saturated) {
      for (let page = 0; page < machine.layout.pages; page++)
        this.#offer(cpu, Action.walkWhole, page, page === missing || this.#awaited.has(page));
      return;
    }
    if (machine.state[machine.layout.cpu(cpu) + CpuField.walkPage] !== 0) {
      this.#offer(cpu, Action.stepWalk, 0, missing >= 0);
      this.#offer(cpu, Action.fill, 0, missing >= 0);
      return;
    }
    if (missing >= 0) this.#offer(cpu, Action.startWalk, missing, true);
    for (const page of this.#speculative) if (page !== missing) this.#offer(cpu, Action.startWalk, page, false);
  }

  /** The page that the CPU's pending access needs and no TLB entry translates; -1 when it waits for none. */
  #missingPage(cpu: number): number {
    const machine = this.#machine;
    this.#surroundings?.pending(cpu);
    const base = machine.pending(cpu);
    if (base < 0) return -1;
    const opcode = machine.runner.operands[base];
    if (opcode !== Opcode.userLoad && opcode !== Opcode.userStore) return -1;
    const page = machine.runner.operands[base + Operand.a] as number;
    if (!isPage(machine, page)) return -1;
    return countOutcomes(machine, cpu, page, opcode === Opcode.userStore) === 0 ? page : -1;
  }

  #offer(cpu: number, action: number, choice: number, isProgress: boolean): void {
    if (MACHINE_ACTIONS[action]?.enabled(this.#machine, cpu, choice) !== true) return;
    const move = actionMove(cpu, action, choice);
    if (this.#late.length === 0) this.#add(move, isProgress && this.#isLateFair, 0);
    else this.#push([move], isProgress);
  }

  #pushLate(): void {
    this.#push([], true);
  }

  /** These moves together with what is put off before them. */
  #push(sequence: Sequence, isProgress: boolean): void {
    const isFair = isProgress && this.#isLateFair;
    const move = this.#lateness?.composites.of(this.#late, sequence) ?? (sequence[0] as number);
    const isLate = this.#late.length > 0 && sequence.length > 0 && isComposite(move);
    this.#add(move, isFair, isLate ? (this.foresee?.(sequence) ?? 0) : 0);
  }

  #add(move: number, isFair: boolean, foreseen: number): void {
    if (this.count === this.moves.length) {
      this.moves = grown(this.moves);
      this.#fair = grown(this.#fair);
      this.foreseen = grown(this.foreseen);
    }
    this.#fair[this.count] = isFair ? 1 : 0;
    this.foreseen[this.count] = foreseen;
    this.moves[this.count++] = move;
    if (isFair) this.hasProgress = true;
  }
}

/** How many handlers are under way on the CPU, one above the other. */
function handlersOn({ state, layout }: Machine, cpu: number): number {
  const block = layout.cpu(cpu);
  return (state[block + CpuField.interruptActive] as number) + (state[block + CpuField.nmiActive] as number);
}

/** The choices that name each way of these slots. */
function choicesOf(slots: readonly number[], { layout }: Machine): readonly number[] {
  return slots.flatMap((slot) => Array.from({ length: layout.tlbWays }, (_, way) => slot * layout.tlbWays + way));
}
