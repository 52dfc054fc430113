import { FLUSH_KINDS, type Machine } from '@shootdown/core';
import type { FlushRecords } from './flush-records.js';
import { revokes, seenLeaf, seenTable } from './page-table-view.js';

const CLEAN_DIRTY = FLUSH_KINDS.indexOf('cleanDirty');

/** What a flush in flight is about: its pages, and the page table as its initiator sees it. */
export class FlushView {
  readonly #records: FlushRecords;

  constructor(records: FlushRecords) {
    this.#records = records;
  }

  isCleanDirty(machine: Machine, flush: number): boolean {
    return this.#records.kind(machine, flush) === CLEAN_DIRTY;
  }

  /** The page lies in this cover of the flush. */
  covers(machine: Machine, flush: number, cover: number, page: number): boolean {
    return (
      page >= this.#records.coverFirst(machine, flush, cover) && page < this.#records.coverEnd(machine, flush, cover)
    );
  }

  /** A translation of the page with these flags and this frame grants what the page table no longer does. */
  revokes(machine: Machine, flush: number, root: number, page: number, flags: number, frame: number): boolean {
    const now = seenLeaf(machine, this.#records.cpu(machine, flush), root, page);
    return revokes(now, flags, frame, this.isCleanDirty(machine, flush));
  }

  /** The page table no longer leads to `table` as the one that serves this level for the page. */
  unlinks(machine: Machine, flush: number, root: number, page: number, level: number, table: number): boolean {
    return seenTable(machine, this.#records.cpu(machine, flush), root, page, level) !== table;
  }
}
