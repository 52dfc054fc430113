import { BUFFER_STRIDE, BroadcastField, BufferField, CpuField } from '../machine/layout.js';
import type { Machine } from '../machine/machine.js';
import { invalidateAddress, invalidateAll, invalidateGlobal, invalidatePcid } from './tlb.js';

/** Operands of INVLPGB: every PCID, every page. */
export const BROADCAST_ALL = -1;

/** Flags of INVLPGB: keep paging-structure entries (final translations only); drop global translations too. */
export const BroadcastFlag = { finalOnly: 1, global: 2 } as const;

/** A place for one more INVLPGB of this CPU; -1 when as many are under way as may be. */
export function freeBroadcast(machine: Machine, cpu: number): number {
  for (let slot = 0; slot < machine.layout.broadcasts; slot++) if (!isUnderWay(machine, cpu, slot)) return slot;
  return -1;
}

/** Every CPU has carried out every INVLPGB of this CPU: TLBSYNC may end. */
export function isSynchronised(machine: Machine, cpu: number): boolean {
  for (let slot = 0; slot < machine.layout.broadcasts; slot++) if (isUnderWay(machine, cpu, slot)) return false;
  return true;
}

/**
 * INVLPGB leaves one completion pending on every CPU, its own among them: nothing is promised before TLBSYNC (APM vol. 3).
 * `pcid` or `pageCount` may be `BROADCAST_ALL`.
 */
export function issueBroadcast(
  machine: Machine,
  cpu: number,
  pcid: number,
  firstPage: number,
  pageCount: number,
  flags: number,
): void {
  const { state, layout } = machine;
  const at = layout.broadcastSlot(cpu, freeBroadcast(machine, cpu));
  state[at + BroadcastField.pcid] = pcid;
  state[at + BroadcastField.firstPage] = firstPage;
  state[at + BroadcastField.pageCount] = pageCount;
  state[at + BroadcastField.flags] = flags;
  for (let target = 0; target < layout.cpuCount; target++) setPending(machine, at, target, true);
}

/** The CPU has still to carry out the INVLPGB in this slot of the issuer. */
export function owesBroadcast(machine: Machine, issuer: number, slot: number, cpu: number): boolean {
  const word = machine.layout.broadcastSlot(issuer, slot) + BroadcastField.pending + (cpu >>> 5);
  return (((machine.state[word] as number) >>> (cpu & 31)) & 1) !== 0;
}

/**
 * The CPU owes it and can carry it out now, whatever its IF says: no store that it made through one of the translations is
 * still in its store buffer. Without that condition no page could be freed after TLBSYNC, which Linux does
 * (`broadcast_tlb_flush`, arch/x86/mm/tlb.c of Linux of 2025).
 */
export function canFinishBroadcast(machine: Machine, issuer: number, slot: number, cpu: number): boolean {
  return (
    owesBroadcast(machine, issuer, slot, cpu) &&
    !hasStoreThrough(machine, cpu, machine.layout.broadcastSlot(issuer, slot))
  );
}

/** The CPU drops what the INVLPGB names. */
export function finishBroadcast(machine: Machine, issuer: number, slot: number, cpu: number): void {
  const { state, layout } = machine;
  const at = layout.broadcastSlot(issuer, slot);
  const pcid = state[at + BroadcastField.pcid] as number;
  const pageCount = state[at + BroadcastField.pageCount] as number;
  const dropsGlobal = ((state[at + BroadcastField.flags] as number) & BroadcastFlag.global) !== 0;
  if (pcid !== BROADCAST_ALL) invalidateTagged(machine, cpu, pcid, at);
  else if (pageCount === BROADCAST_ALL) invalidateAll(machine, cpu, dropsGlobal);
  else for (let tag = 0; tag < layout.pcids; tag++) invalidateTagged(machine, cpu, tag, at);
  setPending(machine, at, cpu, false);
  if (!isUnderWay(machine, issuer, slot)) state.fill(0, at, at + layout.broadcastStride);
}

function invalidateTagged(machine: Machine, cpu: number, pcid: number, at: number): void {
  const pageCount = machine.state[at + BroadcastField.pageCount] as number;
  const flags = machine.state[at + BroadcastField.flags] as number;
  const dropsGlobal = (flags & BroadcastFlag.global) !== 0;
  if (pageCount === BROADCAST_ALL) {
    invalidatePcid(machine, cpu, pcid);
    if (dropsGlobal) invalidateGlobal(machine, cpu);
    return;
  }
  const first = machine.state[at + BroadcastField.firstPage] as number;
  const keepsTables = (flags & BroadcastFlag.finalOnly) !== 0;
  for (let page = first; page < first + pageCount; page++)
    invalidateAddress(machine, cpu, pcid, page, dropsGlobal, keepsTables);
}

function isUnderWay(machine: Machine, cpu: number, slot: number): boolean {
  const first = machine.layout.broadcastSlot(cpu, slot) + BroadcastField.pending;
  const end = machine.layout.broadcastSlot(cpu, slot) + machine.layout.broadcastStride;
  for (let word = first; word < end; word++) if (machine.state[word] !== 0) return true;
  return false;
}

function setPending(machine: Machine, at: number, cpu: number, isPending: boolean): void {
  const word = at + BroadcastField.pending + (cpu >>> 5);
  const bit = 1 << (cpu & 31);
  const old = machine.state[word] as number;
  machine.state[word] = isPending ? old | bit : old & ~bit;
}

/** The CPU's store buffer holds a store that was made through a translation which the INVLPGB names. */
function hasStoreThrough(machine: Machine, cpu: number, at: number): boolean {
  const { state, layout } = machine;
  const block = layout.cpu(cpu);
  const oldest = block + CpuField.buffer;
  const after = oldest + (state[block + CpuField.bufferCount] as number) * BUFFER_STRIDE;
  for (let store = oldest; store < after; store += BUFFER_STRIDE) {
    const via = (state[store + BufferField.via] as number) - 1;
    if (via >= 0 && names(machine, cpu, at, Math.floor(via / layout.pages), via % layout.pages)) return true;
  }
  return false;
}

/** The INVLPGB names this page of the address space with this root. */
function names(machine: Machine, cpu: number, at: number, root: number, page: number): boolean {
  const { state, layout } = machine;
  const pcid = state[at + BroadcastField.pcid] as number;
  if (pcid !== BROADCAST_ALL && state[layout.cpu(cpu) + layout.taggedRoot + pcid] !== root + 1) return false;
  const pageCount = state[at + BroadcastField.pageCount] as number;
  const first = state[at + BroadcastField.firstPage] as number;
  return pageCount === BROADCAST_ALL || (page >= first && page < first + pageCount);
}
