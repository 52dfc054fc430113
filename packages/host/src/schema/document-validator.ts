import { type ErrorCode, ShootdownError } from '@shootdown/core';
import { deepFreeze } from '../freeze.js';
import { describeError } from './describe-error.js';
import { compileSchema } from './schema-compiler.js';

/** A kind of document: its schema, and the rules that the schema cannot state. */
export interface DocumentKind<T> {
  /** How messages call it: `machine profile`, `scenario`. */
  readonly noun: string;
  /** How messages call the value itself: `the profile`. */
  readonly whole: string;
  readonly code: ErrorCode;
  readonly schema: object;
  /** One sentence per broken rule of a value that has passed the schema. */
  readonly problems: (value: T) => readonly string[];
}

/** Checks a parsed JSON value; `place` is where it came from, for the message: a file name or `built-in`. */
export type DocumentValidator<T> = (value: unknown, place: string) => T;

/**
 * A validator for one kind of document. It answers a frozen copy in which the schema's defaults are filled in, or throws
 * a ShootdownError of the kind's code with every problem found, each naming the place inside the document.
 */
export function documentValidator<T>(kind: DocumentKind<T>): DocumentValidator<T> {
  const matches = compileSchema<T>(kind.schema);
  return (value, place) => {
    const copy = copyOf(value, kind, place);
    if (!matches(copy))
      throw refusal(
        kind,
        place,
        (matches.errors ?? []).map((error) => describeError(error, kind.whole)),
      );
    const problems = kind.problems(copy);
    if (problems.length > 0) throw refusal(kind, place, problems);
    return deepFreeze(copy);
  };
}

function copyOf<T>(value: unknown, kind: DocumentKind<T>, place: string): unknown {
  try {
    return structuredClone(value);
  } catch (cause) {
    throw refusal(kind, place, [`${kind.whole} must be JSON data: ${String(cause)}`]);
  }
}

function refusal<T>({ code, noun }: DocumentKind<T>, place: string, problems: readonly string[]): ShootdownError {
  const lines = problems.map((problem) => `  ${problem}`).join('\n');
  return new ShootdownError(code, `${place} is no ${noun}; correct these places:\n${lines}`, {
    details: { place, problems },
  });
}
