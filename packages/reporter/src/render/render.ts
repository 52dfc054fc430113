import { reportOf } from '../report/report.js';
import type { ResultDocument } from '../result.js';
import { renderCsv } from './csv.js';
import { renderJson } from './json.js';
import { renderMarkdown } from './markdown.js';
import type { Format, RenderOptions } from './options.js';
import { renderTerminal } from './terminal.js';

/**
 * A result as text in one of the formats, with a trailing newline. The same document and options give the same text.
 * @throws ShootdownError INTERNAL when the document holds a number that JSON cannot state
 */
export function render(document: ResultDocument, format: Format, options: RenderOptions): string {
  switch (format) {
    case 'table':
      return renderTerminal(reportOf(document), options);
    case 'markdown':
      return renderMarkdown(reportOf(document));
    case 'csv':
      return renderCsv(document);
    case 'json':
      return renderJson(document);
  }
}
