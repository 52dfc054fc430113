import type { JsonObject } from '@shootdown/reporter';
import type { CaseOutcome, Tier } from '@shootdown/testkit';

/** Result of `conform`. */
export interface ConformDocument {
  readonly schemaVersion: 1;
  readonly kind: 'conformance';
  readonly tool: { readonly name: string; readonly version: string };
  readonly commandLine: string;
  /** As the command line named it. */
  readonly strategy: string;
  readonly options: JsonObject;
  readonly tier: Tier;
  readonly cases: readonly CaseOutcome[];
}
