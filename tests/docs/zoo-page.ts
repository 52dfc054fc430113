import { type CellDescription, cellText } from '@shootdown/checker';
import { type Entry, entries, expectations, foundByDefault, type SeamEntry, unexpressed } from '@shootdown/zoo';

const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [row(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(row)].join('\n');

/** Every entry of a kind, its expectation and its smallest cell. */
export function entryTable(kind: Entry['kind']): string {
  const shown = entries.filter((entry) => entry.kind === kind);
  if (kind === 'separate') {
    const rows = shown.map(({ id, title, source, seams, memory }) => [
      id,
      title,
      source,
      [...seams.map((seam) => `\`${seam}\``), ...(memory === 'tso' ? ['TSO'] : [])].join(', '),
      expectations[id]?.contract ?? '',
    ]);
    return table(['id', 'bug', 'source', 'replaces, needs', 'expected'], rows);
  }
  const seams = shown.filter((entry) => entry.kind === 'seam');
  return table(['id', 'bug', 'source', 'replaces', 'expected', 'smallest cell', '`check`'], seams.map(seamCells));
}

function seamCells({ id, title, source, seams, shipped, strategy, cell, memory }: SeamEntry): readonly string[] {
  const place = [cellText(cell), ...(cell.walker === 'demand' ? [] : [`walker ${cell.walker}`])].join(', ');
  return [
    id,
    title,
    source,
    `${seams.map((seam) => `\`${seam}\``).join(', ')}${shipped === 'buggy' ? ', repaired' : ''}`,
    expectations[id]?.contract ?? '',
    `${strategy.name}: ${place}${memory === 'tso' ? ', TSO only' : ''}`,
    foundByDefault(id) ?? 'no',
  ];
}

interface Level {
  readonly options: string;
  readonly covers: (cell: CellDescription) => boolean;
}

/** Options of `check`, each line with those above it. */
const LEVELS: readonly Level[] = [
  { options: 'none', covers: () => false },
  { options: '`--initiators 1,2`', covers: ({ initiators }) => initiators === 2 },
  { options: '`--targets user,lazy,idle,switching`', covers: ({ targets }) => targets !== 'user' },
  { options: '`--nmis 0,1`', covers: ({ nmis }) => nmis > 0 },
  { options: '`--cpus 1,2,3`', covers: ({ cpus }) => cpus !== 2 },
];

/** The first line whose options, with those above, have the smallest cell of the entry. */
function levelOf({ id, cell }: SeamEntry): number {
  if (foundByDefault(id) !== null) return 0;
  return LEVELS.findLastIndex(({ covers }) => covers(cell));
}

/** How many seam entries `check` catches with which options. */
export function scoreTable(): string {
  const seams = entries.filter((entry) => entry.kind === 'seam');
  const caught = (level: number, first: string): string => {
    const all = seams.filter(({ id }) => id.startsWith(first));
    return `${all.filter((entry) => levelOf(entry) <= level).length} of ${all.length}`;
  };
  const rows = LEVELS.map(({ options }, level) => [options, caught(level, 'Z'), caught(level, 'M')]);
  return table(['options of `check`, added one after the other', 'bugs', 'mutants'], rows);
}

/** Where the exploration answered otherwise than expected. */
export function learntTable(): string {
  const rows = Object.entries(expectations).flatMap(([id, { contract, why, learnt }]) =>
    learnt === undefined ? [] : [[id, `${contract}: ${why}`, learnt]],
  );
  return table(['id', 'expected', 'learnt'], rows);
}

export function unexpressedTable(): string {
  return table(
    ['id', 'bug', 'why it is no entry'],
    unexpressed.map(({ id, title, reason }) => [id, title, reason]),
  );
}
