import { asyncInline, type AsyncInlineSteps, asyncInlineWith } from '@shootdown/strategy-async-inline';
import { cellOf, EARLY } from '../cells.js';
import type { SeamEntry } from '../entry.js';

const isSynchronous: AsyncInlineSteps['isSynchronous'] = ({ options: { ack } }, { kind }) =>
  ack === 'late' || kind === 'kernel';

export const m2: SeamEntry = {
  id: 'M2',
  title: 'requests that free page tables are acknowledged early too',
  source: 'LKML 20190531063645.4697-12-namit@vmware.com, condition 1 of patch 11',
  story:
    'Between acknowledgement and flush the target may walk through its paging-structure cache into a table that the initiator has given back. Such requests have to stay synchronous.',
  memory: 'sc',
  kind: 'seam',
  seams: ['isSynchronous'],
  shipped: 'fixed',
  replacement: { strategy: asyncInlineWith({ isSynchronous }) },
  strategy: asyncInline,
  options: EARLY,
  cell: cellOf({ scenario: 'free-table' }),
};
