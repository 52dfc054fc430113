/** Output formats of a result. */
export const FORMATS = ['table', 'json', 'csv', 'markdown'] as const;

export type Format = (typeof FORMATS)[number];

/** What a renderer may know about the place its text goes to. Only `table` asks. */
export interface RenderOptions {
  /** Whether escape sequences for colour may be written. */
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}
