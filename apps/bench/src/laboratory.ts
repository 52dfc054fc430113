import type { JsonValue } from '@shootdown/reporter';
import type { Checks } from './check/checks.js';
import type { RunComparison } from './comparison-request.js';

/** The kinds of things that have names. */
export const KINDS = ['strategy', 'scenario', 'machine'] as const;

export type Kind = (typeof KINDS)[number];

/** A named thing in one line. */
export interface CatalogueEntry {
  readonly name: string;
  readonly summary: string;
}

/** A table of a named thing, for example the parameters of a machine with their sources. */
export interface DetailTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly lines: readonly (readonly string[])[];
}

/** Everything about a named thing. */
export interface CatalogueDetail {
  readonly name: string;
  readonly summary: string;
  /** Pairs of a label and a text. */
  readonly facts: readonly (readonly [label: string, text: string])[];
  readonly tables: readonly DetailTable[];
  /** The same as data. */
  readonly data: JsonValue;
}

/** A file that was found to be valid. */
export interface ValidFile {
  /** What kind of file it is, for example `machine profile`. */
  readonly kind: string;
  readonly name: string;
}

/** What the command line needs of the laboratory. The commands know no strategy, machine or scenario themselves. */
export interface Laboratory {
  readonly version: string;
  readonly list: (kind: Kind) => readonly CatalogueEntry[];
  /** Called with a name of `list` only. */
  readonly show: (kind: Kind, name: string) => CatalogueDetail;
  /**
   * Judges a parsed file by what it says it is.
   * @throws ShootdownError INVALID_PROFILE, INVALID_SCENARIO or INVALID_FILE; the message names `place` and every fault
   */
  readonly validate: (content: JsonValue, place: string) => ValidFile;
  readonly runComparison: RunComparison;
  readonly checks: Checks;
}
