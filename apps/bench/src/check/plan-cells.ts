import { type Cell, type CellDescription, checkCell, findCellScenario, vacuity } from '@shootdown/checker';
import { ShootdownError } from '@shootdown/core';
import { type Registry, resolveOptions } from '@shootdown/host';
import { type JsonObject, variantKey } from '@shootdown/reporter';
import type { RequestedStrategy } from '../comparison-request.js';
import type { CheckRequest } from './check-request.js';

/** A cell with its strategy's options as data. */
export interface PlannedCell extends Cell {
  readonly options: JsonObject;
  /** Options as they were asked for. */
  readonly given: JsonObject;
}

/**
 * The cells of a request, strategy by strategy. A vacuous combination is left out when another one with as many CPUs and
 * initiators says something, and refused otherwise.
 *
 * @throws ShootdownError VACUOUS_CELL, UNKNOWN_STRATEGY, UNKNOWN_SCENARIO, INVALID_OPTIONS, INVALID_ARGUMENT
 */
export function planCells(request: CheckRequest, registry: Registry): readonly PlannedCell[] {
  for (const scenario of request.scenarios) findCellScenario(scenario);
  const cells = meaningful(descriptions(request));
  return resolved(request.strategies, registry).flatMap((variant) => cells.map((cell) => ({ ...cell, ...variant })));
}

function descriptions(request: CheckRequest): readonly CellDescription[] {
  const { assume, walker } = request;
  return request.cpus.flatMap((cpus) =>
    request.scenarios.flatMap((scenario) =>
      request.initiators.flatMap((initiators) =>
        request.targets.flatMap((targets) =>
          request.nmis.map((nmis) => ({ scenario, targets, initiators, cpus, nmis, walker, assume })),
        ),
      ),
    ),
  );
}

function meaningful(cells: readonly CellDescription[]): readonly CellDescription[] {
  const isVacuous = (cell: CellDescription): boolean => vacuity(cell) !== undefined;
  const hasOther = ({ cpus, initiators }: CellDescription): boolean =>
    cells.some((cell) => cell.cpus === cpus && cell.initiators === initiators && !isVacuous(cell));
  const kept = cells.filter((cell) => !isVacuous(cell) || !hasOther(cell));
  for (const cell of kept) checkCell(cell);
  return kept;
}

/**
 * A strategy with its options validated and completed.
 *
 * @throws ShootdownError UNKNOWN_STRATEGY, INVALID_OPTIONS
 */
export function resolveVariant(
  { name, options: given }: RequestedStrategy,
  registry: Registry,
): Pick<PlannedCell, 'strategy' | 'options' | 'given'> {
  const strategy = registry.find(name);
  return { strategy, options: resolveOptions(strategy, given) as JsonObject, given };
}

function resolved(
  strategies: readonly RequestedStrategy[],
  registry: Registry,
): readonly Pick<PlannedCell, 'strategy' | 'options' | 'given'>[] {
  const seen = new Set<string>();
  return strategies.map((requested) => {
    const variant = resolveVariant(requested, registry);
    const { name } = requested;
    const key = variantKey(name, variant.options);
    if (seen.has(key))
      throw new ShootdownError(
        'INVALID_ARGUMENT',
        `Strategy '${name}' is asked for twice with the same options, defaults included. Leave one out.`,
        { details: { strategy: name } },
      );
    seen.add(key);
    return variant;
  });
}
