import type { CellDescription } from '@shootdown/checker';

/** One CPU unmaps a page that another one writes: the first cell of `check`. */
const UNMAP: CellDescription = {
  scenario: 'unmap',
  targets: 'user',
  initiators: 1,
  cpus: 2,
  nmis: 0,
  walker: 'demand',
};

/** A cell by what is not as in the first one of `check`. */
export function cellOf(change: Partial<CellDescription>): CellDescription {
  return { ...UNMAP, ...change };
}

/** Default options of async-inline. */
export const EARLY = { ack: 'early', freedTables: 'sync', nmiGuard: true } as const;

/** Options of broadcast: every process has its global ASID from the start. */
export const FROM_BOOT = { globalAsid: 'fromBoot', activeCpus: 4, considerEvery: 32 } as const;
