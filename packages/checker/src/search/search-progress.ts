/** How far a search has come. */
export interface SearchProgress {
  readonly states: number;
  /** States found and not yet expanded. */
  readonly frontier: number;
  readonly transitions: number;
}
