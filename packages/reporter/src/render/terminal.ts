import { stripVTControlCharacters } from 'node:util';
import CliTable from 'cli-table3';
import pc from 'picocolors';
import type { Grid, GridCell, GridColumn, Tone } from '../report/grid.js';
import type { Report } from '../report/report.js';
import { terminalText } from '../text/escape.js';
import type { RenderOptions } from './options.js';
import { splitGrid } from './split-grid.js';

type Colors = ReturnType<typeof pc.createColors>;

/** A report as tables for a terminal. Text that came from outside cannot steer the terminal. */
export function renderTerminal(report: Report, { color, width }: RenderOptions): string {
  const colors = pc.createColors(color);
  const draw = (grid: Grid): string =>
    `${colors.bold(wrap(terminalText(grid.title), width))}\n${drawGrid(grid, colors)}`;
  const fits = (grid: Grid): boolean => widthOf(drawGrid(grid, colors)) <= width;
  const headline = report.headline.beside.every(fits) ? report.headline.beside : report.headline.stacked;
  const blocks = [...headline, ...report.unsafe, ...report.phases].flatMap((grid) => splitGrid(grid, fits)).map(draw);
  const foot = report.foot.map((line) => wrap(terminalText(line), width)).join('\n');
  return `${[...blocks, foot].join('\n\n')}\n`;
}

function drawGrid({ columns }: Grid, colors: Colors): string {
  const table = new CliTable({
    head: columns.map(({ head }) => head.map(terminalText).join('\n')),
    colAligns: columns.map(({ align }) => align),
    style: { head: [], border: [], compact: true },
  });
  const height = Math.max(0, ...columns.map(({ cells }) => cells.length));
  for (let line = 0; line < height; line++) table.push(columns.map((column) => drawCell(column, line, colors)));
  return table.toString();
}

function drawCell(column: GridColumn, line: number, colors: Colors): string {
  const cell: GridCell = column.cells[line] ?? { lines: [], tone: 'plain' };
  return cell.lines
    .map(terminalText)
    .map((text, i) => (i === 0 || cell.tone === 'unsafe' ? paint(text, cell.tone, colors) : colors.dim(text)))
    .join('\n');
}

function paint(text: string, tone: Tone, colors: Colors): string {
  if (tone === 'faster') return colors.green(text);
  if (tone === 'slower') return colors.yellow(text);
  return tone === 'unsafe' ? colors.red(text) : text;
}

function widthOf(text: string): number {
  return Math.max(...text.split('\n').map((line) => stripVTControlCharacters(line).length));
}

/** Breaks a line between words; a word longer than the width stays whole. */
function wrap(line: string, width: number): string {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ')) {
    if (current !== '' && current.length + 1 + word.length > width) {
      lines.push(current);
      current = `  ${word}`;
    } else {
      current = current === '' ? word : `${current} ${word}`;
    }
  }
  return [...lines, current].join('\n');
}
