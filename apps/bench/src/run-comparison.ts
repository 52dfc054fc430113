import { setImmediate } from 'node:timers/promises';
import { cpuCountOf, type MachineProfile, machineProfile, ShootdownError, withCpuCount } from '@shootdown/core';
import { type Registry, resolveOptions } from '@shootdown/host';
import {
  buildDocument,
  type Cell,
  type JsonObject,
  type ResultDocument,
  type StrategyVariant,
  variantKey,
} from '@shootdown/reporter';
import { findScenario, type Scenario } from '@shootdown/scenarios';
import { bandOf } from './bands.js';
import { builtInStrategies } from './built-in-strategies.js';
import type { CellPlan } from './comparison/cell.js';
import { runCell } from './comparison/run-cell.js';
import { machineRecord, scenarioRecord } from './comparison/records.js';
import type { ComparisonRequest, OnProgress, RunComparison } from './comparison-request.js';
import { type Guests, NO_GUESTS, registryWith, runnerOf } from './guests/guests.js';
import { packageVersion } from './version.js';

/** Iterations of a scenario that states none. */
const DEFAULT_TIMED = { iterations: 2000, warmUp: 100 };

/** See `RunComparison`; the strategies are the built-in ones. */
export const runComparison: RunComparison = makeRunComparison(builtInStrategies);

/** See `RunComparison`, with these strategies. Every cell runs with the same seed, so that differences between strategies are paired. */
export function makeRunComparison(registry: Registry): RunComparison {
  return async (request, onProgress) => {
    const { guests = NO_GUESTS } = request;
    const scenario = guests.scenarios.find(({ name }) => name === request.scenario) ?? findScenario(request.scenario);
    const machine = machineFor(request, guests);
    checkSize(request, scenario);
    const variants = resolveVariants(request, registryWith(registry, guests));
    const plans = planCells(request, variants, machine, scenario);
    return buildDocument({
      manifest: manifest(request, variants, plans),
      machine: machineRecord(machine),
      scenario: scenarioRecord(scenario),
      cells: await runCells(plans, guests, onProgress),
      bandOf: bandOf(machine.name, scenario.name),
    });
  };
}

async function runCells(plans: readonly CellPlan[], guests: Guests, onProgress: OnProgress): Promise<readonly Cell[]> {
  const cells: Cell[] = [];
  for (const plan of plans) {
    onProgress({
      cellsDone: cells.length,
      cellsTotal: plans.length,
      current: `${plan.strategy}, ${plan.threads} threads, ${plan.pages} pages`,
    });
    await setImmediate();
    const runner = runnerOf(guests, plan.strategy);
    cells.push(runner === undefined ? runCell(plan) : await runner.runCell(plan));
  }
  return cells;
}

/** The profile; the generic server grows to the number of threads that is asked for. */
function machineFor({ machine, threads }: ComparisonRequest, guests: Guests): MachineProfile {
  const profile = guests.machines.find(({ name }) => name === machine) ?? machineProfile(machine);
  const most = Math.max(...threads);
  const cpus = cpuCountOf(profile.topology);
  if (most <= cpus) return profile;
  if (machine === 'server') return withCpuCount(profile, most);
  const details = { machine, threads: most, cpus };
  throw new ShootdownError(
    'TOO_MANY_THREADS',
    `${most} threads on machine '${machine}', which has ${cpus} CPUs. Ask for at most ${cpus}, or take the machine 'server'.`,
    { details },
  );
}

/** Pages times threads: each CPU has a TLB slot for each page and PCID. */
const LARGEST_CELL = 2 ** 22;
/** Pages of all initiators: the model has twice as many frames, and names 2^16. */
const MOST_PAGES = 2 ** 15;

function checkSize(request: ComparisonRequest, scenario: Scenario): void {
  const most = Math.max(...request.threads);
  const largest = Math.floor(Math.min(LARGEST_CELL / most, MOST_PAGES / scenario.initiators));
  const tooMany = pagesOf(request, scenario).find((count) => count > largest);
  if (tooMany === undefined) return;
  const message = `${tooMany} pages with ${most} threads; ask for at most ${largest} pages.`;
  throw new ShootdownError('INVALID_ARGUMENT', message);
}

interface ResolvedVariant extends StrategyVariant {
  readonly plugin: CellPlan['plugin'];
}

function resolveVariants({ strategies }: ComparisonRequest, registry: Registry): readonly ResolvedVariant[] {
  const seen = new Set<string>();
  return strategies.map(({ name, options: given }) => {
    const plugin = registry.find(name);
    const options = resolveOptions(plugin, given) as JsonObject;
    const key = variantKey(name, options);
    if (seen.has(key))
      throw new ShootdownError(
        'INVALID_ARGUMENT',
        `Strategy '${name}' is asked for twice with the same options, defaults included. Leave one out.`,
        { details: { strategy: name } },
      );
    seen.add(key);
    return { name, given, options, plugin };
  });
}

function pagesOf({ pages }: ComparisonRequest, scenario: Scenario): readonly number[] {
  return pages ?? [scenario.pages];
}

function planCells(
  request: ComparisonRequest,
  variants: readonly ResolvedVariant[],
  machine: MachineProfile,
  scenario: Scenario,
): readonly CellPlan[] {
  const timed = scenario.timed ?? DEFAULT_TIMED;
  const iterations = request.iterations ?? timed.iterations;
  const warmUp = Math.min(timed.warmUp, iterations);
  return variants.flatMap(({ name, options, plugin }) =>
    request.threads.flatMap((threads) =>
      pagesOf(request, scenario).map((pages) => ({
        strategy: name,
        options,
        plugin,
        machine,
        scenario,
        threads,
        pages,
        iterations,
        warmUp,
        seed: request.seed,
      })),
    ),
  );
}

function manifest(
  request: ComparisonRequest,
  variants: readonly ResolvedVariant[],
  plans: readonly CellPlan[],
): ResultDocument['manifest'] {
  const version = packageVersion();
  return {
    tool: { name: 'shootdown', version },
    packages: { shootdown: version, ...guestPackages(request, variants) },
    configuration: {
      machine: request.machine,
      scenario: request.scenario,
      strategies: variants.map(({ name, given, options }) => ({ name, given, options })),
      threads: request.threads,
      pages: [...new Set(plans.map((plan) => plan.pages))],
      iterations: plans[0]?.iterations ?? 0,
    },
    seed: request.seed,
    commandLine: request.commandLine,
  };
}

/** Of the guests that take part and were found in packages. */
function guestPackages(
  { guests = NO_GUESTS }: ComparisonRequest,
  variants: readonly ResolvedVariant[],
): Record<string, string> {
  const taking = guests.strategies.filter(({ strategy }) => variants.some(({ name }) => name === strategy.name));
  return Object.fromEntries(
    taking.flatMap(({ package: owner }) => (owner === undefined ? [] : [[owner.name, owner.version]])),
  );
}
