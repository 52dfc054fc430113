import { type FlushKind, ShootdownError } from '@shootdown/core';
import type { OperationName } from '@shootdown/kernel';

/** What is flushed, and why: one change of a page table that needs a flush. */
export interface CellScenario {
  readonly name: string;
  readonly summary: string;
  readonly operation: OperationName;
  /** What a second initiator does; a scenario that names it needs two. Default: the same. */
  readonly secondOperation?: OperationName;
  /** Each initiator works on a page of its own; other CPUs use the first one and may have cached all. */
  readonly ownPages: boolean;
  /** How the targets use the page. */
  readonly access: 'read' | 'write';
  /** The first initiator is a kernel thread that has not loaded the mm; further ones work in their own process. */
  readonly kernelThread: boolean;
  /** Which free frame a fault takes: any, or the one that the page had. */
  readonly frameChoice: 'choose' | 'firstFree';
}

const scenario = (
  name: string,
  operation: OperationName,
  summary: string,
  rest: Partial<CellScenario> = {},
): CellScenario => ({
  name,
  summary,
  operation,
  access: 'write',
  kernelThread: false,
  ownPages: false,
  frameChoice: 'firstFree',
  ...rest,
});

/** One scenario for each kind of request, remapping, and what needs two initiators. */
export const cellScenarios: readonly CellScenario[] = [
  scenario('unmap', 'madvise', 'madvise(MADV_DONTNEED): the page goes, its frame is freed and may come back.'),
  scenario('protect', 'mprotect', 'mprotect(PROT_READ): write permission goes, the page stays.'),
  scenario('remap', 'madvise', 'madvise(MADV_DONTNEED), then a fault that may take any free frame.', {
    frameChoice: 'choose',
  }),
  scenario('clean-dirty', 'msync', 'msync: write permission and the dirty flag go before the page is written back.'),
  scenario('free-table', 'munmap', 'munmap of all that a table page maps: the table page is freed.', {
    access: 'read',
  }),
  scenario('reclaim', 'reclaim', 'A kernel thread unmaps a page of a process and flushes once for the batch.', {
    kernelThread: true,
  }),
  scenario('two-pages', 'mprotect', 'mprotect(PROT_READ) of two pages by two initiators at the same time.', {
    ownPages: true,
    secondOperation: 'mprotect',
  }),
  scenario('reclaim-protect', 'reclaim', 'A kernel thread reclaims a page while a thread of the process protects it.', {
    kernelThread: true,
    secondOperation: 'mprotect',
  }),
];

const KINDS: Readonly<Record<OperationName, FlushKind>> = {
  madvise: 'unmap',
  mprotect: 'protect',
  msync: 'cleanDirty',
  munmap: 'freeTable',
  reclaim: 'reclaim',
};

/** What the strategy is asked for in a scenario. */
export function flushKind({ operation }: CellScenario): FlushKind {
  return KINDS[operation];
}

/** @throws ShootdownError UNKNOWN_SCENARIO, naming the scenarios there are */
export function findCellScenario(name: string): CellScenario {
  const found = cellScenarios.find((each) => each.name === name);
  if (found !== undefined) return found;
  const known = cellScenarios.map((each) => each.name);
  throw new ShootdownError('UNKNOWN_SCENARIO', `Nothing to check is called "${name}"; choose ${known.join(', ')}.`, {
    details: { name, known },
  });
}
