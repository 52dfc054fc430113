import { createRegistry, type Registry } from '@shootdown/host';
import { asyncInline } from '@shootdown/strategy-async-inline';
import { broadcast } from '@shootdown/strategy-broadcast';
import { concurrent } from '@shootdown/strategy-concurrent';
import { latr } from '@shootdown/strategy-latr';
import { message } from '@shootdown/strategy-message';
import { scoreboard } from '@shootdown/strategy-scoreboard';
import { sync } from '@shootdown/strategy-sync';

/** The strategies that come with the comparer, the baseline first. They pass the same checks as a stranger's. */
export const builtInStrategies: Registry = createRegistry([
  sync,
  concurrent,
  asyncInline,
  broadcast,
  scoreboard,
  latr,
  message,
]);
