export type { Env, Features, StrategyCosts } from './env.js';
export { ALL_PAGES, ANY_MM, type FlushRequest, INIT_MM, SWITCHING } from './flush-request.js';
export { type Hooks, KERNEL_CHOOSES, type KernelThread } from './hooks.js';
export type { FlushInfo, KernelView } from './kernel-view.js';
export {
  API_VERSION,
  type Assumption,
  type Guarantee,
  type Layout,
  type Manifest,
  type Mark,
  NAME_PATTERN,
  type RequiredFeature,
} from './manifest.js';
export type {
  CalledFunction,
  CallFunction,
  Condition,
  Cpu,
  FlushKind,
  Group,
  Mask,
  Op,
  Phase,
  Program,
  ProgramRef,
  RecordPlacement,
  Records,
  Vector,
  Word,
  WordClass,
} from './op-types.js';
export { Owner } from './owner.js';
export { StealTime } from './steal-time.js';
export { defineStrategy, type OptionsOf, type Strategy, STRATEGY_BRAND, type StrategyDefinition } from './strategy.js';
