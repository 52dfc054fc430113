import { type MachineProfile, type MachineShape, type ParameterOverrides, ShootdownError } from '@shootdown/core';
import {
  addIdle,
  addInitiator,
  addSpinner,
  type BootedKernel,
  bootKernel,
  type KernelOptions,
} from '@shootdown/kernel';
import type { Strategy } from '@shootdown/plugin';
import { MAX_FLUSHES, safetyMonitor } from '@shootdown/safety';
import type { Scenario } from '@shootdown/scenarios';
import { DebtTimes } from './debt-times.js';
import { shapeOf } from './machine-shape.js';
import { profileKernelCosts } from './profile-kernel-costs.js';
import type { TimedWorkload } from './timed-run.js';

export { safetyMonitor } from '@shootdown/safety';

/** What one cell of a comparison runs. */
export interface CellRequest {
  readonly profile: MachineProfile;
  readonly scenario: Scenario;
  readonly strategy: Strategy;
  /** Validated options of the strategy. */
  readonly options: unknown;
  /** Threads of the process, one per CPU: the scenario's initiators and the bystanders. */
  readonly threads: number;
  readonly pages: number;
  /** Operations of each initiator, warm-up included. */
  readonly operations: number;
  readonly overrides?: ParameterOverrides;
  /** `tlb_gen` of every mm at boot, and of every CPU that has an mm loaded. Default 1. */
  readonly firstGeneration?: number;
  /** How the strategy's `create` is run; see `KernelOptions`. */
  readonly createHooks?: KernelOptions['createHooks'];
}

/** Pages that one leaf table maps on x86-64: concurrent munmaps get a table each. */
const PAGES_PER_TABLE = 512;

/** Boots the kernel of a cell: the initiators on the first CPUs, a bystander on each of the others. */
export function scenarioWorkload(request: CellRequest): TimedWorkload {
  checkThreads(request);
  const { scenario, strategy, options, threads } = request;
  const kernel = bootKernel({
    shape: cellShape(request),
    costs: profileKernelCosts(request.profile, request.overrides),
    strategy,
    options,
    environment: scenario.assumptions,
    switchOrder: scenario.assumptions.switchOrder,
    batchesPerCpu: batchesOf(request),
    frameChoice: isDeferred(strategy) ? 'nextFree' : 'firstFree',
    // All local timers have one period: nothing has to hold them in step.
    unenforced: (strategy.assumes ?? []).map(({ name }) => name),
    ...(request.createHooks === undefined ? {} : { createHooks: request.createHooks }),
  });
  for (let cpu = 0; cpu < threads; cpu++) {
    if (cpu < scenario.initiators) addScenarioInitiator(kernel, request, cpu);
    else addBystander(kernel, scenario, cpu);
  }
  if (request.firstGeneration !== undefined) startGenerationsAt(kernel, request.firstGeneration);
  const debts = new DebtTimes(threads);
  const monitor = safetyMonitor(kernel, strategy, scenario.initiators, { listener: debts });
  debts.watch(monitor);
  return {
    boot: kernel.boot,
    monitor,
    debts,
    operation: kernel.operation.index,
    generation: (mm) => kernel.kernel.mm.spaces.generation(mm),
    framePhases: kernel.framePhases,
  };
}

/** As if the mm had been flushed so often, by every CPU that has it loaded. */
function startGenerationsAt({ boot: { memory }, generations, generationContexts }: BootedKernel, first: number): void {
  const words = [...generations, ...generationContexts].map(({ word }) => word);
  for (const word of words) if (memory.initialValues.get(word) === 1) memory.initial(word, first);
}

function addScenarioInitiator(kernel: BootedKernel, { scenario, pages, operations }: CellRequest, cpu: number): void {
  addInitiator(kernel.kernel, {
    cpu,
    mm: 0,
    operation: scenario.operation,
    firstPage: cpu * pageStride(scenario, pages),
    pages,
    touch: scenario.touch,
    operations,
    kernelThread: !scenario.initiatorRunsMm,
  });
}

function addBystander(kernel: BootedKernel, { bystanders }: Scenario, cpu: number): void {
  if (bystanders === 'busy') addSpinner(kernel.kernel, cpu, 0);
  else addIdle(kernel.kernel, cpu, 0, bystanders === 'idle');
}

function pageStride({ operation, initiators }: Scenario, pages: number): number {
  if (operation !== 'munmap' || initiators === 1) return pages;
  return Math.ceil(pages / PAGES_PER_TABLE) * PAGES_PER_TABLE;
}

function isDeferred({ guarantee }: Strategy): boolean {
  return guarantee?.unmap === 'release';
}

/** Batches that wait for their release are flushes in flight, of which the safety monitors tell a limited number apart. */
function batchesOf({ scenario, strategy }: CellRequest): number {
  return isDeferred(strategy) ? Math.max(2, Math.floor(MAX_FLUSHES / scenario.initiators) - 1) : 1;
}

/** Every page has a frame, one more for the next fault, and one for each batch that may wait for its release. */
function cellShape(request: CellRequest): MachineShape {
  const { profile, scenario, threads, pages } = request;
  const virtualPages = (scenario.initiators - 1) * pageStride(scenario, pages) + pages;
  const frames = (1 + batchesOf(request)) * virtualPages;
  return shapeOf(profile, { cpuCount: threads, virtualPages, frames, spaces: 1, spareTables: 1 });
}

function checkThreads({ profile, scenario, threads }: CellRequest): void {
  const { sockets, complexesPerSocket, coresPerComplex, threadsPerCore } = profile.topology;
  const cpus = sockets * complexesPerSocket * coresPerComplex * threadsPerCore;
  const details = { machine: profile.name, threads, cpus };
  if (threads > cpus)
    throw new ShootdownError(
      'TOO_MANY_THREADS',
      `${threads} threads on machine '${profile.name}', which has ${cpus} CPUs. Ask for at most ${cpus}.`,
      { details },
    );
  if (threads < scenario.initiators) {
    throw new ShootdownError(
      'INVALID_ARGUMENT',
      `${threads} threads in scenario '${scenario.name}', which has ${scenario.initiators} initiators. Ask for at least as many.`,
      { details },
    );
  }
}
