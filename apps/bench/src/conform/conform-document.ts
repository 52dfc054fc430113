import type { JsonObject } from '@shootdown/reporter';
import type { CaseOutcome, Tier } from '@shootdown/testkit';

/** What became of a case, and how long it took. */
export interface CaseRecord extends CaseOutcome {
  /** Wall seconds of the case; only with host facts, so that the same inputs give the same bytes. */
  readonly seconds: number | null;
}

/** Result of `conform`; `schema/conformance-1.schema.json` states it. */
export interface ConformDocument {
  readonly schemaVersion: 1;
  readonly kind: 'conformance';
  readonly tool: { readonly name: string; readonly version: string };
  /** The command that repeats the run. */
  readonly commandLine: string;
  /** As the command line named it. */
  readonly strategy: string;
  /** Options as they were given. */
  readonly options: JsonObject;
  readonly tier: Tier;
  /** In the order in which they ran. A case that ended the thread of its strategy is the last one. */
  readonly cases: readonly CaseRecord[];
}
