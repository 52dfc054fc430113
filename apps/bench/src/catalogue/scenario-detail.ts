import type { Scenario } from '@shootdown/scenarios';
import type { CatalogueDetail } from '../laboratory.js';
import { asJson } from './as-json.js';

/** A scenario with what its sources leave open and what it assumes of the environment. */
export function scenarioDetail(scenario: Scenario): CatalogueDetail {
  const { name, summary, title, operation, pages, initiators, initiatorRunsMm, bystanders, touch, assumptions } =
    scenario;
  return {
    name,
    summary,
    facts: [
      ['title', title],
      ['operation', operation],
      ['pages', String(pages)],
      ['initiators', `${initiators}${initiatorRunsMm ? '' : ', without the mm loaded'}`],
      ['bystanders', bystanders],
      ['touch', touch],
      ['timed', boundsText(scenario.timed)],
      ['explored', boundsText(scenario.explored)],
      ...Object.entries(assumptions).map(([assumption, value]) => [`assumes ${assumption}`, String(value)] as const),
      ...scenario.choices.map((choice) => ['choice', choice] as const),
      ...scenario.references.map((reference) => ['reference', reference] as const),
    ],
    tables: [],
    data: asJson(scenario),
  };
}

function boundsText(bounds: object | undefined): string {
  if (bounds === undefined) return 'no';
  return Object.entries(bounds)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ');
}
