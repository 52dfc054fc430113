import { Action, FIRST_ACTION, type Machine, Opcode, Operand, type Schedule } from '@shootdown/core';
import { FOOTPRINT_OF, FootprintCode } from '../op-table.js';
import type { Conflicts } from './conflicts.js';
import { isSoftware, isWait } from './enabled.js';
import { Engine, engineNumber, engineOf } from './engines.js';
import type { EngineState } from './engine-state.js';
import type { Holder, TimedMove } from './schedule-timing.js';
import type { Takeable } from './takeable.js';

/** Moves that nothing says the time of. A walk is one unless an access waits for it. */
const BY_CHANCE: ReadonlySet<number> = new Set([
  Action.takeNmi,
  Action.evict,
  Action.evictPagingStructure,
  Action.tick,
  Action.deschedule,
  Action.enterVcpu,
  Action.hitProbe,
  Action.loadSpeculatively,
]);

const OF_ENGINE: ReadonlyMap<number, Holder> = new Map([
  [Engine.storeBuffer, 'storeBuffer'],
  [Engine.walker, 'walker'],
  [Engine.apic, 'ipi'],
  [Engine.broadcasts, 'broadcast'],
]);

type Held = Pick<TimedMove, 'heldPs' | 'holder' | 'isByChance'>;

/** By how much a move is later than costs explain. */
export class Holding {
  readonly #machine: Machine;
  readonly #schedule: Schedule;
  readonly #conflicts: Conflicts;
  readonly #engines: readonly EngineState[];
  readonly #takeable: Takeable;

  constructor(
    machine: Machine,
    schedule: Schedule,
    conflicts: Conflicts,
    engines: readonly EngineState[],
    takeable: Takeable,
  ) {
    this.#machine = machine;
    this.#schedule = schedule;
    this.#conflicts = conflicts;
    this.#engines = engines;
    this.#takeable = takeable;
  }

  /**
   * Of the next move of an engine, which begins now. `naturalPs`: when its engine is free, it is enabled, and what it waits for is there;
   * `softwarePs`: straight-line code that an interrupt finds pending.
   */
  of(engine: EngineState, nowPs: number, naturalPs: number, softwarePs: number): Held {
    const move = this.#schedule.move(engine.head);
    const kind = engineOf(move);
    if (kind !== Engine.program) return this.#byHardware(engine, move, nowPs, naturalPs);
    if (move >= FIRST_ACTION) return this.#entry(engine, move - FIRST_ACTION, nowPs, softwarePs);
    const holder = this.#machine.inUserMode(engine.cpu) ? 'user' : 'kernel';
    return { heldPs: nowPs - naturalPs, holder, isByChance: false };
  }

  #byHardware(engine: EngineState, move: number, nowPs: number, naturalPs: number): Held {
    const holder = OF_ENGINE.get(engineOf(move)) ?? 'kernel';
    if (move !== FIRST_ACTION + Action.startWalk) {
      const isByChance = BY_CHANCE.has(move - FIRST_ACTION);
      return { heldPs: isByChance ? 0 : nowPs - naturalPs, holder, isByChance };
    }
    const program = this.#engines[engineNumber(engine.cpu, Engine.program)] as EngineState;
    if (!this.#isAwaited(engine, program)) return { heldPs: 0, holder, isByChance: true };
    return { heldPs: Math.max(0, nowPs - Math.max(naturalPs, program.freePs)), holder, isByChance: false };
  }

  /** The program's next access waits for this walk. */
  #isAwaited({ cpu, head }: EngineState, program: EngineState): boolean {
    const base = this.#machine.pending(cpu);
    if (program.isBusy || base < 0) return false;
    const { operands } = this.#machine.runner;
    if (FOOTPRINT_OF[operands[base] as number] !== FootprintCode.user) return false;
    return operands[base + Operand.a] === this.#schedule.choice(head) && !this.#machine.canExecute(cpu);
  }

  /** The CPU leaves its program: it may have gone past the interrupt, and it may have dawdled until it came. */
  #entry(engine: EngineState, action: number, nowPs: number, softwarePs: number): Held {
    const isByChance = action !== Action.takeInterrupt;
    const possible = isByChance ? nowPs : this.#takeable.firstPs(engine.cpu, engine.leavablePs);
    const late = nowPs - (possible < 0 ? nowPs : possible);
    const dawdled = this.#couldGoOn(engine) ? nowPs - engine.freePs - softwarePs : 0;
    return dawdled > late
      ? { heldPs: dawdled, holder: 'kernel', isByChance }
      : { heldPs: late, holder: 'interrupt', isByChance };
  }

  /** Code of the kernel is at an op that waits for nothing. Code in user mode may do something else meanwhile, which a shortest run leaves out. */
  #couldGoOn({ cpu, head }: EngineState): boolean {
    if (this.#machine.inUserMode(cpu)) return false;
    if (!isSoftware(this.#machine, cpu, this.#schedule.move(head))) return this.#machine.canExecute(cpu);
    const opcode = this.#conflicts.pending[head] as number;
    return opcode >= 0 && opcode !== Opcode.halt && !isWait(opcode);
  }
}
