import type { JsonObject } from '@shootdown/reporter';
import type { CaseOutcome, Tier } from '@shootdown/testkit';

/** What `conform` is asked for. */
export interface ConformRequest {
  /** As the command line names the strategy. */
  readonly specifier: string;
  readonly options: JsonObject;
  readonly tier: Tier;
  /** Cases by their id, whatever their tier; undefined: all of the tier. */
  readonly ids: readonly string[] | undefined;
  readonly maxStates: number;
  /** Tell the seconds of each case. */
  readonly wantsHostFacts: boolean;
}

/** A case without what it runs. */
export type CaseData = Pick<CaseOutcome, 'id' | 'name' | 'anchor' | 'tier'>;

/** Is told of each case when it begins and when it has ended. */
export interface ConformObserver {
  begins(begun: CaseData): void;
  ended(outcome: CaseOutcome): void;
}
