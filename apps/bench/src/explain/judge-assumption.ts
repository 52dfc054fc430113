import type { CellDescription, CellResult, Memory } from '@shootdown/checker';
import type { CounterexampleRecord } from '../check/check-document.js';
import { counterexampleRecord } from '../check/counterexample-record.js';
import type { CellRunner } from './cell-runner.js';
import type { AssumptionRecord, BaseRecord, FlippedRecord } from './explain-document.js';
import { type Finding, judgeHarsher, judgeMilder, type Pair } from './finding.js';
import { cellOf, type Flip, type Place, speaksOf } from './flips.js';

/** Where an assumption is tried. */
export interface Ground {
  readonly places: readonly Place[];
  readonly rest: Pick<CellDescription, 'cpus' | 'initiators' | 'walker'>;
  readonly memory: Memory;
}

/** A cell with and without a flip. */
interface Tried {
  readonly place: Place;
  readonly base: CellResult;
  readonly flipped: CellResult;
}

/**
 * Tries a flip on every cell that has what it speaks of: under sequential consistency first, and under TSO when nothing was
 * violated there. Undefined for a milder world where nothing is violated as it is.
 */
export async function judgeAssumption(
  flip: Flip,
  ground: Ground,
  runner: CellRunner,
): Promise<AssumptionRecord | undefined> {
  let tried = await tryAll(flip, { ...ground, memory: 'sc' }, runner);
  let finding = judge(flip, tried);
  if (ground.memory === 'tso' && finding !== 'loadBearing' && finding !== 'repairs') {
    tried = await tryAll(flip, ground, runner);
    finding = judge(flip, tried);
  }
  if (finding === undefined) return undefined;
  return recordOf(flip, finding, tried, ground, runner);
}

async function tryAll(flip: Flip, { places, rest, memory }: Ground, runner: CellRunner): Promise<readonly Tried[]> {
  const tried: Tried[] = [];
  for (const place of places) {
    if (!speaksOf(flip, place, memory)) continue;
    const base = await runner.check(cellOf(place, rest), memory);
    if (flip.direction === 'milder' && base.verdict !== 'violated') continue;
    tried.push({ place, base, flipped: await runner.check(cellOf(place, rest, flip), memory) });
  }
  return tried;
}

function judge({ direction }: Flip, tried: readonly Tried[]): Finding | undefined {
  const pairs = tried.map(({ base, flipped }): Pair => ({ base: outcomeOf(base), flipped: outcomeOf(flipped) }));
  return direction === 'harsher' ? judgeHarsher(pairs) : judgeMilder(pairs);
}

function recordOf(
  flip: Flip,
  finding: Finding,
  tried: readonly Tried[],
  { rest }: Ground,
  runner: CellRunner,
): AssumptionRecord {
  const { assumption, owner, from, to, assumed, instead } = flip;
  return {
    assumption,
    owner,
    from,
    to,
    assumed,
    instead,
    finding,
    reason: tried.length === 0 ? 'none of the cells asked for has what it speaks of' : null,
    cells: tried.map(({ place, base, flipped }) => flippedRecord(place, base, flipped)),
    counterexample: finding === 'loadBearing' ? shortest(flip, tried, rest, runner) : null,
  };
}

/** The shortest violation among the cells that are clean with the assumption. */
function shortest(
  flip: Flip,
  tried: readonly Tried[],
  rest: Ground['rest'],
  runner: CellRunner,
): CounterexampleRecord | null {
  const lengthOf = ({ flipped }: Tried): number => flipped.violation?.trace.length ?? Number.POSITIVE_INFINITY;
  const sound = tried.filter(({ base }) => base.verdict === 'clean');
  const best = sound.reduce<Tried | undefined>(
    (found, each) => (found === undefined || lengthOf(each) < lengthOf(found) ? each : found),
    undefined,
  );
  if (best?.flipped.violation === undefined) return null;
  return counterexampleRecord(runner.planned(cellOf(best.place, rest, flip)), best.flipped, best.flipped.violation);
}

/** A cell's row. */
export function baseRecord({ scenario, targets, nmis }: Place, result: CellResult): BaseRecord {
  return { scenario, targets, nmis, contract: result.violation?.contract ?? null, ...outcomeOf(result) };
}

function flippedRecord(place: Place, base: CellResult, flipped: CellResult): FlippedRecord {
  return { ...baseRecord(place, flipped), baseVerdict: base.verdict };
}

function outcomeOf({ verdict, memory, exploration: { states, transitions } }: CellResult): Pair['base'] {
  return { verdict, memory, states, transitions };
}
