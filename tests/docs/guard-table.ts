import { TARGET_STATES } from '@shootdown/checker';
import { type Assumptions, assumptionValues } from '@shootdown/scenarios';
import { type VariantName, verdict } from '../analysis/verdict.js';

/** A form of the guard, with the order within switch_mm. */
export type GuardForm = Pick<Assumptions, 'uaccessGuard' | 'switchOrder'>;

/** Every form, the strongest first. */
export const FORMS: readonly GuardForm[] = assumptionValues('switchOrder').flatMap((switchOrder) =>
  assumptionValues('uaccessGuard').map((uaccessGuard) => ({ uaccessGuard, switchOrder })),
);

/** What an NMI that asks finds with each form, for each state of the targets, under sequential consistency. */
export function guardRows(
  variant: VariantName,
): readonly { readonly form: GuardForm; readonly verdicts: readonly string[] }[] {
  return FORMS.map((form) => ({
    form,
    verdicts: TARGET_STATES.map((targets) => verdict(variant, { targets, nmis: 1, assume: form })),
  }));
}
