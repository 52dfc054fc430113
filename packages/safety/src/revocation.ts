import {
  BUFFER_STRIDE,
  BufferField,
  CpuField,
  entryFrame,
  entryRoot,
  isValidEntry,
  type Machine,
  type MachineShape,
  PscField,
  Pte,
  pcidCount,
  pteTarget,
  sortTablePointers,
  sortTranslations,
  TlbField,
} from '@shootdown/core';
import type { Debts } from './debts.js';
import type { FlushRecords } from './flush-records.js';
import type { FlushView } from './flush-view.js';

/** What a store through a translation has used: the right to write the frame without setting D. */
const USED_BY_STORE = Pte.writable | Pte.dirty;

/** Puts the bit of a flush on everything that grants what the page table, as its initiator sees it, no longer grants. */
export class Revocation {
  readonly #records: FlushRecords;
  readonly #view: FlushView;
  readonly #debts: Debts;
  readonly #pcids: number;

  constructor(records: FlushRecords, view: FlushView, debts: Debts, shape: MachineShape) {
    this.#records = records;
    this.#view = view;
    this.#debts = debts;
    this.#pcids = pcidCount(shape);
  }

  /**
   * At a cover of the pages `first` … `end` - 1: debts of every CPU that may hold entries of them, marks on what is revoked.
   * The page table has been changed by then, so any invalidation from here on counts.
   */
  cover(machine: Machine, flush: number, root: number, first: number, end: number): void {
    for (let cpu = 0; cpu < machine.layout.cpuCount; cpu++) {
      const tags = machine.layout.cpu(cpu) + machine.layout.taggedRoot;
      for (let pcid = 0; pcid < this.#pcids; pcid++) {
        if (machine.state[tags + pcid] === root + 1) this.#owe(machine, flush, cpu, pcid, first, end);
      }
      this.#mark(machine, flush, root, first, end, cpu);
    }
  }

  /** At the call the kind is known: cleaning revokes more than a cover could tell. */
  call(machine: Machine, flush: number): void {
    if (!this.#view.isCleanDirty(machine, flush)) return;
    for (let cover = 0; cover < this.#records.covers(machine, flush); cover++) {
      const root = this.#records.coverRoot(machine, flush, cover);
      const first = this.#records.coverFirst(machine, flush, cover);
      const end = this.#records.coverEnd(machine, flush, cover);
      for (let cpu = 0; cpu < machine.layout.cpuCount; cpu++) this.#mark(machine, flush, root, first, end, cpu);
    }
  }

  #owe(machine: Machine, flush: number, cpu: number, pcid: number, first: number, end: number): void {
    for (let page = first; page < end; page++) {
      this.#debts.owe(machine, cpu, pcid, machine.layout.tlbSlot(cpu, pcid, page), 1 << flush);
    }
  }

  #mark(machine: Machine, flush: number, root: number, first: number, end: number, cpu: number): void {
    const tags = machine.layout.cpu(cpu) + machine.layout.taggedRoot;
    for (let pcid = 0; pcid < this.#pcids; pcid++) {
      if (machine.state[tags + pcid] !== root + 1) continue;
      this.#markEntries(machine, flush, root, first, end, cpu, pcid);
      this.#markTables(machine, flush, root, first, end, cpu, pcid);
    }
    this.#markWalk(machine, flush, root, first, end, cpu);
    this.#markStores(machine, flush, root, first, end, cpu);
  }

  #markEntries(
    machine: Machine,
    flush: number,
    root: number,
    first: number,
    end: number,
    cpu: number,
    pcid: number,
  ): void {
    const { state } = machine;
    for (let page = first; page < end; page++) {
      const slot = machine.layout.tlbSlot(cpu, pcid, page);
      if (((state[slot + TlbField.owed] as number) & (1 << flush)) === 0) continue;
      for (let way = 0; way < machine.layout.tlbWays; way++)
        this.#markEntry(machine, flush, root, page, machine.layout.tlbWay(slot, way));
      if (machine.layout.tlbWays > 1) sortTranslations(machine, slot);
    }
  }

  #markEntry(machine: Machine, flush: number, root: number, page: number, way: number): void {
    const { state } = machine;
    const entry = state[way + TlbField.entry] as number;
    if (!isValidEntry(entry) || entryRoot(entry) !== root) return;
    if (!this.#view.revokes(machine, flush, root, page, entry, entryFrame(entry))) return;
    state[way + TlbField.marks] = (state[way + TlbField.marks] as number) | (1 << flush);
  }

  /** Paging-structure entries on the way to covered pages that point to a table which is no longer linked there. */
  #markTables(
    machine: Machine,
    flush: number,
    root: number,
    first: number,
    end: number,
    cpu: number,
    pcid: number,
  ): void {
    for (let level = 0; level < machine.shape.levels - 1; level++) {
      const shift = machine.shape.levelBits * (level + 1);
      for (let prefix = first >> shift; prefix <= (end - 1) >> shift; prefix++) {
        const slot = machine.layout.pscSlot(cpu, pcid, level, prefix);
        for (let way = slot; way < slot + machine.layout.pscStride; way += 2) {
          const table = (machine.state[way + PscField.table] as number) - 1;
          if (table < 0 || !this.#view.unlinks(machine, flush, root, prefix << shift, level, table)) continue;
          machine.state[way + PscField.marks] = (machine.state[way + PscField.marks] as number) | (1 << flush);
          this.#debts.note(machine, cpu, pcid, 1 << flush);
        }
        if (machine.layout.pscWays > 1) sortTablePointers(machine, slot);
      }
    }
  }

  /** Stores in the CPU's buffer that were made through a translation which is revoked by now. */
  #markStores(machine: Machine, flush: number, root: number, first: number, end: number, cpu: number): void {
    const { state } = machine;
    const block = machine.layout.cpu(cpu);
    const oldest = block + CpuField.buffer;
    const after = oldest + (state[block + CpuField.bufferCount] as number) * BUFFER_STRIDE;
    for (let store = oldest; store < after; store += BUFFER_STRIDE) {
      const page = (state[store + BufferField.via] as number) - 1 - root * machine.layout.pages;
      if (page < first || page >= end) continue;
      const frame = ((state[store + BufferField.word] as number) - machine.frameBase) >> 3;
      if (!this.#view.revokes(machine, flush, root, page, USED_BY_STORE, frame)) continue;
      state[store + BufferField.marks] = (state[store + BufferField.marks] as number) | (1 << flush);
    }
  }

  #markWalk(machine: Machine, flush: number, root: number, first: number, end: number, cpu: number): void {
    const { state } = machine;
    const block = machine.layout.cpu(cpu);
    const page = (state[block + CpuField.walkPage] as number) - 1;
    if (page < first || page >= end || state[block + CpuField.walkRoot] !== root) return;
    if (!this.#isWalkRevoked(machine, flush, root, block, page)) return;
    state[block + CpuField.walkMarks] = (state[block + CpuField.walkMarks] as number) | (1 << flush);
    this.#debts.note(machine, cpu, state[block + CpuField.walkPcid] as number, 1 << flush);
  }

  /** It has found a leaf that is revoked, or stands in a table that the page table no longer leads to. */
  #isWalkRevoked(machine: Machine, flush: number, root: number, block: number, page: number): boolean {
    const level = machine.state[block + CpuField.walkLevel] as number;
    if (level >= 0) {
      return this.#view.unlinks(machine, flush, root, page, level, machine.state[block + CpuField.walkTable] as number);
    }
    const leaf = machine.state[block + CpuField.walkLeaf] as number;
    return this.#view.revokes(machine, flush, root, page, leaf, pteTarget(leaf));
  }
}
