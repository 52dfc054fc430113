export { Accounting, type AccountingPlan, ALL_PHASES, FRAME_PHASES, type FramePhase } from './accounting.js';
export { Directory, type DirectoryCounters } from './directory.js';
export type { DirectoryCosts } from './directory-costs.js';
export { EventQueue } from './event-queue.js';
export type { Observer } from './observer.js';
export { LatencySamples, type LatencySummary } from './samples.js';
export { type RunLimits, Simulator, type SimulatorParts } from './simulator.js';
export { TlbGeometry, TlbLevel } from './tlb-geometry.js';
