import { Access, accessKind, Action, CpuField, type Machine, MACHINE_ACTIONS, Opcode, Operand } from '@shootdown/core';
import type { ActionPolicy } from './action-policy.js';
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
  readonly #machine: Machine;
  readonly #speculative: readonly number[];
  readonly #loads: readonly number[];
  readonly #evictions: readonly number[];
  readonly #pagingStructures: number;

  constructor(machine: Machine, policy: ActionPolicy) {
    this.#machine = machine;
    const { pages, pcids, pscSlots } = machine.layout;
    this.#speculative = policy.speculativePages ?? [];
    this.#loads = policy.speculativeLoads ?? [];
    const evictable = policy.evictablePages ?? [];
    this.#evictions = Array.from({ length: pcids }, (_, pcid) => evictable.map((page) => pcid * pages + page)).flat();
    this.#pagingStructures = policy.evictPagingStructures === true ? pcids * pscSlots : 0;
  }

  /** Collects the moves of the machine's present state. */
  collect(): void {
    this.count = 0;
    this.hasProgress = false;
    for (let cpu = 0; cpu < this.#machine.layout.cpuCount; cpu++) this.#collectCpu(cpu);
  }

  #collectCpu(cpu: number): void {
    const missing = this.#missingPage(cpu);
    if (missing < 0) this.#offerOp(cpu);
    for (const action of PROGRESS) this.#offer(cpu, action, 0, true);
    for (let vector = 0; vector < this.#machine.layout.vectorCount; vector++)
      this.#offer(cpu, Action.deliver, vector, true);
    this.#offerBroadcasts(cpu);
    this.#offerWalks(cpu, missing);
    this.#offer(cpu, Action.takeNmi, 0, false);
    this.#offer(cpu, Action.hitProbe, 0, false);
    for (const page of this.#loads) this.#offer(cpu, Action.loadSpeculatively, page, false);
    for (const slot of this.#evictions) this.#offer(cpu, Action.evict, slot, false);
    for (let slot = 0; slot < this.#pagingStructures; slot++)
      this.#offer(cpu, Action.evictPagingStructure, slot, false);
  }

  #offerOp(cpu: number): void {
    const machine = this.#machine;
    if (!machine.canExecute(cpu)) return;
    const base = machine.pending(cpu);
    const ways =
      machine.runner.operands[base] === Opcode.choose ? (machine.runner.operands[base + Operand.a] as number) : 1;
    for (let choice = 0; choice < ways; choice++) this.#push(opMove(cpu, choice), true);
  }

  #offerBroadcasts(cpu: number): void {
    const { broadcasts, cpuCount } = this.#machine.layout;
    for (let choice = 0; choice < cpuCount * broadcasts; choice++)
      this.#offer(cpu, Action.finishBroadcast, choice, true);
  }

  #offerWalks(cpu: number, missing: number): void {
    const machine = this.#machine;
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
    if (page < 0 || page >= machine.layout.pages) return -1;
    return accessKind(machine, cpu, page, opcode === Opcode.userStore) === Access.miss ? page : -1;
  }

  #offer(cpu: number, action: number, choice: number, isProgress: boolean): void {
    if (MACHINE_ACTIONS[action]?.enabled(this.#machine, cpu, choice) === true)
      this.#push(actionMove(cpu, action, choice), isProgress);
  }

  #push(move: number, isProgress: boolean): void {
    this.moves[this.count++] = move;
    if (isProgress) this.hasProgress = true;
  }
}
