export { AutomatonRunner, DEFAULT_MAX_NODES, FRAME_WORDS } from './automaton/automaton-runner.js';
export { type NodePath, ProgramAutomaton, RETURNED } from './automaton/program-automaton.js';
export { type Derivation, rederive } from './automaton/rederive.js';
export {
  automatonMachine,
  explore,
  type ExploreOptions,
  type ExplorerMachineOptions,
  type MachineFactory,
  type RunningExploration,
  startExploration,
} from './explore.js';
export { type Exploration, type FoundViolation, scheduleOf, type TraceStep, type Verdict } from './exploration.js';
export { checkPrograms } from './check-programs.js';
export type { ActionPolicy } from './search/action-policy.js';
export type { SearchProgress } from './search/search.js';
