import { type Boot, type Machine, type MachineOptions, ShootdownError, type WordLists } from '@shootdown/core';
import { AutomatonRunner, DEFAULT_MAX_NODES, FRAME_WORDS } from './automaton/automaton-runner.js';
import { type AutomatonMachine, rederive } from './automaton/rederive.js';
import type { Exploration } from './exploration.js';
import type { ActionPolicy } from './search/action-policy.js';
import { PlainStore } from './search/plain-store.js';
import { Search } from './search/search.js';

/** The machine options that an exploration decides. */
export type ExplorerMachineOptions = Required<Pick<MachineOptions, 'runner' | 'runnerWordsPerContext'>>;
/** Boots the machine to explore; called several times, and every time with fresh programs. */
export type MachineFactory = (options: ExplorerMachineOptions) => Machine;

export interface ExploreOptions {
  readonly actions?: ActionPolicy;
  /** States after which the search gives up. Default 20 million. */
  readonly maxStates?: number;
  /** Asked every few thousand states: true ends the search as inconclusive. The caller owns the clock. */
  readonly expired?: () => boolean;
  /** Ends at the first violation, which is a shortest one. Default false. */
  readonly stopAtFirst?: boolean;
  /** What of a terminal state to tell apart. Default: nothing. */
  readonly project?: (machine: Machine) => string;
  /** Nodes one program may unfold into. Default 20,000. */
  readonly maxNodesPerProgram?: number;
}

const DEFAULT_MAX_STATES = 20_000_000;

/**
 * Explores every interleaving of a machine from its initial state. Throws what a program's misuse throws, and
 * UNBOUNDED_PROGRAM, NONDETERMINISM or SHARED_STATE when a program is not a bounded function of what it received.
 */
export function explore(makeMachine: MachineFactory, options: ExploreOptions = {}): Exploration {
  const make = (): AutomatonMachine => automatonMachine(makeMachine, options.maxNodesPerProgram ?? DEFAULT_MAX_NODES);
  const explored = make();
  const search = new Search(explored.machine, explored.runner, new PlainStore(explored.machine.layout.size), {
    actions: options.actions ?? {},
    maxStates: options.maxStates ?? DEFAULT_MAX_STATES,
    expired: options.expired ?? (() => false),
    stopAtFirst: options.stopAtFirst ?? false,
    project: options.project ?? (() => ''),
  });
  const exploration = search.run();
  rederive(explored, make);
  return exploration;
}

/** Boots a machine whose programs run as automata. */
export function automatonMachine(
  makeMachine: MachineFactory,
  maxNodesPerProgram: number = DEFAULT_MAX_NODES,
): AutomatonMachine {
  const made: { runner?: AutomatonRunner } = {};
  const machine = makeMachine({
    runnerWordsPerContext: FRAME_WORDS,
    runner(boot: Boot, owner: Machine, _contexts: number, lists: WordLists): AutomatonRunner {
      made.runner = new AutomatonRunner(boot, owner, lists, maxNodesPerProgram);
      return made.runner;
    },
  });
  if (made.runner === undefined)
    throw new ShootdownError(
      'INVALID_ARGUMENT',
      'The machine factory ignored the options it was given. Pass them on: new Machine(boot, { ...options }).',
    );
  return { machine, runner: made.runner };
}
