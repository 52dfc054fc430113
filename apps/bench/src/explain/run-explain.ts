import type { Registry } from '@shootdown/host';
import { assumptionsOf, findCellScenario, REDUCTIONS, type RunningCell, startCell, vacuity } from '@shootdown/checker';
import { variantLabel } from '@shootdown/reporter';
import type { CheckProgress } from '../check/check-request.js';
import { type PlannedCell, resolveVariant } from '../check/plan-cells.js';
import { NO_GUESTS, runnerOf } from '../guests/guests.js';
import { packageVersion } from '../version.js';
import { CellRunner } from './cell-runner.js';
import { explainClaim } from './explain-claim.js';
import type { AssumptionRecord, BaseRecord, ExplainDocument } from './explain-document.js';
import type { ExplainRequest, RunExplain } from './explain-request.js';
import { cellOf, type Flip, FLIPS, flipsFrom, ownFlips, type Place, speaksOf } from './flips.js';
import { baseRecord, type Ground, judgeAssumption } from './judge-assumption.js';

/** See `RunExplain`, with these strategies. `start` begins an exploration. */
export function makeRunExplain(registry: Registry, start: typeof startCell = startCell): RunExplain {
  return (request, onProgress) => {
    const runner = runnerOf(request.guests ?? NO_GUESTS, request.strategy.name);
    if (runner !== undefined) return runner.runExplain(request, onProgress);
    for (const scenario of request.scenarios) findCellScenario(scenario);
    const explanation = new Explanation(request, resolveVariant(request.strategy, registry), onProgress, start);
    return { finished: explanation.run(), soFar: () => explanation.document() };
  };
}

/** One strategy, assumption by assumption. */
class Explanation {
  readonly #request: ExplainRequest;
  readonly #variant: Pick<PlannedCell, 'strategy' | 'options' | 'given'>;
  readonly #flips: readonly Flip[];
  readonly #ground: Ground;
  readonly #runner: CellRunner;
  #base: readonly BaseRecord[] = [];
  readonly #records: AssumptionRecord[] = [];
  #done = 0;

  constructor(
    request: ExplainRequest,
    variant: Pick<PlannedCell, 'strategy' | 'options' | 'given'>,
    onProgress: (progress: CheckProgress) => void,
    start: typeof startCell,
  ) {
    this.#request = request;
    this.#variant = variant;
    this.#flips = [...flipsFrom(assumptionsOf(variant)), ...ownFlips(variant.strategy.assumes)];
    this.#ground = groundOf(request);
    const report = (current: string, { memory: _memory, ...state }: ReturnType<RunningCell['progress']>): void =>
      onProgress({ ...state, current, cellsDone: this.#done, cellsTotal: this.#flips.length + 1 });
    this.#runner = new CellRunner(variant, request, report, start);
  }

  async run(): Promise<ExplainDocument> {
    this.#base = await this.#explored();
    for (const flip of this.#flips) {
      this.#done++;
      const record = await judgeAssumption(flip, this.#ground, this.#runner);
      if (record !== undefined) this.#records.push(record);
    }
    this.#done++;
    return this.document();
  }

  /** Every cell that some flip is tried on, with the assumptions at their defaults. */
  async #explored(): Promise<readonly BaseRecord[]> {
    const { places, rest, memory } = this.#ground;
    const records: BaseRecord[] = [];
    for (const place of places) records.push(baseRecord(place, await this.#runner.check(cellOf(place, rest), memory)));
    return records;
  }

  document(): ExplainDocument {
    const { cpus, initiators, memory, walker, maxStates, maxSeconds, maxMegabytes, commandLine } = this.#request;
    const { strategy, options, given } = this.#variant;
    const version = packageVersion();
    const parts = { base: this.#base, assumptions: [...this.#records] };
    return {
      schemaVersion: 1,
      kind: 'explain',
      tool: { name: 'shootdown', version },
      commandLine,
      strategy: strategy.name,
      options,
      cpus,
      initiators,
      memory,
      walker,
      maxStates,
      maxSeconds: maxSeconds ?? null,
      maxMegabytes,
      reductions: REDUCTIONS,
      planned: this.#flips.length,
      ...parts,
      claim: explainClaim(variantLabel({ name: strategy.name, given, options }), version, this.#request, parts),
    };
  }
}

/** The places that some flip speaks of, vacuous ones left out. */
function groundOf({ scenarios, targets, cpus, initiators, memory, walker }: ExplainRequest): Ground {
  const rest = { cpus, initiators, walker };
  const all = scenarios.flatMap((scenario) =>
    targets.flatMap((state) => ([0, 1] as const).map((nmis): Place => ({ scenario, targets: state, nmis }))),
  );
  const kept = all.filter((place) => vacuity(cellOf(place, rest)) === undefined);
  return { places: (kept.length === 0 ? all : kept).filter((place) => isSpokenOf(place, memory)), rest, memory };
}

function isSpokenOf(place: Place, memory: Ground['memory']): boolean {
  return FLIPS.some((flip) => speaksOf(flip, place, memory));
}
