import { Action, FIRST_ACTION, type Machine, Opcode } from '@shootdown/core';
import type { FoundViolation, TraceStep } from '../exploration.js';
import { automatonMachine, type AutomatonMachine, type MachineFactory } from '../explore.js';
import { Surroundings } from '../reduction/surroundings.js';
import type { ActionPolicy } from '../search/action-policy.js';
import { CollapsedStore } from '../search/collapsed-store.js';
import { componentGroups } from '../search/components.js';
import { EnabledMoves } from '../search/enabled-moves.js';
import { actionOf, choiceOf, cpuOf } from '../search/move.js';
import { Mover } from '../search/mover.js';
import { traceOf } from '../search/trace.js';
import { VectorTable } from '../search/vector-table.js';

/** States after which the attempt is given up. */
const MOST_STATES = 400_000;

/** What the explicit walker and its caches do by themselves: these moves may be inserted anywhere. */
const FREE: ReadonlySet<number> = new Set([
  Action.startWalk,
  Action.stepWalk,
  Action.fill,
  Action.evict,
  Action.evictPagingStructure,
]);

/** Moves that go through a translation. */
const ACCESSES: ReadonlySet<number> = new Set([
  Opcode.userLoad,
  Opcode.userStore,
  FIRST_ACTION + Action.loadSpeculatively,
]);

/**
 * Makes a counterexample of a saturated walker on a machine whose walks and evictions are moves: the same ops and actions in the same
 * order, with as few walks and evictions between them as it takes. Undefined when none is found within bounds. `actions`: what the
 * hardware of that machine does by itself.
 */
export function onExplicitWalker(
  found: FoundViolation,
  makeMachine: MachineFactory,
  actions: ActionPolicy,
): FoundViolation | undefined {
  const explicit = automatonMachine(makeMachine);
  const initial = Int32Array.from(explicit.machine.state);
  const moves = new Insertion(explicit, found, actions).search();
  if (moves === undefined) return undefined;
  explicit.machine.state.set(initial);
  const trace = traceOf(
    explicit.machine,
    explicit.runner,
    new Mover(explicit.machine, new Surroundings(explicit.machine), undefined),
    moves,
  );
  return { ...found, trace };
}

/** A state with how many of the given steps have been made, and how it was reached. */
interface Place {
  readonly state: number;
  readonly made: number;
  readonly parent: Place | undefined;
  readonly move: number;
}

/** Breadth first by the number of inserted moves. */
class Insertion {
  readonly #machine: Machine;
  readonly #found: FoundViolation;
  readonly #steps: readonly TraceStep[];
  readonly #enabled: EnabledMoves;
  readonly #mover: Mover;
  readonly #store: CollapsedStore;
  readonly #places = new VectorTable(0, 2);

  constructor({ machine }: AutomatonMachine, found: FoundViolation, actions: ActionPolicy) {
    this.#machine = machine;
    this.#found = found;
    this.#steps = found.trace.filter(({ move }) => move !== FIRST_ACTION + Action.walkWhole);
    this.#enabled = new EnabledMoves(machine, { ...actions, evictPagingStructures: true });
    this.#mover = new Mover(machine, new Surroundings(machine), undefined);
    this.#store = new CollapsedStore(componentGroups(machine), machine.state);
  }

  /** The moves of the whole run. */
  search(): readonly number[] | undefined {
    this.#mover.begin();
    const first = this.#place(0, undefined, 0);
    let level = first === undefined ? [] : [first];
    while (level.length > 0 && this.#places.count < MOST_STATES) {
      const inserted: Place[] = [];
      // Places that a given step leads to are appended to the level that is walked through.
      for (const place of level) {
        const end = this.#expand(place, level, inserted);
        if (end !== undefined) return movesTo(end);
      }
      level = inserted;
    }
    return undefined;
  }

  #expand(place: Place, level: Place[], inserted: Place[]): Place | undefined {
    this.#restore(place);
    this.#enabled.collect();
    const moves = Array.from(this.#enabled.moves.subarray(0, this.#enabled.count));
    for (const move of moves) {
      const isGiven = this.#isGiven(move, place.made);
      if (!isGiven && !FREE.has(actionOf(move))) continue;
      this.#restore(place);
      this.#mover.make(move);
      const made = place.made + (isGiven ? 1 : 0);
      if (this.#machine.violations.length > 0) {
        if (this.#isWanted(made)) return { state: -1, made, parent: place, move };
        continue;
      }
      const next = this.#place(made, place, move);
      if (next !== undefined) (isGiven ? level : inserted).push(next);
    }
    return undefined;
  }

  /** The move is the next one of the given steps. An access may go any way: through which entry is what the walks decide. */
  #isGiven(move: number, made: number): boolean {
    const step = this.#steps[made];
    if (step === undefined || cpuOf(move) !== step.cpu) return false;
    const action = actionOf(move);
    const kind = action >= 0 ? FIRST_ACTION + action : this.#machine.runner.operands[this.#machine.pending(step.cpu)];
    return kind === step.move && (ACCESSES.has(kind) || choiceOf(move) === step.choice);
  }

  #isWanted(made: number): boolean {
    const { contract, form } = this.#found;
    const isSame = this.#machine.violations.some((each) => each.contract === contract && each.form === form);
    this.#machine.violations.length = 0;
    return isSame && made === this.#steps.length;
  }

  /** The machine's present state as a place; undefined when it has been met. */
  #place(made: number, parent: Place | undefined, move: number): Place | undefined {
    const state = this.#store.add(this.#machine.state, this.#machine.writes, this.#mover.reach);
    const before = this.#places.count;
    return this.#places.intern(Int32Array.of(state, made)) === before ? { state, made, parent, move } : undefined;
  }

  #restore({ state }: Place): void {
    this.#store.restore(state);
    this.#machine.state.set(this.#store.base);
    this.#machine.violations.length = 0;
  }
}

function movesTo(end: Place): readonly number[] {
  const moves: number[] = [];
  for (let place = end; place.parent !== undefined; place = place.parent) moves.push(place.move);
  return moves.reverse();
}
