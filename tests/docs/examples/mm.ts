import { ALL_PAGES, mmPrograms, type MmPrograms } from '@shootdown/mm';

/** A flush function that never flushes page by page. `bootKernel({ …, programs: { flushTlbFunc } })` puts it in place. */
export const flushTlbFunc: MmPrograms['flushTlbFunc'] = (mm) => (cpu, space, _firstPage, _pageCount, generation) =>
  mmPrograms.flushTlbFunc(mm)(cpu, space, 0, ALL_PAGES, generation);
