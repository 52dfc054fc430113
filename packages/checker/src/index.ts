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
  type Reduction,
  REDUCTIONS,
} from './explore.js';
export {
  type Exploration,
  type FoundViolation,
  type Limit,
  scheduleOf,
  type TableBytes,
  type TraceStep,
  type Verdict,
} from './exploration.js';
export { checkPrograms } from './check-programs.js';
export type { ActionPolicy } from './search/action-policy.js';
export type { SearchProgress } from './search/search-progress.js';
export {
  assumptionsOf,
  type Cell,
  type CellDescription,
  cellText,
  checkCell,
  isDeferred,
  MEMORIES,
  type Memory,
  TARGET_STATES,
  type TargetState,
  unusualAssumptions,
  vacuity,
  type Walker,
  WALKERS,
} from './cells/cell.js';
export { type CellBounds, cellBounds } from './cells/cell-bounds.js';
export { cellActions, type CellMachine, cellMachine } from './cells/cell-machine.js';
export { type CellScenario, cellScenarios, findCellScenario, flushKind } from './cells/cell-scenario.js';
export { type CellResult, checkCellWhole, type CheckOptions, type RunningCell, startCell } from './cells/check-cell.js';
export { type Counterexample, type SavedMove, savedMoves, savedSchedule } from './counterexample/counterexample.js';
export { counterexampleSchema } from './counterexample/counterexample-schema.js';
export { mermaidText } from './counterexample/mermaid.js';
export { modelText } from './counterexample/model-text.js';
export { retrace } from './counterexample/retrace.js';
export { type Ending, isSend, sequenceText, stepTitle } from './counterexample/sequence.js';
export { type Step, stepsOf } from './counterexample/steps.js';
export type { MoveTimes } from './counterexample/times.js';
export { builtInLitmus } from './litmus/built-in.js';
export { litmusSchema } from './litmus/litmus-schema.js';
export type { LitmusExpectation, LitmusFile, LitmusTest, LitmusThread } from './litmus/litmus-test.js';
export { type LitmusObservation, type LitmusResult, runLitmus } from './litmus/run-litmus.js';
