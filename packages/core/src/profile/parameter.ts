/** Unit of a parameter. It always agrees with the suffix of the parameter's name. */
export type ParameterUnit = 'cycles' | 'ns' | 'fraction' | 'mhz';

/**
 * How a value is known.
 * `measured`: the source measured it on this microarchitecture. `derived`: computed from measured figures, the formula is in the source.
 * `prior`: an expectation with a range, which includes figures taken from another machine. `fitted`: solved from published `before` cells.
 */
export type ParameterStatus = 'measured' | 'derived' | 'fitted' | 'prior';

/** Where a figure stands, and the figure as printed there. */
export interface ParameterSource {
  readonly document: string;
  readonly section: string;
  readonly figure: string;
}

/** A value and its 5–95 % range, both in the parameter's unit. */
export interface PriorRange {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly source?: ParameterSource;
  readonly note?: string;
}

interface ParameterBase extends PriorRange {
  readonly unit: ParameterUnit;
}

/** A parameter with a source of its own. */
export interface SourcedParameter extends ParameterBase {
  readonly status: 'measured' | 'derived';
  readonly source: ParameterSource;
}

/** A parameter that is an expectation; the note says why this range. */
export interface PriorParameter extends ParameterBase {
  readonly status: 'prior';
  readonly note: string;
  /** `either`: the truth is one end of the range or the other, nothing between; the value in the middle is a hedge. */
  readonly shape?: 'either';
}

/** A parameter that the fit solves. What was believed before the fit stays beside it, so that anyone can judge the fitted value. */
export interface FittedParameter extends ParameterBase {
  readonly status: 'fitted';
  readonly prior: PriorRange & { readonly note: string };
}

/** One number of a machine profile with everything needed to distrust it. */
export type Parameter = SourcedParameter | PriorParameter | FittedParameter;
