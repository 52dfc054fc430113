import { CpuField, PscField } from '../machine/layout.js';
import type { Machine } from '../machine/machine.js';
import { isPresent, Pte, pteTarget } from './pte.js';
import { endWalk, isValidEntry, makeEntry, slotFor, translation } from './tlb.js';
import { enterTablePointer, enterTranslation, hasWayFor } from './translation-set.js';

/** How an access through the MMU would go now. */
export const Access = { miss: 0, hit: 1, assist: 2, fault: 3 } as const;

/**
 * Begins a walk for the page under the CPU's present root and PCID, from the lowest table that the paging-structure
 * cache knows (SDM 4.10.3.2). Any page may be walked at any time: speculation needs no access.
 */
export function startWalk(machine: Machine, cpu: number, page: number): void {
  const { state, layout } = machine;
  const block = layout.cpu(cpu);
  const pcid = state[block + CpuField.pcid] as number;
  const root = state[block + CpuField.root] as number;
  const start = cachedStart(machine, cpu, pcid, page);
  state[block + CpuField.walkPage] = page + 1;
  state[block + CpuField.walkPcid] = pcid;
  state[block + CpuField.walkRoot] = root;
  state[block + CpuField.walkLeaf] = 0;
  if (start < 0) {
    state[block + CpuField.walkLevel] = machine.shape.levels - 1;
    state[block + CpuField.walkTable] = root;
    state[block + CpuField.walkMarks] = 0;
  } else {
    const slot = layout.pscSlot(cpu, pcid, start, prefix(machine, page, start + 1));
    state[block + CpuField.walkLevel] = start;
    state[block + CpuField.walkTable] = (state[slot + PscField.table] as number) - 1;
    state[block + CpuField.walkMarks] = state[slot + PscField.marks] as number;
  }
}

/** The word the walk in flight reads next. */
export function walkWord(machine: Machine, cpu: number): number {
  const block = machine.layout.cpu(cpu);
  const page = (machine.state[block + CpuField.walkPage] as number) - 1;
  const level = machine.state[block + CpuField.walkLevel] as number;
  return tableWord(machine, machine.state[block + CpuField.walkTable] as number, page, level);
}

/**
 * Reads one level from memory (never from the store buffer). An absent entry, or a table that is back with the
 * allocator, ends the walk. The leaf gets its A flag in the same atomic step (SDM 4.8).
 */
export function stepWalk(machine: Machine, cpu: number): void {
  const { state, layout } = machine;
  const block = layout.cpu(cpu);
  const level = state[block + CpuField.walkLevel] as number;
  const table = state[block + CpuField.walkTable] as number;
  if (state[layout.tableFreed + table] !== 0) {
    machine.monitor.walkedFreed(machine, cpu, table);
    endWalk(machine, cpu);
    return;
  }
  const word = walkWord(machine, cpu);
  const entry = state[word] as number;
  if (!isPresent(entry)) {
    endWalk(machine, cpu);
    return;
  }
  addProvenance(machine, cpu, word, level);
  if (level === 0) foundLeaf(machine, cpu, word, entry);
  else descend(machine, cpu, level - 1, pteTarget(entry));
}

function addProvenance(machine: Machine, cpu: number, word: number, level: number): void {
  const { state } = machine;
  const block = machine.layout.cpu(cpu);
  const page = (state[block + CpuField.walkPage] as number) - 1;
  const marks = machine.monitor.provenance(machine, cpu, state[block + CpuField.walkPcid] as number, page, word, level);
  if (marks !== 0) state[block + CpuField.walkMarks] = (state[block + CpuField.walkMarks] as number) | marks;
}

function foundLeaf(machine: Machine, cpu: number, word: number, entry: number): void {
  const block = machine.layout.cpu(cpu);
  if ((entry & Pte.accessed) === 0) machine.write(cpu, word, entry | Pte.accessed);
  machine.state[block + CpuField.walkLeaf] = entry | Pte.accessed;
  machine.state[block + CpuField.walkLevel] = -1;
}

function descend(machine: Machine, cpu: number, level: number, table: number): void {
  const { state, layout } = machine;
  const block = layout.cpu(cpu);
  const page = (state[block + CpuField.walkPage] as number) - 1;
  const slot = layout.pscSlot(cpu, state[block + CpuField.walkPcid] as number, level, prefix(machine, page, level + 1));
  enterTablePointer(machine, slot, table, state[block + CpuField.walkMarks] as number);
  state[block + CpuField.walkLevel] = level;
  state[block + CpuField.walkTable] = table;
}

/** Enters the translation that the walk found into the TLB. */
export function fillTlb(machine: Machine, cpu: number): void {
  const { state, layout } = machine;
  const block = layout.cpu(cpu);
  const page = (state[block + CpuField.walkPage] as number) - 1;
  const marks = state[block + CpuField.walkMarks] as number;
  const slot = foundSlot(machine, cpu);
  enterTranslation(machine, slot, foundEntry(machine, cpu), marks);
  endWalk(machine, cpu);
  machine.monitor.filled(machine, cpu, slot, page, marks);
}

/** The walk in flight has found a leaf, and the TLB has room for it. */
export function canFill(machine: Machine, cpu: number): boolean {
  const { state, layout } = machine;
  const block = layout.cpu(cpu);
  if (state[block + CpuField.walkPage] === 0 || state[block + CpuField.walkLevel] !== -1) return false;
  return hasWayFor(
    machine,
    foundSlot(machine, cpu),
    foundEntry(machine, cpu),
    state[block + CpuField.walkMarks] as number,
  );
}

function foundSlot(machine: Machine, cpu: number): number {
  const { state, layout } = machine;
  const block = layout.cpu(cpu);
  const page = (state[block + CpuField.walkPage] as number) - 1;
  return slotFor(
    machine,
    cpu,
    state[block + CpuField.walkPcid] as number,
    page,
    state[block + CpuField.walkLeaf] as number,
  );
}

function foundEntry(machine: Machine, cpu: number): number {
  const { state, layout } = machine;
  const block = layout.cpu(cpu);
  return makeEntry(state[block + CpuField.walkLeaf] as number, state[block + CpuField.walkRoot] as number);
}

/**
 * What an access would meet: a usable entry (`hit`), a writable one whose D flag the hardware must set first (`assist`),
 * a fault, or nothing cached and a page table that permits it (`miss`: the walker has to fill first).
 * A cached read-only entry faults a store without a fresh walk: the spurious fault that SDM 4.10.4.3 permits.
 */
export function accessKind(machine: Machine, cpu: number, page: number, isStore: boolean): number {
  const entry = machine.state[translation(machine, cpu, page)] as number;
  if (isValidEntry(entry)) {
    if (!isStore) return Access.hit;
    if ((entry & Pte.writable) === 0) return Access.fault;
    if ((entry & Pte.dirty) !== 0) return Access.hit;
    return permits(leafOf(machine, cpu, page), true) ? Access.assist : Access.fault;
  }
  return permits(leafOf(machine, cpu, page), isStore) ? Access.miss : Access.fault;
}

/** A leaf entry lets the access through. */
export function permits(leaf: number, isStore: boolean): boolean {
  return isPresent(leaf) && (!isStore || (leaf & Pte.writable) !== 0);
}

function leafOf(machine: Machine, cpu: number, page: number): number {
  const word = leafWord(machine, cpu, page);
  return word < 0 ? 0 : (machine.state[word] as number);
}

/** The leaf entry's word as an atomic walk finds it, or -1 when an upper level is absent or its table is freed. */
export function leafWord(machine: Machine, cpu: number, page: number): number {
  const { state, layout } = machine;
  const block = layout.cpu(cpu);
  const pcid = state[block + CpuField.pcid] as number;
  const start = cachedStart(machine, cpu, pcid, page);
  if (start < 0) return descendTo(machine, state[block + CpuField.root] as number, page, machine.shape.levels - 1);
  const slot = layout.pscSlot(cpu, pcid, start, prefix(machine, page, start + 1));
  return descendTo(machine, (state[slot + PscField.table] as number) - 1, page, start);
}

/** The leaf word of a page under a table of this level, by memory alone; -1 when there is none. */
export function descendTo(machine: Machine, table: number, page: number, level: number): number {
  let current = table;
  for (let l = level; l > 0; l--) {
    if (machine.state[machine.layout.tableFreed + current] !== 0) return -1;
    const entry = machine.state[tableWord(machine, current, page, l)] as number;
    if (!isPresent(entry)) return -1;
    current = pteTarget(entry);
  }
  return machine.state[machine.layout.tableFreed + current] !== 0 ? -1 : tableWord(machine, current, page, 0);
}

/** The freed table page that an atomic walk for this page would read, or -1. */
export function freedTableOnWalk(machine: Machine, cpu: number, page: number): number {
  const { state, layout } = machine;
  const pcid = state[layout.cpu(cpu) + CpuField.pcid] as number;
  const start = cachedStart(machine, cpu, pcid, page);
  let level = start < 0 ? machine.shape.levels - 1 : start;
  let table = state[layout.cpu(cpu) + CpuField.root] as number;
  if (start >= 0)
    table = (state[layout.pscSlot(cpu, pcid, start, prefix(machine, page, start + 1)) + PscField.table] as number) - 1;
  for (; state[layout.tableFreed + table] === 0; level--) {
    const entry = state[tableWord(machine, table, page, level)] as number;
    if (level === 0 || !isPresent(entry)) return -1;
    table = pteTarget(entry);
  }
  return table;
}

/** The word of `table` that translates this page at this level. */
export function tableWord(machine: Machine, table: number, page: number, level: number): number {
  const bits = machine.shape.levelBits;
  return machine.tableBase + (table << bits) + (prefix(machine, page, level) & ((1 << bits) - 1));
}

/** Provenance of the paging-structure entry that a walk for this page begins at; 0 when it begins at the root. */
export function cachedMarks(machine: Machine, cpu: number, page: number): number {
  const { state, layout } = machine;
  const pcid = state[layout.cpu(cpu) + CpuField.pcid] as number;
  const start = cachedStart(machine, cpu, pcid, page);
  if (start < 0) return 0;
  return state[layout.pscSlot(cpu, pcid, start, prefix(machine, page, start + 1)) + PscField.marks] as number;
}

function cachedStart(machine: Machine, cpu: number, pcid: number, page: number): number {
  for (let level = 0; level < machine.shape.levels - 1; level++) {
    if (machine.state[machine.layout.pscSlot(cpu, pcid, level, prefix(machine, page, level + 1))] !== 0) return level;
  }
  return -1;
}

/** Number of a page's entry among all entries of its level. */
export function prefix(machine: Machine, page: number, level: number): number {
  return page >> (machine.shape.levelBits * level);
}
