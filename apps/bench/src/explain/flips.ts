import type { CellDescription, Memory, TargetState } from '@shootdown/checker';
import type { Assumption } from '@shootdown/plugin';
import {
  ASSUMPTION_NAMES,
  ASSUMPTIONS,
  type Assumptions,
  assumptionValues,
  defaultAssumptions,
} from '@shootdown/scenarios';

/** One assumption with another value than its default. */
export interface Flip {
  readonly assumption: string;
  /** `strategy`: named in the manifest. */
  readonly owner: 'environment' | 'strategy';
  readonly from: string;
  readonly to: string;
  /** `harsher`: the assumption is given up. `milder`: more is assumed, for what is violated as it is. */
  readonly direction: 'harsher' | 'milder';
  /** What is assumed, and what is the case instead, as sentences. */
  readonly assumed: string;
  readonly instead: string;
  /** NMIs of the cells that it is tried in. */
  readonly nmis: 0 | 1;
  /** What it changes in a cell. */
  readonly change: Pick<CellDescription, 'assume' | 'unenforced'>;
}

/** The place of a cell, without what is assumed in it. */
export interface Place {
  readonly scenario: string;
  readonly targets: TargetState;
  readonly nmis: 0 | 1;
}

/** Assumptions that say nothing where no NMI arrives. `switch_mm` is looked at by NMIs only, for its interrupts are off. */
const ABOUT_NMIS: readonly string[] = ['nmi', 'uaccessGuard', 'switchOrder'];

/**
 * Every value of every assumption about the environment but the one that it has anyway, and but its default, which is what is left when
 * an assumption of the manifest is not enforced.
 */
export function flipsFrom(base: Assumptions): readonly Flip[] {
  return ASSUMPTION_NAMES.flatMap((assumption) => {
    const values: readonly string[] = assumptionValues(assumption);
    const meanings: Readonly<Record<string, string>> = ASSUMPTIONS[assumption].values;
    const from: string = base[assumption];
    return values.flatMap((to, index): Flip[] => {
      if (to === from || to === defaultAssumptions[assumption]) return [];
      const direction = index < values.indexOf(from) ? 'milder' : 'harsher';
      const [assumed = from, instead = to] = [meanings[from], meanings[to]];
      const nmis = ABOUT_NMIS.includes(assumption) ? 1 : 0;
      const change = { assume: { [assumption]: to } };
      return [{ assumption, owner: 'environment', from, to, direction, assumed, instead, nmis, change }];
    });
  });
}

/** Those of a strategy that assumes nothing itself. */
export const FLIPS: readonly Flip[] = flipsFrom(defaultAssumptions);

/** What a strategy's manifest assumes is enforced on the environment, and here is not. */
export function ownFlips(assumes: readonly Assumption[] = []): readonly Flip[] {
  return assumes.map(({ name, statement, nmi }) => ({
    assumption: name,
    owner: 'strategy',
    from: 'enforced',
    to: 'not enforced',
    direction: 'harsher',
    assumed: statement,
    instead: 'it does not always hold',
    nmis: nmi === undefined ? 0 : 1,
    change: { unenforced: [name] },
  }));
}

/** Scenarios whose pages go back, so that a device may get them. */
const RELEASING: readonly string[] = ['unmap', 'remap', 'free-table', 'reclaim'];

/** Whether a place has what the assumption speaks of. Elsewhere the switch changes nothing by construction. */
export function speaksOf(flip: Flip, { scenario, targets, nmis }: Place, memory: Memory): boolean {
  const { assumption } = flip;
  if (nmis !== flip.nmis) return false;
  if (flip.owner === 'strategy') return true;
  if (assumption === 'icr') return memory === 'tso';
  if (assumption === 'interruptsOff') return targets === 'user';
  if (assumption === 'deviceLoad') return RELEASING.includes(scenario);
  return true;
}

/** The cell of a place with a flip, or with every assumption at its default. */
export function cellOf(
  place: Place,
  rest: Pick<CellDescription, 'cpus' | 'initiators' | 'walker'>,
  flip?: Flip,
): CellDescription {
  return { ...place, ...rest, ...flip?.change };
}
