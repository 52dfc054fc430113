import { buffersEntry, isPresent, type Machine, pteTarget } from '@shootdown/core';
import type { FlushRecords } from './flush-records.js';
import type { FlushView } from './flush-view.js';
import { MEMORY, seenWord } from './page-table-view.js';

/** Changes of the page table that a flush was called with while they lie in the store buffer of its initiator only. */
export class HiddenChanges {
  readonly #records: FlushRecords;
  readonly #view: FlushView;

  constructor(records: FlushRecords, view: FlushView) {
    this.#records = records;
    this.#view = view;
  }

  /** A flush in flight may have such changes: its initiator's store buffer holds an entry of a page table. */
  areAny(machine: Machine): boolean {
    for (let flush = 0; flush < this.#records.count; flush++) if (this.#mayHide(machine, flush)) return true;
    return false;
  }

  /** Bits of the flushes in flight that revoke what memory grants in this word, read by a walk for the page at this level. */
  revokersOf(machine: Machine, page: number, word: number, level: number): number {
    let bits = 0;
    for (let flush = 0; flush < this.#records.count; flush++) {
      if (!this.#mayHide(machine, flush)) continue;
      if (this.#isRevoked(machine, flush, page, word, level)) bits |= 1 << flush;
    }
    return bits;
  }

  /** A page of the flush that memory still grants against the initiator's change; -1: none. */
  unpublishedPage(machine: Machine, flush: number): number {
    if (!this.#mayHide(machine, flush)) return -1;
    for (let cover = 0; cover < this.#records.covers(machine, flush); cover++) {
      const end = this.#records.coverEnd(machine, flush, cover);
      for (let page = this.#records.coverFirst(machine, flush, cover); page < end; page++) {
        const word = seenWord(machine, MEMORY, this.#records.coverRoot(machine, flush, cover), page, 0);
        if (word >= 0 && this.#isRevoked(machine, flush, page, word, 0)) return page;
      }
    }
    return -1;
  }

  #mayHide(machine: Machine, flush: number): boolean {
    return this.#records.isOpen(machine, flush) && buffersEntry(machine, this.#records.cpu(machine, flush));
  }

  #isRevoked(machine: Machine, flush: number, page: number, word: number, level: number): boolean {
    for (let cover = 0; cover < this.#records.covers(machine, flush); cover++) {
      if (!this.#view.covers(machine, flush, cover, page)) continue;
      const root = this.#records.coverRoot(machine, flush, cover);
      if (seenWord(machine, MEMORY, root, page, level) !== word) continue;
      if (this.#isEntryRevoked(machine, flush, root, page, level, machine.state[word] as number)) return true;
    }
    return false;
  }

  #isEntryRevoked(machine: Machine, flush: number, root: number, page: number, level: number, entry: number): boolean {
    if (!isPresent(entry)) return false;
    if (level > 0) return this.#view.unlinks(machine, flush, root, page, level - 1, pteTarget(entry));
    return this.#view.revokes(machine, flush, root, page, entry, pteTarget(entry));
  }
}
