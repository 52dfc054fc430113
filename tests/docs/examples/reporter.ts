import { render, type ResultDocument } from '@shootdown/reporter';

/** The same document as the table of the terminal, without colours and 120 columns wide. */
export const asTable = (document: ResultDocument): string => render(document, 'table', { color: false, width: 120 });
