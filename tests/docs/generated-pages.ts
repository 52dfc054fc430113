import { ERROR_CODES } from '@shootdown/core';
import { scenarios } from '@shootdown/scenarios';

const EXIT_CODES: readonly (readonly [number, string])[] = [
  [0, 'fine'],
  [1, 'internal error: a defect of the laboratory'],
  [2, 'bad input'],
  [3, 'a strategy was refused or failed'],
  [4, 'a strategy violated the safety contract, and `--allow-unsafe` was not given'],
  [7, 'nondeterminism: the same inputs gave different results, or a schedule does not replay'],
  [130, 'interrupted'],
];

const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [row(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(row)].join('\n');

/** The page docs/errors.md. */
export function errorPage(): string {
  const codes = Object.entries(ERROR_CODES).map(([code, { exitCode, title }]) => [`\`${code}\``, exitCode, title]);
  return `# Errors

Every error that the laboratory raises on purpose is a \`ShootdownError\` with one of these codes. Its message names the offender, the
place and what would be right; \`details\` has the same facts as data. This page is generated from the table in
[errors.ts](../packages/core/src/errors.ts), and a test compares the two. [What each error says](reference/errors.md) has the messages.

A strategy that fails makes its row \`failed\` with the code in \`error\`; the other rows still run.

${table(['code', 'exit code', 'meaning'], codes)}

## Exit codes

${table(['exit code', 'meaning'], EXIT_CODES)}

When several apply, the first of 4, 7, 3, 5, 6, 2, 1 is taken. 5 (a gate failed) and 6 (a baseline is missing) are kept for gates; \`npm run fit -- --check\` ends
with 5 when the stored parameters are not the solved ones.
`;
}

/** The table of docs/scenarios.md. */
export function scenarioTable(): string {
  return table(
    ['scenario', 'operation', 'pages', 'initiator', 'other threads', 'touch', 'in one sentence'],
    scenarios.map(({ name, operation, pages, initiatorRunsMm, bystanders, touch, summary }) => [
      `\`${name}\``,
      operation,
      pages,
      initiatorRunsMm ? 'thread of the process' : 'kernel thread',
      bystanders,
      touch,
      summary,
    ]),
  );
}
