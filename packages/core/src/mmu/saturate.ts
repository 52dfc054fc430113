import { CpuField, PscField } from '../machine/layout.js';
import type { Machine } from '../machine/machine.js';
import { isPresent, Pte, pteTarget } from './pte.js';
import { makeEntry, slotFor } from './tlb.js';
import { enterTablePointer, enterTranslation } from './translation-set.js';
import { prefix, tableWord } from './walker.js';

/**
 * The saturated walker. SDM 4.10.2.3 lets the processor walk any page at any time and drop any entry at any time; instead of
 * offering these moves one by one, a machine of this kind keeps, for each page, the *set* of the translations that walks since
 * the last invalidation can have cached, and an access may go through any of them or walk afresh. A move that changes what walks
 * find brings the sets to their fixed point. Walks in flight need no state: what one of them has read is in a set already.
 *
 * Every run of the explicit walker is a run of this one: its TLB holds a subset. The A flag is the exception that stays a move
 * (`walkWhole`), because setting it writes memory: a leaf without A is in no set.
 */
export function saturate(machine: Machine): void {
  for (let cpu = 0; cpu < machine.layout.cpuCount; cpu++) saturateCpu(machine, cpu);
}

/** The same for one CPU, whose own caches or root have changed. A virtual CPU that is away walks nothing. */
export function saturateCpu(machine: Machine, cpu: number): void {
  if (!machine.isRunning(cpu)) return;
  for (let page = 0; page < machine.layout.pages; page++) saturatePage(machine, cpu, page);
}

function saturatePage(machine: Machine, cpu: number, page: number): void {
  const { state, layout, shape } = machine;
  const block = layout.cpu(cpu);
  const pcid = state[block + CpuField.pcid] as number;
  readLevel(machine, cpu, page, shape.levels - 1, state[block + CpuField.root] as number, 0);
  for (let level = shape.levels - 2; level >= 0; level--) {
    const slot = layout.pscSlot(cpu, pcid, level, prefix(machine, page, level + 1));
    for (let at = slot; at < slot + layout.pscStride && state[at] !== 0; at += 2)
      readLevel(machine, cpu, page, level, (state[at] as number) - 1, state[at + PscField.marks] as number);
  }
}

/** What a walk that has come to this table caches next. */
function readLevel(machine: Machine, cpu: number, page: number, level: number, table: number, marks: number): void {
  const { state, layout } = machine;
  if (state[layout.tableFreed + table] !== 0) {
    machine.monitor.walkedFreed(machine, cpu, table);
    return;
  }
  const word = tableWord(machine, table, page, level);
  const entry = state[word] as number;
  if (!isPresent(entry) || (level === 0 && (entry & Pte.accessed) === 0)) return;
  const pcid = state[layout.cpu(cpu) + CpuField.pcid] as number;
  const all = marks | machine.monitor.provenance(machine, cpu, pcid, page, word, level);
  if (level > 0) {
    const slot = layout.pscSlot(cpu, pcid, level - 1, prefix(machine, page, level));
    enterTablePointer(machine, slot, pteTarget(entry), all);
    return;
  }
  const slot = slotFor(machine, cpu, pcid, page, entry);
  enterTranslation(machine, slot, makeEntry(entry, state[layout.cpu(cpu) + CpuField.root] as number), all);
  machine.monitor.filled(machine, cpu, slot, page, all);
}

/** The table pointers that the CPU caches under its PCID are those, unmarked, that walks find in memory now. */
export function cachesCurrentTables(machine: Machine, cpu: number): boolean {
  const { state, layout, shape } = machine;
  for (let page = 0; page < layout.pages; page++) {
    let table = state[layout.cpu(cpu) + CpuField.root] as number;
    for (let level = shape.levels - 1; level > 0; level--) {
      const entry = table < 0 ? 0 : (state[tableWord(machine, table, page, level)] as number);
      table = isPresent(entry) ? pteTarget(entry) : -1;
      if (!holdsPointer(machine, cpu, page, level - 1, table)) return false;
    }
  }
  return true;
}

/** The paging-structure slot of this level holds just the pointer to this table, or nothing for -1. */
function holdsPointer(machine: Machine, cpu: number, page: number, level: number, table: number): boolean {
  const { state, layout } = machine;
  const pcid = state[layout.cpu(cpu) + CpuField.pcid] as number;
  const slot = layout.pscSlot(cpu, pcid, level, prefix(machine, page, level + 1));
  if (state[slot + PscField.table] !== table + 1) return false;
  for (let at = slot + PscField.marks; at < slot + layout.pscStride; at++) if (state[at] !== 0) return false;
  return true;
}

/** A table that a walk for this page can have come to at the leaf level, by `way` of the paging-structure cache; -1: none. */
export function leafTable(machine: Machine, cpu: number, page: number, way: number): number {
  const { state, layout, shape } = machine;
  const block = layout.cpu(cpu);
  if (shape.levels === 1) return way === 0 ? (state[block + CpuField.root] as number) : -1;
  if (way >= layout.pscWays) return -1;
  const slot = layout.pscSlot(cpu, state[block + CpuField.pcid] as number, 0, prefix(machine, page, 1));
  const table = (state[slot + 2 * way] as number) - 1;
  return table >= 0 && state[layout.tableFreed + table] === 0 ? table : -1;
}

/** The word of a leaf entry without A that a walk for this page can find now; -1: none. */
export function accessedLeaf(machine: Machine, cpu: number, page: number): number {
  for (let way = 0; way < machine.layout.pscWays; way++) {
    const table = leafTable(machine, cpu, page, way);
    if (table < 0) continue;
    const word = tableWord(machine, table, page, 0);
    const entry = machine.state[word] as number;
    if (isPresent(entry) && (entry & Pte.accessed) === 0) return word;
  }
  return -1;
}

/** Walks the page and sets A in the leaf it finds. */
export function setAccessed(machine: Machine, cpu: number, page: number): void {
  const word = accessedLeaf(machine, cpu, page);
  machine.write(cpu, word, (machine.state[word] as number) | Pte.accessed);
}

/** Some walk that the CPU could make now finds an entry above the leaf absent. */
export function canLoseItsWay(machine: Machine, cpu: number, page: number): boolean {
  const { state, layout, shape } = machine;
  const block = layout.cpu(cpu);
  const pcid = state[block + CpuField.pcid] as number;
  if (isAbsent(machine, state[block + CpuField.root] as number, page, shape.levels - 1)) return true;
  for (let level = shape.levels - 2; level > 0; level--) {
    const slot = layout.pscSlot(cpu, pcid, level, prefix(machine, page, level + 1));
    for (let at = slot; at < slot + layout.pscStride && state[at] !== 0; at += 2)
      if (isAbsent(machine, (state[at] as number) - 1, page, level)) return true;
  }
  return false;
}

function isAbsent(machine: Machine, table: number, page: number, level: number): boolean {
  return level > 0 && !isPresent(machine.state[tableWord(machine, table, page, level)] as number);
}
