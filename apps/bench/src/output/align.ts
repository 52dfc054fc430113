import { terminalText } from '@shootdown/reporter';

/** Lines of text in columns that are as wide as their widest cell, two blanks apart. The last column is not padded. */
export function alignColumns(lines: readonly (readonly string[])[]): string {
  const shown = lines.map((line) => line.map(terminalText));
  const widths: number[] = [];
  for (const line of shown) for (const [i, text] of line.entries()) widths[i] = Math.max(widths[i] ?? 0, text.length);
  return shown
    .map((line) =>
      line
        .map((text, i) => text.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
