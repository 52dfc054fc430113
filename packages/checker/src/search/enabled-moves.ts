import { Action, countOutcomes, CpuField, type Machine, MACHINE_ACTIONS, Opcode, Operand } from '@shootdown/core';
import type { ActionPolicy } from './action-policy.js';
import {
  canWaitForFirstOp,
  couldTake,
  hasBuffered,
  lateTake,
  MOST_WAYS,
  mostDeliveries,
  withFirstOp,
} from '../reduction/late-handlers.js';
import { actionMove, actionOf, cpuOf, opMove } from './move.js';

/** Largest number of moves that one state can offer. */
const CAPACITY = 4096;
/** The handler is begun without its first op. */
const ALONE = -1;

/** What is put off until others could notice it. */
export interface Lateness {
  /** IPIs and ticks arrive just before they are taken. */
  readonly delivery?: boolean;
  /** Interrupts and NMIs are taken just before the first op of their handler that others could notice: what is seen after a move. */
  readonly ahead?: ((move: number, look: () => number) => number) | undefined;
}

/** The moves that a machine's state offers under a policy. */
export class EnabledMoves {
  readonly moves: Int32Array = new Int32Array(CAPACITY);
  count = 0;
  /** Those of one CPU that are its pending op, in each of its ways, come first. */
  ops = 0;
  /** Some offered move is fair: an op, a drain, a delivery, an interrupt, or a walk that a pending access waits for. */
  hasProgress = false;
  readonly #fair = new Uint8Array(CAPACITY);
  readonly #lateness: Lateness;
  readonly #machine: Machine;
  readonly #speculative: readonly number[];
  readonly #loads: readonly number[];
  readonly #evictions: readonly number[];
  readonly #pagingStructures: number;

  constructor(machine: Machine, policy: ActionPolicy, lateness: Lateness = {}) {
    this.#machine = machine;
    this.#lateness = lateness;
    const { pages, pcids, pscSlots } = machine.layout;
    this.#speculative = policy.speculativePages ?? [];
    this.#loads = waysOf(policy.speculativeLoads ?? [], machine);
    const evictable = policy.evictablePages ?? [];
    const slots = Array.from({ length: pcids }, (_, pcid) => evictable.map((page) => pcid * pages + page)).flat();
    this.#evictions = waysOf(slots, machine);
    this.#pagingStructures = policy.evictPagingStructures === true ? pcids * pscSlots : 0;
  }

  /** This move brings the machine nearer to its end, if anything does. */
  isFair(index: number): boolean {
    return this.#fair[index] !== 0;
  }

  /** Where this move is among those collected; -1: nowhere. */
  indexOf(move: number): number {
    for (let index = 0; index < this.count; index++) if (this.moves[index] === move) return index;
    return -1;
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
  }

  #collectCpu(cpu: number): void {
    const missing = this.#missingPage(cpu);
    if (missing < 0) this.#offerOp(cpu);
    this.#offer(cpu, Action.drain, 0, true);
    this.#offerTake(cpu, Action.takeInterrupt, true);
    for (let vector = 0; vector < this.#machine.layout.vectorCount; vector++) this.#offerIpi(cpu, vector);
    this.#offerBroadcasts(cpu);
    this.#offerWalks(cpu, missing);
    this.#offerTick(cpu);
    this.#offer(cpu, Action.enterVcpu, 0, true);
    this.#offer(cpu, Action.deschedule, 0, false);
    this.#offerTake(cpu, Action.takeNmi, false);
    this.#offer(cpu, Action.hitProbe, 0, false);
    for (const choice of this.#loads) this.#offer(cpu, Action.loadSpeculatively, choice, false);
    for (const slot of this.#evictions) this.#offer(cpu, Action.evict, slot, false);
    for (let slot = 0; slot < this.#pagingStructures; slot++)
      this.#offer(cpu, Action.evictPagingStructure, slot, false);
  }

  #offerIpi(cpu: number, vector: number): void {
    const machine = this.#machine;
    const { state, layout } = machine;
    const inFlight = state[layout.cpu(cpu) + layout.inFlight + vector] as number;
    if (this.#lateness.delivery !== true || inFlight > mostDeliveries(machine)) {
      this.#offer(cpu, Action.deliver, vector, true);
      return;
    }
    if (inFlight === 0 || !couldTake(machine, cpu, vector)) return;
    for (let count = 1; count <= inFlight; count++) this.#pushTake(lateTake(machine, cpu, vector, count), true);
  }

  #offerTick(cpu: number): void {
    const machine = this.#machine;
    const { timer } = machine.boot.system;
    if (timer === undefined) return;
    if (this.#lateness.delivery !== true) {
      this.#offer(cpu, Action.tick, 0, true);
      return;
    }
    const isDue = MACHINE_ACTIONS[Action.tick]?.enabled(machine, cpu, 0) === true;
    if (isDue && couldTake(machine, cpu, timer)) this.#pushTake(lateTake(machine, cpu, timer, 0), true);
  }

  #offerOp(cpu: number): void {
    const ways = this.#waysOfOp(cpu);
    this.ops = ways;
    for (let choice = 0; choice < ways; choice++) this.#push(opMove(cpu, choice), true);
  }

  #offerTake(cpu: number, action: number, isProgress: boolean): void {
    if (MACHINE_ACTIONS[action]?.enabled(this.#machine, cpu, 0) === true)
      this.#pushTake(actionMove(cpu, action, 0), isProgress);
  }

  /** Taking an interrupt or an NMI, with the first op of its handler where that can be. */
  #pushTake(take: number, isProgress: boolean): void {
    const { ahead } = this.#lateness;
    const machine = this.#machine;
    const isLate = ahead !== undefined && canWaitForFirstOp(machine, take);
    const buffered = machine.state[machine.layout.cpu(cpuOf(take)) + CpuField.bufferCount] as number;
    const ways = isLate ? ahead(take, () => this.#waysOfFirstOp(take, buffered)) : ALONE;
    if (ways === ALONE) this.#push(take, isProgress);
    for (let way = 0; way < ways; way++) this.#push(withFirstOp(take, way), isProgress);
  }

  /**
   * In how many ways the op of the handler can go that has just been begun. None: it waits for what the CPU does without the handler
   * too, a drain of one of the `buffered` stores of before or a walk, and the handler can be begun after that.
   */
  #waysOfFirstOp(take: number, buffered: number): number {
    const machine = this.#machine;
    const cpu = cpuOf(take);
    const isInHandler = machine.top(cpu) >= machine.layout.threadCount;
    if (!isInHandler || machine.violations.length > 0 || hasBuffered(machine, cpu, buffered)) return ALONE;
    if (this.#missingPage(cpu) >= 0) return machine.saturated && actionOf(take) === Action.takeNmi ? 0 : ALONE;
    const ways = this.#waysOfOp(cpu);
    if (ways === 0) return buffered > 0 ? 0 : ALONE;
    return ways > MOST_WAYS ? ALONE : ways;
  }

  /** In how many ways the pending op can go now; 0: in none. */
  #waysOfOp(cpu: number): number {
    return this.#machine.canExecute(cpu) ? this.#ways(cpu, this.#machine.pending(cpu)) : 0;
  }

  #offerBroadcasts(cpu: number): void {
    const { broadcasts, cpuCount } = this.#machine.layout;
    for (let choice = 0; choice < cpuCount * broadcasts; choice++)
      this.#offer(cpu, Action.finishBroadcast, choice, true);
  }

  /** In how many ways the pending op can go. */
  #ways(cpu: number, base: number): number {
    const { operands } = this.#machine.runner;
    const a = operands[base + Operand.a] as number;
    switch (operands[base]) {
      case Opcode.choose:
        return a;
      case Opcode.userLoad:
      case Opcode.userStore:
        return this.#isPage(a) ? countOutcomes(this.#machine, cpu, a, operands[base] === Opcode.userStore) : 1;
      default:
        return 1;
    }
  }

  #isPage(page: number): boolean {
    return page >= 0 && page < this.#machine.layout.pages;
  }

  #offerWalks(cpu: number, missing: number): void {
    const machine = this.#machine;
    if (machine.saturated) {
      for (let page = 0; page < machine.layout.pages; page++)
        this.#offer(cpu, Action.walkWhole, page, page === missing);
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
    const base = machine.pending(cpu);
    if (base < 0) return -1;
    const opcode = machine.runner.operands[base];
    if (opcode !== Opcode.userLoad && opcode !== Opcode.userStore) return -1;
    const page = machine.runner.operands[base + Operand.a] as number;
    if (!this.#isPage(page)) return -1;
    return countOutcomes(machine, cpu, page, opcode === Opcode.userStore) === 0 ? page : -1;
  }

  #offer(cpu: number, action: number, choice: number, isProgress: boolean): void {
    if (MACHINE_ACTIONS[action]?.enabled(this.#machine, cpu, choice) === true)
      this.#push(actionMove(cpu, action, choice), isProgress);
  }

  #push(move: number, isProgress: boolean): void {
    this.#fair[this.count] = isProgress ? 1 : 0;
    this.moves[this.count++] = move;
    if (isProgress) this.hasProgress = true;
  }
}

/** The choices that name each way of these slots. */
function waysOf(slots: readonly number[], { layout }: Machine): readonly number[] {
  return slots.flatMap((slot) => Array.from({ length: layout.tlbWays }, (_, way) => slot * layout.tlbWays + way));
}
