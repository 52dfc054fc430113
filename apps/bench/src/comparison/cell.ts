import type { JsonObject, RowKey } from '@shootdown/reporter';
import type { TimedCell } from '@shootdown/testkit';

/** One cell of a comparison, validated. */
export interface CellPlan extends RowKey, TimedCell {
  readonly options: JsonObject;
}
