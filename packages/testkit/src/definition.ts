import { type ErrorCode, ShootdownError } from '@shootdown/core';
import type { ConformanceCase, Tier } from './conformance-case.js';
import type { Subject } from './subject.js';

/** A case as it is written down. */
export interface CaseDefinition {
  readonly id: string;
  /** Heading of docs/conformance.md, as its anchor. */
  readonly section: Section;
  readonly tier: Tier;
  /** What must be the case, as a clause: `two fresh boots give the same moves`. */
  readonly expected: string;
  /** Why the manifest leaves the case out. */
  readonly skip?: string | undefined;
  /** Command lines that show more. */
  readonly more: (subject: Subject) => readonly string[];
  readonly check: (subject: Subject) => void;
}

/** Headings of docs/conformance.md. */
export type Section =
  | 'manifest'
  | 'options'
  | 'frozen-inputs'
  | 'determinism'
  | 'state-in-words'
  | 'the-safety-contract'
  | 'progress'
  | 'accounting'
  | 'machines'
  | 'numbers-of-cpus'
  | 'generations'
  | 'what-the-manifest-promises';

const PAGE = 'docs/conformance.md';

export function anchorOf(section: Section): string {
  return `${PAGE}#${section}`;
}

/** The definition as data for a runner. */
export function conformanceCase(definition: CaseDefinition, subject: Subject): ConformanceCase {
  const { id, section, tier, expected, skip, check } = definition;
  const name = `${id}: ${expected}`;
  const data = { id, anchor: anchorOf(section), tier };
  if (skip !== undefined) return { ...data, name: `${name} (left out: ${skip})`, skip, run: () => undefined };
  return {
    ...data,
    name,
    run() {
      try {
        check(subject);
      } catch (error) {
        throw inCase(definition, subject, error);
      }
    },
  };
}

/** What a case has seen that it does not expect. */
export function seen(code: ErrorCode, what: string): ShootdownError {
  return new ShootdownError(code, what);
}

/** Errors of a strategy are told with their case; what the laboratory did wrong stays what it is. */
function inCase(definition: CaseDefinition, { strategy, specifier, ...rest }: Subject, error: unknown): unknown {
  if (!(error instanceof ShootdownError) || error.code === 'INTERNAL') return error;
  const { id, section, expected, more } = definition;
  const commands = more({ strategy, specifier, ...rest });
  const message = [
    `Strategy '${strategy.name}' fails the conformance case ${id}.`,
    `  expected: ${expected}`,
    `  seen:     ${error.message.replaceAll('\n', '\n            ')}`,
    ...commands.map((command) => `  to see more: ${command}`),
    `  documented in ${anchorOf(section)}`,
  ].join('\n');
  const details = { ...error.details, strategy: strategy.name, case: id, expected, seen: error.message };
  // What is bad input elsewhere, such as an op that the machine lacks, is the strategy's doing here.
  const code = error.exitCode === 2 ? 'NOT_CONFORMING' : error.code;
  return new ShootdownError(code, message, { details: { ...details, more: commands }, cause: error.cause });
}
