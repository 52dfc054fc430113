import { terminalText } from '@shootdown/reporter';
import { entries, foundByDefault, unexpressed, type ZooRow } from '@shootdown/zoo';
import { alignColumns } from '../output/align.js';

const HEAD = ['id', 'kind', 'expected', 'buggy', 'moves', 'fixed', 'title'];

/** A line per entry, what is not expressed, and a count. */
export function zooText(rows: readonly ZooRow[]): string {
  const ids = [...new Set(rows.map(({ id }) => id))];
  const lines = ids.map((id) => lineOf(rows.filter((row) => row.id === id)));
  const failed = rows.filter(({ ok }) => !ok).length;
  return [
    alignColumns([HEAD, ...lines]),
    ['Not expressed:', ...unexpressed.map(({ id, title, reason }) => terminalText(`  ${id} ${title}: ${reason}`))].join(
      '\n',
    ),
    `${rows.length - failed} of ${rows.length} variants are as expected; ${scoreText()}`,
  ]
    .map((block) => `${block}\n`)
    .join('\n');
}

/** How much of the zoo the matrix of `check` catches that is explored when nothing is asked for. */
function scoreText(): string {
  const seams = entries.filter(({ kind }) => kind === 'seam');
  const caught = seams.filter(({ id }) => foundByDefault(id) !== null).length;
  return `check without options catches ${caught} of the ${seams.length} that replace a seam`;
}

function lineOf(rows: readonly ZooRow[]): readonly string[] {
  const buggy = rows.find(({ variant }) => variant === 'buggy');
  const fixed = rows.find(({ variant }) => variant === 'fixed');
  if (buggy === undefined) return [];
  return [
    buggy.id,
    buggy.kind,
    buggy.expected,
    found(buggy),
    buggy.moves === null ? '' : String(buggy.moves),
    fixed === undefined ? '' : found(fixed),
    buggy.title,
  ];
}

function found({ verdict, contract, form, memory, ok }: ZooRow): string {
  const text = contract === null ? verdict : `${contract} ${form}${memory === 'tso' ? ' (TSO)' : ''}`;
  return ok ? text : `${text} UNEXPECTED`;
}
