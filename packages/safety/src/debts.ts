import {
  CpuField,
  type Machine,
  type MachineShape,
  pcidCount,
  PscField,
  sortTablePointers,
  sortTranslations,
  TlbField,
} from '@shootdown/core';
import { FLUSH_BITS, Mark, Owed } from './bits.js';
import type { SafetyListener } from './options.js';

/**
 * Of one (CPU, PCID): `seen`, the flushes whose bit may stand in its marks and debts (a superset); how many pages owe
 * anything; how many owe to a flush whose guarantee holds.
 */
const Context = { seen: 0, owing: 1, overdue: 2 } as const;
const CONTEXT_STRIDE = 3;

/**
 * The invalidations that CPUs owe. A TLB slot's marks are always a subset of its debt, so whoever owes nothing under a
 * PCID caches nothing revoked there.
 */
export class Debts {
  readonly words: number;
  readonly #offset: number;
  readonly #pcids: number;
  readonly #listener: SafetyListener | undefined;

  /** `offset`: words of the monitor's memory that lie before. */
  constructor(offset: number, shape: MachineShape, listener: SafetyListener | undefined) {
    this.#offset = offset;
    this.#pcids = pcidCount(shape);
    this.#listener = listener;
    this.words = shape.cpuCount * this.#pcids * CONTEXT_STRIDE;
  }

  /** The CPU that this word of the monitor's memory is about; -1: it is none of these words. */
  home(word: number): number {
    const index = word - this.#offset;
    return index < 0 || index >= this.words ? -1 : Math.floor(index / (this.#pcids * CONTEXT_STRIDE));
  }

  /** The CPU owes an invalidation under any of its PCIDs. */
  owesAny(machine: Machine, cpu: number): boolean {
    for (let pcid = 0; pcid < this.#pcids; pcid++) if (this.owing(machine, cpu, pcid) !== 0) return true;
    return false;
  }

  /** Where a walk of the CPU may begin, or goes on, there is a mark. */
  hasMarkedWalks(machine: Machine, cpu: number): boolean {
    if (machine.state[machine.layout.cpu(cpu) + CpuField.walkMarks] !== 0) return true;
    for (let pcid = 0; pcid < this.#pcids; pcid++) if (hasMarkedTables(machine, cpu, pcid)) return true;
    return false;
  }

  /** Pages of the context that owe an invalidation. */
  owing(machine: Machine, cpu: number, pcid: number): number {
    return machine.state[this.#context(machine, cpu, pcid) + Context.owing] as number;
  }
  /** Pages of the context that owe one to a flush whose guarantee holds. */
  overdue(machine: Machine, cpu: number, pcid: number): number {
    return machine.state[this.#context(machine, cpu, pcid) + Context.overdue] as number;
  }
  /** Bits of the flushes that marks and debts of the context may name. */
  seen(machine: Machine, cpu: number, pcid: number): number {
    return machine.state[this.#context(machine, cpu, pcid) + Context.seen] as number;
  }

  /** A mark or a debt of these flushes has been put somewhere in the context. */
  note(machine: Machine, cpu: number, pcid: number, bits: number): void {
    const at = this.#context(machine, cpu, pcid) + Context.seen;
    machine.state[at] = (machine.state[at] as number) | (bits & FLUSH_BITS);
  }

  /** The page of this TLB slot owes these bits from now on. */
  owe(machine: Machine, cpu: number, pcid: number, slot: number, bits: number): void {
    const old = machine.state[slot + TlbField.owed] as number;
    this.note(machine, cpu, pcid, bits);
    this.#setOwed(machine, cpu, pcid, slot, old | bits);
    if (old === 0) this.#changed(machine, cpu);
  }

  /**
   * An invalidation of the page (-1: of all pages) has discharged the context. What a page fault or INVPCID drops may leave
   * marked paging-structure entries behind, which the guarantee still has to promote.
   */
  discharge(machine: Machine, cpu: number, pcid: number, page: number): void {
    const context = this.#context(machine, cpu, pcid);
    if (machine.state[context + Context.owing] !== 0) {
      const first = machine.layout.tlbSlot(cpu, pcid, Math.max(page, 0));
      const end = first + (page < 0 ? machine.layout.pages : 1) * machine.layout.tlbStride;
      for (let slot = first; slot < end; slot += machine.layout.tlbStride) this.#setOwed(machine, cpu, pcid, slot, 0);
      this.#changed(machine, cpu);
    }
    if (machine.state[context + Context.owing] === 0 && !hasMarkedTables(machine, cpu, pcid))
      machine.state[context + Context.seen] = 0;
  }

  /** The flush gives its guarantee: what it marked is forbidden (or `frozen`) from now on, what is owed to it is overdue. */
  settle(machine: Machine, cpu: number, pcid: number, flush: number, mark: number): void {
    const bit = 1 << flush;
    const context = this.#context(machine, cpu, pcid);
    if (((machine.state[context + Context.seen] as number) & bit) === 0) return;
    machine.state[context + Context.seen] = (machine.state[context + Context.seen] as number) & ~bit;
    const { state, layout } = machine;
    let becameOverdue = false;
    const first = layout.tlbSlot(cpu, pcid, 0);
    for (let slot = first; slot < first + layout.pages * layout.tlbStride; slot += layout.tlbStride) {
      promoteSlot(machine, slot, bit, mark);
      const owed = state[slot + TlbField.owed] as number;
      if ((owed & bit) === 0) continue;
      this.#setOwed(machine, cpu, pcid, slot, (owed & ~bit) | Owed.overdue);
      becameOverdue = true;
    }
    promoteTables(machine, cpu, pcid, bit, mark);
    if (becameOverdue) this.#changed(machine, cpu);
  }

  /** What these pages owe is overdue and what is marked there forbidden, whichever flushes in flight it is owed to. */
  callIn(machine: Machine, cpu: number, pcid: number, first: number, end: number): void {
    for (let page = first; page < end; page++) {
      const slot = machine.layout.tlbSlot(cpu, pcid, page);
      const owed = machine.state[slot + TlbField.owed] as number;
      if ((owed & FLUSH_BITS) === 0) continue;
      this.#setOwed(machine, cpu, pcid, slot, (owed & ~FLUSH_BITS) | Owed.overdue);
      promoteSlot(machine, slot, FLUSH_BITS, Mark.forbidden);
      this.#changed(machine, cpu);
    }
  }

  /** Lowest page that owes any of these bits; -1 when none does. */
  pageOwing(machine: Machine, cpu: number, pcid: number, bits: number): number {
    if (this.owing(machine, cpu, pcid) === 0) return -1;
    for (let page = 0; page < machine.layout.pages; page++) {
      if (((machine.state[machine.layout.tlbSlot(cpu, pcid, page) + TlbField.owed] as number) & bits) !== 0)
        return page;
    }
    return -1;
  }

  #setOwed(machine: Machine, cpu: number, pcid: number, slot: number, owed: number): void {
    const { state } = machine;
    const context = this.#context(machine, cpu, pcid);
    const old = state[slot + TlbField.owed] as number;
    const owing = (owed === 0 ? 0 : 1) - (old === 0 ? 0 : 1);
    const overdue = ((owed >>> 30) & 1) - ((old >>> 30) & 1);
    state[slot + TlbField.owed] = owed;
    state[context + Context.owing] = (state[context + Context.owing] as number) + owing;
    state[context + Context.overdue] = (state[context + Context.overdue] as number) + overdue;
  }

  #context(machine: Machine, cpu: number, pcid: number): number {
    return machine.layout.monitor + this.#offset + (cpu * this.#pcids + pcid) * CONTEXT_STRIDE;
  }

  #changed(machine: Machine, cpu: number): void {
    if (this.#listener !== undefined) this.#listener.debtChanged(machine, cpu);
  }
}

function hasMarkedTables({ state, layout }: Machine, cpu: number, pcid: number): boolean {
  const first = layout.pscSlot(cpu, pcid, 0, 0);
  const end = first + layout.pscSlots * layout.pscStride;
  for (let way = first; way < end; way += 2) if (state[way + PscField.marks] !== 0) return true;
  return false;
}

/** Promotes these bits in the marks of the translations of one slot. */
function promoteSlot(machine: Machine, slot: number, bits: number, mark: number): void {
  const { tlbWays } = machine.layout;
  for (let way = 0; way < tlbWays; way++)
    promote(machine, machine.layout.tlbWay(slot, way) + TlbField.marks, bits, mark);
  if (tlbWays > 1) sortTranslations(machine, slot);
}

/** Promotes the marks of the cached table pointers of one PCID. */
function promoteTables(machine: Machine, cpu: number, pcid: number, bit: number, mark: number): void {
  const { layout } = machine;
  const first = layout.pscSlot(cpu, pcid, 0, 0);
  const end = first + layout.pscSlots * layout.pscStride;
  for (let way = first; way < end; way += 2) promote(machine, way + PscField.marks, bit, mark);
  if (layout.pscWays === 1) return;
  for (let slot = first; slot < end; slot += layout.pscStride) sortTablePointers(machine, slot);
}

/** Replaces the bits of flushes by what their guarantee makes of them. */
export function promote(machine: Machine, word: number, bits: number, mark: number): void {
  const marks = machine.state[word] as number;
  if ((marks & bits) !== 0) machine.state[word] = (marks & ~bits) | mark;
}

/** What a translation with these marks owes. */
export function debtOf(marks: number): number {
  return (marks & FLUSH_BITS) | ((marks & (Mark.forbidden | Mark.frozen)) === 0 ? 0 : Owed.overdue);
}
