import { Action, countOutcomes, CpuField, type Machine, MACHINE_ACTIONS, Opcode, Operand } from '@shootdown/core';
import type { ActionPolicy } from './action-policy.js';
import { couldTake, lateTake } from '../reduction/late-delivery.js';
import { actionMove, opMove } from './move.js';

/** Actions that are always offered and always bring the machine nearer to its end. */
const PROGRESS = [Action.drain, Action.takeInterrupt] as const;
/** Largest number of moves that one state can offer. */
const CAPACITY = 4096;

/** The moves that a machine's state offers under a policy. */
export class EnabledMoves {
  readonly moves: Int32Array = new Int32Array(CAPACITY);
  count = 0;
  /** Some offered move is fair: an op, a drain, a delivery, an interrupt, or a walk that a pending access waits for. */
  hasProgress = false;
  readonly #fair = new Uint8Array(CAPACITY);
  readonly #lateDelivery: boolean;
  readonly #machine: Machine;
  readonly #speculative: readonly number[];
  readonly #loads: readonly number[];
  readonly #evictions: readonly number[];
  readonly #pagingStructures: number;

  /** `lateDelivery`: an IPI arrives just before it is taken. */
  constructor(machine: Machine, policy: ActionPolicy, lateDelivery = false) {
    this.#machine = machine;
    this.#lateDelivery = lateDelivery;
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
    this.hasProgress = false;
  }

  #collectCpu(cpu: number): void {
    const missing = this.#missingPage(cpu);
    if (missing < 0) this.#offerOp(cpu);
    for (const action of PROGRESS) this.#offer(cpu, action, 0, true);
    for (let vector = 0; vector < this.#machine.layout.vectorCount; vector++) this.#offerIpi(cpu, vector);
    this.#offerBroadcasts(cpu);
    this.#offerWalks(cpu, missing);
    this.#offer(cpu, Action.tick, 0, true);
    this.#offer(cpu, Action.enterVcpu, 0, true);
    this.#offer(cpu, Action.deschedule, 0, false);
    this.#offer(cpu, Action.takeNmi, 0, false);
    this.#offer(cpu, Action.hitProbe, 0, false);
    for (const choice of this.#loads) this.#offer(cpu, Action.loadSpeculatively, choice, false);
    for (const slot of this.#evictions) this.#offer(cpu, Action.evict, slot, false);
    for (let slot = 0; slot < this.#pagingStructures; slot++)
      this.#offer(cpu, Action.evictPagingStructure, slot, false);
  }

  #offerIpi(cpu: number, vector: number): void {
    const machine = this.#machine;
    if (!this.#lateDelivery) {
      this.#offer(cpu, Action.deliver, vector, true);
      return;
    }
    const { state, layout } = machine;
    const inFlight = state[layout.cpu(cpu) + layout.inFlight + vector] as number;
    if (inFlight === 0 || !couldTake(machine, cpu, vector)) return;
    for (let count = 1; count <= inFlight; count++) this.#push(lateTake(machine, cpu, vector, count), true);
  }

  #offerOp(cpu: number): void {
    const machine = this.#machine;
    if (!machine.canExecute(cpu)) return;
    const base = machine.pending(cpu);
    const ways = this.#ways(cpu, base);
    for (let choice = 0; choice < ways; choice++) this.#push(opMove(cpu, choice), true);
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
