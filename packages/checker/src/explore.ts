import {
  type Boot,
  type Machine,
  type MachineOptions,
  PROGRAM_OPS,
  type Runner,
  ShootdownError,
  type WordLists,
} from '@shootdown/core';
import { AutomatonRunner, DEFAULT_MAX_NODES, FRAME_WORDS } from './automaton/automaton-runner.js';
import { IdleRunner } from './automaton/idle-runner.js';
import { ProgramAutomaton } from './automaton/program-automaton.js';
import { type Derivation, rederive } from './automaton/rederive.js';
import type { Exploration } from './exploration.js';
import { EagerMoves } from './reduction/eager-moves.js';
import { Futures } from './reduction/futures.js';
import { IdleNmis } from './reduction/idle-nmis.js';
import { OwnInvalidations } from './reduction/own-invalidations.js';
import { Sharing } from './reduction/sharing.js';
import { SharingWalks } from './reduction/sharing-walks.js';
import { Surroundings } from './reduction/surroundings.js';
import type { ActionPolicy } from './search/action-policy.js';
import { CollapsedStore } from './search/collapsed-store.js';
import { componentGroups } from './search/components.js';
import { LearningSearch } from './search/learning-search.js';
import { PlainStore } from './search/plain-store.js';
import type { Eagerness } from './search/eagerness.js';
import { Search } from './search/search.js';
import type { SearchProgress } from './search/search-progress.js';
import type { StateStore } from './search/state-store.js';
import { MOST_CONTENTS } from './search/vector-table.js';

/** The machine options that an exploration decides. */
export type ExplorerMachineOptions = Required<Pick<MachineOptions, 'runner' | 'runnerWordsPerContext'>>;
/** Boots the machine to explore; called several times, and every time with fresh programs. */
export type MachineFactory = (options: ExplorerMachineOptions) => Machine;

export interface ExploreOptions {
  readonly actions?: ActionPolicy;
  /** States after which the search gives up. Default 20 million, at most 133 million. */
  readonly maxStates?: number;
  /** Bytes of the state tables after which it gives up. Default: no limit. */
  readonly maxBytes?: number;
  /** Asked every few thousand states: true ends the search as inconclusive. The caller owns the clock. */
  readonly expired?: () => boolean;
  /** Ends at the first violation, which is a shortest one. Default false. */
  readonly stopAtFirst?: boolean;
  /**
   * Violations, written `C1 exposed`, that are recorded without ending their path: what follows them is explored too.
   * Default none: a violating state has no successors.
   */
  readonly expandBeyond?: readonly string[];
  /** What of a terminal state to tell apart. Default: nothing. */
  readonly project?: (machine: Machine) => string;
  /** Whole vectors instead of interned components: slower and larger, for cross-checks. Default `collapsed`. */
  readonly store?: 'collapsed' | 'plain';
  /**
   * A move is made once for all that it looks at, not once for each state: how many moves, or answers to what they look at, are remembered
   * at a time. Default 8 million; 0 for cross-checks.
   */
  readonly rememberMoves?: number;
  /** For cross-checks: what is remembered is found out all the same. Throws INTERNAL where that differs. Default false. */
  readonly checkRemembered?: boolean;
  /** Nodes one program may unfold into. Default 20,000. */
  readonly maxNodesPerProgram?: number;
  /** Reductions of the search. Default: none. A verdict does not depend on them; tests compare. */
  readonly reductions?: readonly Reduction[];
}

/**
 * - `private`: accesses to words that no other context can still touch, and ops that nobody else can observe, are made at once.
 * - `owned`: so are accesses of the owner to hand-off records, whose ownership is checked.
 * - `unread-frames`: stores into frames are made at once where no program reads what frames hold: those of the kernel, and the
 *   first of two equal ones that lie next to each other in a store buffer.
 * - `invalidations`: a CPU drops its own translations at once where others can do no more to page tables than add entries.
 * - `late-delivery`: an IPI arrives at the local APIC just before it is taken, and the local timer runs down just before its tick is.
 * - `late-moves`: what no other CPU notices and cannot hurry for the sake of its own CPU's handlers, the taking of an interrupt or NMI out of
 *   the kernel among it, is made together with the next move of its CPU that others could notice.
 * - `clean-first`: what makes a difference only to what can follow a violation is put off or made at once as long as none has been found: the
 *   taking of an interrupt or NMI out of user mode, and the return there. With the first violation the search begins anew without.
 * - `idle-nmis`: an NMI that comes to the end of its program and leaves everything as it was is not gone on from.
 */
export const REDUCTIONS = [
  'private',
  'owned',
  'unread-frames',
  'invalidations',
  'late-delivery',
  'late-moves',
  'clean-first',
  'idle-nmis',
] as const;
export type Reduction = (typeof REDUCTIONS)[number];

const DEFAULT_MAX_STATES = 20_000_000;
/** More have no number. The last state that is expanded leads to some more. */
const MOST_STATES = MOST_CONTENTS - 2 ** 20;
const DEFAULT_REMEMBERED = 8_000_000;

/** An exploration under way. */
export interface RunningExploration {
  /** Expands up to so many more states; true when nothing is left to do. */
  advance(states: number): boolean;
  progress(): SearchProgress;
  /** What has been seen; inconclusive when it could still advance. Throws SHARED_STATE or NONDETERMINISM as `explore` does. */
  finish(): Exploration;
}

/**
 * Explores every interleaving of a machine from its initial state. Throws what a program's misuse throws, and
 * UNBOUNDED_PROGRAM, NONDETERMINISM or SHARED_STATE when a program is not a bounded function of what it received.
 */
export function explore(makeMachine: MachineFactory, options: ExploreOptions = {}): Exploration {
  const exploration = startExploration(makeMachine, options);
  while (!exploration.advance(Number.POSITIVE_INFINITY));
  return exploration.finish();
}

/** As `explore`, in portions: between two of them the caller may show progress or give up. */
export function startExploration(makeMachine: MachineFactory, options: ExploreOptions = {}): RunningExploration {
  const maxNodes = options.maxNodesPerProgram ?? DEFAULT_MAX_NODES;
  const explored = automatonMachine(makeMachine, maxNodes);
  const surroundings = new Surroundings(explored.machine);
  const eagerness = eagernessOf(explored, surroundings, options);
  const walks =
    eagerness &&
    new SharingWalks(explored.machine, explored.runner.automaton, eagerness.sharing, options.actions ?? {});
  const search = new LearningSearch(searchStarter(explored, options, surroundings, eagerness), walks);
  return {
    advance: (states) => search.advance(states),
    progress: () => search.progress(),
    finish() {
      const exploration = search.report();
      rederive({ machine: explored.machine, automaton: explored.runner.automaton }, () =>
        unstarted(makeMachine, maxNodes),
      );
      return exploration;
    },
  };
}

/** Makes a search from the initial state; each time with what the ones before have learned. */
function searchStarter(
  { machine, runner }: AutomatonMachine,
  options: ExploreOptions,
  surroundings: Surroundings,
  eagerness: Eagerness | undefined,
): () => Search {
  const initial = Int32Array.from(machine.state);
  const actions = options.actions ?? {};
  return () => {
    machine.state.set(initial);
    eagerness?.sharing.restart();
    eagerness?.futures.restart();
    return new Search(machine, runner, storeFor(machine, options), {
      actions,
      maxStates: Math.min(options.maxStates ?? DEFAULT_MAX_STATES, MOST_STATES),
      maxBytes: options.maxBytes ?? Number.POSITIVE_INFINITY,
      expired: options.expired ?? (() => false),
      stopAtFirst: options.stopAtFirst ?? false,
      expandBeyond: options.expandBeyond ?? [],
      project: options.project ?? (() => ''),
      eagerness,
      surroundings,
      rememberMoves: options.rememberMoves ?? DEFAULT_REMEMBERED,
      checkRemembered: options.checkRemembered ?? false,
      lateDelivery: options.reductions?.includes('late-delivery') ?? false,
      lateMoves: options.reductions?.includes('late-moves') ?? false,
      idleNmis: (options.reductions?.includes('idle-nmis') ?? false) && IdleNmis.canServe(machine),
    });
  };
}

/** Which moves need not wait, by what will be known of who touches what. */
function eagernessOf(
  { machine, runner }: AutomatonMachine,
  surroundings: Surroundings,
  { reductions = [], actions = {}, expandBeyond = [] }: ExploreOptions,
): Eagerness | undefined {
  const rules = {
    private: reductions.includes('private'),
    // Who goes on after a foreign access may have read the record before its owner changed it, or after.
    owned: reductions.includes('owned') && !expandBeyond.some((form) => form.startsWith('C8 ')),
    unreadFrames: reductions.includes('unread-frames'),
    invalidations: reductions.includes('invalidations'),
    cleanFirst: reductions.includes('clean-first'),
  };
  if (!Object.values(rules).includes(true) || !Sharing.canServe(machine)) return undefined;
  const sharing = new Sharing(machine);
  const futures = new Futures(machine, runner.automaton, surroundings);
  const loadsSpeculatively = (actions.speculativeLoads ?? []).length > 0;
  const invalidations = new OwnInvalidations(machine, surroundings, sharing, futures, loadsSpeculatively);
  return { sharing, futures, moves: new EagerMoves({ machine, sharing, futures, invalidations, surroundings }, rules) };
}

function storeFor(machine: Machine, options: ExploreOptions): StateStore {
  if (options.store === 'plain') return new PlainStore(machine.state);
  return new CollapsedStore(componentGroups(machine), machine.state);
}

/** A machine whose programs run as automata. */
export interface AutomatonMachine {
  readonly machine: Machine;
  readonly runner: AutomatonRunner;
}

/** Boots a machine whose programs run as automata. */
export function automatonMachine(
  makeMachine: MachineFactory,
  maxNodesPerProgram: number = DEFAULT_MAX_NODES,
): AutomatonMachine {
  const make = (boot: Boot, machine: Machine, lists: WordLists): AutomatonRunner =>
    new AutomatonRunner(boot, machine, lists, maxNodesPerProgram);
  return bootWith(makeMachine, make);
}

/** A machine of which no program has run, with an automaton that can derive them in any order. */
export function unstarted(makeMachine: MachineFactory, maxNodesPerProgram: number): Derivation {
  const { machine } = bootWith(makeMachine, () => new IdleRunner());
  const describe = (base: number): string => PROGRAM_OPS[automaton.operands[base] as number]?.name ?? '?';
  const automaton: ProgramAutomaton = new ProgramAutomaton(machine.boot, machine.lists, {
    maxNodesPerProgram,
    describe,
  });
  return { machine, automaton };
}

function bootWith<Kind extends Runner>(
  makeMachine: MachineFactory,
  make: (boot: Boot, machine: Machine, lists: WordLists) => Kind,
): { machine: Machine; runner: Kind } {
  const made: { runner?: Kind } = {};
  const machine = makeMachine({
    runnerWordsPerContext: FRAME_WORDS,
    runner(boot: Boot, owner: Machine, _contexts: number, lists: WordLists): Kind {
      made.runner = make(boot, owner, lists);
      return made.runner;
    },
  });
  if (made.runner === undefined) {
    throw new ShootdownError(
      'INVALID_ARGUMENT',
      'The machine factory ignored the options it was given. Pass them on: new Machine(boot, { ...options }).',
    );
  }
  return { machine, runner: made.runner };
}
