import type { CellDescription, TargetState } from '@shootdown/checker';
import { ASSUMPTION_NAMES, type AssumptionName, assumptionValues, defaultAssumptions } from '@shootdown/scenarios';

/** One assumption with another value than its default. */
export interface Flip {
  readonly assumption: AssumptionName;
  readonly from: string;
  readonly to: string;
  /** `harsher`: the assumption is given up. `milder`: more is assumed, for what is violated as it is. */
  readonly direction: 'harsher' | 'milder';
}

/** The place of a cell, without what is assumed in it. */
export interface Place {
  readonly scenario: string;
  readonly targets: TargetState;
  readonly nmis: 0 | 1;
}

/** Every value of every assumption but its default. */
export const FLIPS: readonly Flip[] = ASSUMPTION_NAMES.flatMap((assumption) => {
  const values: readonly string[] = assumptionValues(assumption);
  const from: string = defaultAssumptions[assumption];
  return values.flatMap((to, index): Flip[] => {
    if (to === from) return [];
    return [{ assumption, from, to, direction: index < values.indexOf(from) ? 'milder' : 'harsher' }];
  });
});

/** Assumptions that say nothing where no NMI arrives. `switch_mm` is looked at by NMIs only, for its interrupts are off. */
const ABOUT_NMIS: readonly AssumptionName[] = ['nmi', 'uaccessGuard', 'switchOrder'];
/** Scenarios whose pages go back, so that a device may get them. */
const RELEASING: readonly string[] = ['unmap', 'remap', 'free-table', 'reclaim'];

/** Whether a place has what the assumption speaks of. Elsewhere the switch changes nothing by construction. */
export function speaksOf({ assumption }: Flip, { scenario, targets, nmis }: Place): boolean {
  if (nmis !== (ABOUT_NMIS.includes(assumption) ? 1 : 0)) return false;
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
  return { ...place, ...rest, assume: flip === undefined ? {} : { [flip.assumption]: flip.to } };
}
