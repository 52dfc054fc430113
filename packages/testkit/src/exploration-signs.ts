/**
 * Signs of life of an exploration, for whoever ends a strategy that hangs: moves that were met before are made without its code, so that none of its hooks
 * may begin for minutes.
 */
export interface ExplorationSigns {
  /** Told every few thousand states. */
  readonly onPortion: () => void;
  /** Runs the end of an exploration, which looks at the whole graph at once and gives no sign. */
  readonly conclude: <Result>(work: () => Result) => Result;
}

/** Nobody looks. */
export const NO_SIGNS: ExplorationSigns = { onPortion: () => undefined, conclude: (work) => work() };
