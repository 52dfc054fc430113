export { Accounting, type AccountingPlan, ALL_PHASES, FRAME_PHASES, type FramePhase } from './accounting.js';
export { Directory, type DirectoryCounters } from './directory.js';
export type { DirectoryCosts } from './directory-costs.js';
export { EventQueue } from './event-queue.js';
export type { Observer } from './observer.js';
export { LatencySamples, type LatencySummary } from './samples.js';
export { shapeOf, type WorkloadSize } from './machine-shape.js';
export { type RunLimits, Simulator, type SimulatorParts } from './simulator.js';
export {
  type PreparedRun,
  prepareRun,
  type TimedOptions,
  type TimedResult,
  timedRun,
  type TimedWorkload,
} from './timed-run.js';
export { TlbGeometry, TlbLevel } from './tlb-geometry.js';
export type { TimedViolation } from './violation-log.js';
export { type CellRequest, safetyMonitor, scenarioWorkload } from './scenario-workload.js';
export { DebtTimes } from './debt-times.js';
export {
  HOLDERS,
  type Holder,
  type ScheduleTiming,
  type TimedMove,
  type UnmadeMove,
} from './schedule/schedule-timing.js';
export type { ScheduleRequest } from './schedule/schedule-request.js';
export { timeSchedule } from './schedule/time-schedule.js';
