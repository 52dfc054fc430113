import { markdownTable } from 'markdown-table';
import type { Grid } from '../report/grid.js';
import type { Report } from '../report/report.js';
import { markdownText } from '../text/escape.js';

/** A report as Markdown. Text that came from outside stays text: it makes no cell, no markup and no HTML. */
export function renderMarkdown({ headline, unsafe, phases, foot }: Report): string {
  const tables = [...headline.beside, ...unsafe, ...phases].map(section);
  const notes = foot.map((line) => `- ${markdownText(line)}`).join('\n');
  return `${[...tables, notes].join('\n\n')}\n`;
}

function section(grid: Grid): string {
  const { title, columns } = grid;
  const head = columns.map((column) => column.head.map(markdownText).join(' / '));
  const height = Math.max(0, ...columns.map(({ cells }) => cells.length));
  const lines = Array.from({ length: height }, (_, i) =>
    columns.map(({ cells }) => (cells[i]?.lines ?? []).map(markdownText).join('<br>')),
  );
  const align = columns.map((column) => (column.align === 'right' ? 'r' : 'l'));
  return `### ${markdownText(title)}\n\n${markdownTable([head, ...lines], { align })}`;
}
