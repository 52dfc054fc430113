export { MAX_FLUSHES } from './bits.js';
export { type Contract, type ContractId, CONTRACTS } from './contracts.js';
export type { GenerationContext, GuaranteeMark, SafetyListener, SafetyOptions } from './options.js';
export { SafetyMonitor } from './safety-monitor.js';
export { type MonitoredKernel, safetyMonitor } from './kernel-monitor.js';
