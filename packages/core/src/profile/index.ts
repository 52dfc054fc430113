export { MAX_CPUS, MAX_FITTED, profileProblems } from './check-profile.js';
export { type CostTable, costTable, cyclesToPs, type ParameterCosts, type ParameterOverrides } from './cost-table.js';
export { drawProfile } from './draw-profile.js';
export { machineProfile, machineProfiles } from './machine-profiles.js';
export type {
  FittedParameter,
  Parameter,
  ParameterSource,
  ParameterStatus,
  ParameterUnit,
  PriorParameter,
  PriorRange,
  SourcedParameter,
} from './parameter.js';
export {
  type AnyParameterName,
  BROADCAST_PARAMETER_NAMES,
  type FeatureParameterName,
  isParameterName,
  PARAMETER_MEANINGS,
  PARAMETER_NAMES,
  type ParameterName,
  parameterNames,
  unitOf,
  VIRTUAL_PARAMETER_NAMES,
} from './parameter-names.js';
export {
  type ApicMode,
  type BroadcastLimits,
  cpuCountOf,
  type MachineFeatures,
  type MachineProfile,
  type TlbShape,
  type TopologyShape,
} from './profile.js';
export { machineProfileSchema } from './profile-schema.js';
export { withCpuCount } from './with-cpu-count.js';
