import { validateProfile } from '@shootdown/host';
import { makeCatalogue } from '../catalogue/catalogue.js';
import type { Laboratory } from '../laboratory.js';
import { validateScenario } from '../validate-scenario.js';
import type { Guests } from './guests.js';

/** The laboratory, which also lists and shows the guests. */
export function laboratoryWith(laboratory: Laboratory, { strategies, machines, scenarios }: Guests): Laboratory {
  const manifests = strategies.map(({ strategy }) => strategy);
  const catalogue = makeCatalogue({
    strategies: manifests,
    machines,
    scenarios,
    validateMachine: validateProfile,
    validateScenario,
  });
  return {
    ...laboratory,
    list: (kind) => [...laboratory.list(kind), ...catalogue.list(kind)],
    show: (kind, name) => {
      const isGuest = catalogue.list(kind).some((each) => each.name === name);
      return isGuest ? catalogue.show(kind, name) : laboratory.show(kind, name);
    },
  };
}
