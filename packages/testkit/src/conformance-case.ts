/** `quick` cases take seconds together; `full` are the rest. */
export type Tier = 'quick' | 'full';

/** One conformance case: data for any test runner, `test(name, run)`. */
export interface ConformanceCase {
  /** Never changes its meaning: `contract.unmap.user`. */
  readonly id: string;
  /** The id, what is expected, and why it is left out if it is. */
  readonly name: string;
  /** Where the case is documented: `docs/conformance.md#the-safety-contract`. */
  readonly anchor: string;
  readonly tier: Tier;
  /** Why the case is left out; the manifest says so, and nothing else can. Its `run` does nothing. */
  readonly skip?: string;
  /**
   * Passes, or throws a ShootdownError whose message says what was expected, what was seen and how to see more. `details.case` is the id. The code is
   * CONTRACT_VIOLATED, NOT_CONFORMING, CASE_CUT, or that of the laboratory's refusal.
   */
  readonly run: () => Promise<void> | void;
}
