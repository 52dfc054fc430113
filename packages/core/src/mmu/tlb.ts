import { CpuField, EntryBits } from '../machine/layout.js';
import type { Machine } from '../machine/machine.js';
import { Pte } from './pte.js';

/**
 * Contents of TLB and paging-structure cache. A slot per (PCID, page), and one per page for global translations: which of them a real TLB could hold at once is a
 * matter of its geometry, which only decides evictions; every geometry's run is a run of this abstract one.
 */
export function translation(machine: Machine, cpu: number, page: number): number {
  const pcid = machine.state[machine.layout.cpu(cpu) + CpuField.pcid] as number;
  const own = machine.layout.tlbSlot(cpu, pcid, page);
  if (isValidEntry(machine.state[own] as number)) return own;
  const global = machine.layout.tlbSlot(cpu, machine.layout.globalTag, page);
  return isValidEntry(machine.state[global] as number) ? global : own;
}

/** The slot that a translation found under this PCID is entered into. */
export function slotFor(machine: Machine, cpu: number, pcid: number, page: number, leaf: number): number {
  return machine.layout.tlbSlot(cpu, (leaf & Pte.global) === 0 ? pcid : machine.layout.globalTag, page);
}

/** Number of a slot within its CPU: what an eviction names, and what a TLB geometry keeps in order. */
export function tlbTag(machine: Machine, cpu: number, slot: number): number {
  return (slot - machine.layout.tlbSlot(cpu, 0, 0)) / machine.layout.tlbStride;
}

export function entryFrame(entry: number): number {
  return (entry >>> EntryBits.frameShift) & EntryBits.frameMask;
}
export function entryRoot(entry: number): number {
  return entry >>> EntryBits.rootShift;
}
export function makeEntry(leaf: number, root: number): number {
  return (root << EntryBits.rootShift) | leaf;
}
export function isValidEntry(entry: number): boolean {
  return (entry & Pte.present) !== 0;
}

/**
 * What a page fault and INVPCID type 0 drop: the page's translation, the paging-structure entries that lead to it and a
 * walk in flight for it (SDM 4.10.4.1). A page fault drops a global translation too, INVPCID does not. An INVLPGB for final
 * translations only `keepsTables`.
 */
export function invalidateAddress(
  machine: Machine,
  cpu: number,
  pcid: number,
  page: number,
  dropsGlobal: boolean,
  keepsTables = false,
): void {
  const { state, layout, shape } = machine;
  dropSlots(machine, layout.tlbSlot(cpu, pcid, page), 1);
  if (dropsGlobal) dropSlots(machine, layout.tlbSlot(cpu, layout.globalTag, page), 1);
  for (let level = 0; level < shape.levels - 1 && !keepsTables; level++) {
    const slot = layout.pscSlot(cpu, pcid, level, page >> (shape.levelBits * (level + 1)));
    state.fill(0, slot, slot + layout.pscStride);
  }
  const block = layout.cpu(cpu);
  if (state[block + CpuField.walkPage] === page + 1 && state[block + CpuField.walkPcid] === pcid) endWalk(machine, cpu);
  machine.monitor.invalidated(machine, cpu, pcid, page);
  machine.walksChanged(cpu);
}

/** What INVLPG drops: the page's translation, global or not, every paging-structure entry of the PCID, the walk in flight under it (SDM 4.10.4.1). */
export function invalidatePage(machine: Machine, cpu: number, pcid: number, page: number): void {
  dropSlots(machine, machine.layout.tlbSlot(cpu, pcid, page), 1);
  dropSlots(machine, machine.layout.tlbSlot(cpu, machine.layout.globalTag, page), 1);
  dropPagingStructures(machine, cpu, pcid);
  machine.monitor.invalidated(machine, cpu, pcid, page);
  machine.walksChanged(cpu);
}

/** Drops everything tagged with a PCID; global translations stay. */
export function invalidatePcid(machine: Machine, cpu: number, pcid: number): void {
  dropSlots(machine, machine.layout.tlbSlot(cpu, pcid, 0), machine.layout.pages);
  dropPagingStructures(machine, cpu, pcid);
  machine.monitor.invalidated(machine, cpu, pcid, -1);
  machine.walksChanged(cpu);
}

/** Drops everything under every PCID, global translations only when asked to. */
export function invalidateAll(machine: Machine, cpu: number, dropsGlobal: boolean): void {
  if (dropsGlobal) invalidateGlobal(machine, cpu);
  for (let pcid = 0; pcid < machine.layout.pcids; pcid++) invalidatePcid(machine, cpu, pcid);
}

/** Drops every global translation. */
export function invalidateGlobal(machine: Machine, cpu: number): void {
  dropSlots(machine, machine.layout.tlbSlot(cpu, machine.layout.globalTag, 0), machine.layout.pages);
  machine.walksChanged(cpu);
}

function dropSlots(machine: Machine, first: number, count: number): void {
  const { state, layout } = machine;
  for (let slot = first; slot < first + count * layout.tlbStride; slot += layout.tlbStride) {
    for (let way = 0; way < layout.tlbWays; way++) {
      const at = layout.tlbWay(slot, way);
      state[at] = 0;
      state[at + 1] = 0;
    }
  }
}

function dropPagingStructures(machine: Machine, cpu: number, pcid: number): void {
  const { state, layout } = machine;
  const first = layout.pscSlot(cpu, pcid, 0, 0);
  // A loop: the range is short, and `fill` is a call into the engine.
  const end = first + layout.pscSlots * layout.pscStride;
  for (let word = first; word < end; word++) state[word] = 0;
  const block = layout.cpu(cpu);
  if (state[block + CpuField.walkPage] !== 0 && state[block + CpuField.walkPcid] === pcid) endWalk(machine, cpu);
}

/** Forgets the walk in flight. */
export function endWalk(machine: Machine, cpu: number): void {
  const { state, layout } = machine;
  const first = layout.cpu(cpu) + CpuField.walkPage;
  for (let word = first; word <= first + CpuField.walkMarks - CpuField.walkPage; word++) state[word] = 0;
}
