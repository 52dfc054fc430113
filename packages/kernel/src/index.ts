export { type BootedKernel, bootKernel } from './boot-kernel.js';
export { KERNEL_COST_NAMES, type KernelCosts, kernelCosts, NO_COSTS } from './costs.js';
export type { HookPrograms } from './hook-programs.js';
export { FLUSH_KIND_INDEX, Kernel } from './kernel.js';
export { DEFAULT_ENVIRONMENT, type Environment, type KernelOptions } from './options.js';
export {
  type KernelProgram,
  type KernelPrograms,
  type KernelRefs,
  type LinuxPrograms,
  linuxPrograms,
  type LinuxSteps,
  linuxSteps,
} from './programs/index.js';
export { type OperationName, OPERATIONS, type TouchName, TOUCHES } from './programs/workload.js';
export { addSleeper, type SleeperOptions, SLEEPS, type Sleep } from './sleeper.js';
export {
  addIdle,
  addInitiator,
  addSpinner,
  addToucher,
  addYielder,
  type InitiatorOptions,
  type ToucherOptions,
  type YielderOptions,
} from './threads.js';
