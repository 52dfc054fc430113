import {
  CpuField,
  entryFrame,
  entryRoot,
  FLUSH_KINDS,
  isDrained,
  isValidEntry,
  type Machine,
  type MachineShape,
  PscField,
  Pte,
  pcidCount,
  pteTarget,
  TlbField,
} from '@shootdown/core';
import type { Debts } from './debts.js';
import type { FlushRecords } from './flush-records.js';
import { MEMORY, revokes, seenLeaf, seenTable, seenWord } from './page-table-view.js';

export const CLEAN_DIRTY: number = FLUSH_KINDS.indexOf('cleanDirty');

/** Puts the bit of a flush on everything that grants what the page table, as its initiator sees it, no longer grants. */
export class Revocation {
  readonly #records: FlushRecords;
  readonly #debts: Debts;
  readonly #pcids: number;

  constructor(records: FlushRecords, debts: Debts, shape: MachineShape) {
    this.#records = records;
    this.#debts = debts;
    this.#pcids = pcidCount(shape);
  }

  /** At the call: debts of every CPU that may hold entries of the covered pages, marks on what is revoked already. */
  call(machine: Machine, flush: number): void {
    for (let cover = 0; cover < this.#records.covers(machine, flush); cover++) {
      const root = this.#records.coverRoot(machine, flush, cover);
      for (let cpu = 0; cpu < machine.layout.cpuCount; cpu++) this.#callOn(machine, flush, cover, root, cpu);
    }
  }

  /**
   * The marks of a translation that a walk has just read from this word: those of the flushes in flight whose initiator has
   * revoked it in its store buffer only.
   */
  provenance(machine: Machine, page: number, word: number, level: number): number {
    let bits = 0;
    for (let flush = 0; flush < this.#records.count; flush++) {
      if (!this.#records.isCalled(machine, flush)) continue;
      const initiator = this.#records.cpu(machine, flush);
      if (isDrained(machine, initiator)) continue;
      if (this.#isHidden(machine, flush, initiator, page, word, level)) bits |= 1 << flush;
    }
    return bits;
  }

  /** A page that the flush covers is still granted by memory, because the change lies in the initiator's store buffer; -1: none. */
  unpublished(machine: Machine, flush: number): number {
    const initiator = this.#records.cpu(machine, flush);
    if (isDrained(machine, initiator)) return -1;
    for (let cover = 0; cover < this.#records.covers(machine, flush); cover++) {
      const end = this.#records.coverEnd(machine, flush, cover);
      for (let page = this.#records.coverFirst(machine, flush, cover); page < end; page++) {
        const word = seenWord(machine, MEMORY, this.#records.coverRoot(machine, flush, cover), page, 0);
        if (word >= 0 && this.#isHidden(machine, flush, initiator, page, word, 0)) return page;
      }
    }
    return -1;
  }

  #isHidden(machine: Machine, flush: number, initiator: number, page: number, word: number, level: number): boolean {
    for (let cover = 0; cover < this.#records.covers(machine, flush); cover++) {
      if (
        page < this.#records.coverFirst(machine, flush, cover) ||
        page >= this.#records.coverEnd(machine, flush, cover)
      )
        continue;
      const root = this.#records.coverRoot(machine, flush, cover);
      if (seenWord(machine, MEMORY, root, page, level) !== word) continue;
      if (this.#isRevoked(machine, flush, initiator, root, page, level, machine.state[word] as number)) return true;
    }
    return false;
  }

  /** The present entry, read at this level, grants what the initiator's view of the page table does not. */
  #isRevoked(
    machine: Machine,
    flush: number,
    initiator: number,
    root: number,
    page: number,
    level: number,
    entry: number,
  ): boolean {
    if ((entry & Pte.present) === 0) return false;
    if (level > 0) return seenTable(machine, initiator, root, page, level - 1) !== pteTarget(entry);
    const cleanDirty = this.#records.kind(machine, flush) === CLEAN_DIRTY;
    return revokes(seenLeaf(machine, initiator, root, page), entry, pteTarget(entry), cleanDirty);
  }

  #callOn(machine: Machine, flush: number, cover: number, root: number, cpu: number): void {
    const { state, layout } = machine;
    const tags = layout.cpu(cpu) + layout.taggedRoot;
    for (let pcid = 0; pcid < this.#pcids; pcid++) {
      if (state[tags + pcid] !== root + 1) continue;
      this.#callContext(machine, flush, cover, root, cpu, pcid);
      this.#callTables(machine, flush, cover, root, cpu, pcid);
    }
    this.#callWalk(machine, flush, cover, root, cpu);
  }

  #callContext(machine: Machine, flush: number, cover: number, root: number, cpu: number, pcid: number): void {
    const { state } = machine;
    const initiator = this.#records.cpu(machine, flush);
    const cleanDirty = this.#records.kind(machine, flush) === CLEAN_DIRTY;
    const end = this.#records.coverEnd(machine, flush, cover);
    for (let page = this.#records.coverFirst(machine, flush, cover); page < end; page++) {
      const slot = machine.layout.tlbSlot(cpu, pcid, page);
      this.#debts.owe(machine, cpu, pcid, slot, 1 << flush);
      const entry = state[slot + TlbField.entry] as number;
      if (!isValidEntry(entry) || entryRoot(entry) !== root) continue;
      if (!revokes(seenLeaf(machine, initiator, root, page), entry, entryFrame(entry), cleanDirty)) continue;
      state[slot + TlbField.marks] = (state[slot + TlbField.marks] as number) | (1 << flush);
    }
  }

  /** Paging-structure entries on the way to covered pages that point to a table which is no longer linked there. */
  #callTables(machine: Machine, flush: number, cover: number, root: number, cpu: number, pcid: number): void {
    const initiator = this.#records.cpu(machine, flush);
    const first = this.#records.coverFirst(machine, flush, cover);
    const last = this.#records.coverEnd(machine, flush, cover) - 1;
    for (let level = 0; level < machine.shape.levels - 1; level++) {
      const shift = machine.shape.levelBits * (level + 1);
      for (let prefix = first >> shift; prefix <= last >> shift; prefix++) {
        const slot = machine.layout.pscSlot(cpu, pcid, level, prefix);
        const table = (machine.state[slot + PscField.table] as number) - 1;
        if (table < 0 || seenTable(machine, initiator, root, prefix << shift, level) === table) continue;
        machine.state[slot + PscField.marks] = (machine.state[slot + PscField.marks] as number) | (1 << flush);
      }
    }
  }

  #callWalk(machine: Machine, flush: number, cover: number, root: number, cpu: number): void {
    const { state } = machine;
    const block = machine.layout.cpu(cpu);
    const page = (state[block + CpuField.walkPage] as number) - 1;
    if (page < this.#records.coverFirst(machine, flush, cover) || page >= this.#records.coverEnd(machine, flush, cover))
      return;
    if (state[block + CpuField.walkRoot] !== root || !this.#isWalkRevoked(machine, flush, root, block, page)) return;
    state[block + CpuField.walkMarks] = (state[block + CpuField.walkMarks] as number) | (1 << flush);
    this.#debts.note(machine, cpu, state[block + CpuField.walkPcid] as number, 1 << flush);
  }

  /** It has found a leaf that is revoked, or stands in a table that the page table no longer leads to. */
  #isWalkRevoked(machine: Machine, flush: number, root: number, block: number, page: number): boolean {
    const initiator = this.#records.cpu(machine, flush);
    const level = machine.state[block + CpuField.walkLevel] as number;
    if (level < 0)
      return this.#isRevoked(
        machine,
        flush,
        initiator,
        root,
        page,
        0,
        machine.state[block + CpuField.walkLeaf] as number,
      );
    return seenTable(machine, initiator, root, page, level) !== machine.state[block + CpuField.walkTable];
  }
}
