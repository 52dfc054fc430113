import { PscField, TlbField } from '../machine/layout.js';
import type { Machine } from '../machine/machine.js';
import { ShootdownError } from '../errors.js';
import { Pte } from './pte.js';

/**
 * A TLB slot of an explicit walker with one way holds one translation, which a new one replaces. Every other slot is a set: a real TLB
 * may hold several translations of one page (SDM 4.10.2.3: entries may be cached by several structures and at any time). Sets are kept
 * sorted, so that equal sets are equal integers.
 */
export function enterTranslation(machine: Machine, slot: number, entry: number, marks: number): void {
  if (holdsSets(machine)) {
    enterIntoSet(machine, slot, entry, marks);
    return;
  }
  machine.state[slot + TlbField.entry] = entry;
  machine.state[slot + TlbField.marks] = marks;
}

/** The slot can take this translation without losing another one. */
export function hasWayFor(machine: Machine, slot: number, entry: number, marks: number): boolean {
  if (!holdsSets(machine)) return true;
  return isSubsumed(machine, slot, entry, marks) || freeWay(machine, slot, entry, marks) >= 0;
}

function holdsSets({ saturated, layout }: Machine): boolean {
  return saturated || layout.tlbWays > 1;
}

function enterIntoSet(machine: Machine, slot: number, entry: number, marks: number): void {
  if (isSubsumed(machine, slot, entry, marks)) return;
  const at = freeWay(machine, slot, entry, marks);
  if (at < 0) throw overflow(machine);
  machine.state[at] = entry;
  machine.state[at + TlbField.marks] = marks;
  sortTranslations(machine, slot);
}

/** Where a set takes a translation that it does not subsume: an empty way, or that of the clean copy it subsumes; -1: it is full. */
function freeWay({ state, layout }: Machine, slot: number, entry: number, marks: number): number {
  for (let way = 0; way < layout.tlbWays; way++) {
    const at = layout.tlbWay(slot, way);
    if (state[at] === 0 || (isTwin(state[at] as number, entry) && state[at + TlbField.marks] === marks)) return at;
  }
  return -1;
}

/**
 * The set holds this translation, or the same one with D set: whatever a clean copy allows, the dirty one or a fresh walk allows
 * too, because a store through a clean entry walks again (SDM 4.8).
 */
function isSubsumed(machine: Machine, slot: number, entry: number, marks: number): boolean {
  const { state, layout } = machine;
  for (let way = 0; way < layout.tlbWays; way++) {
    const at = layout.tlbWay(slot, way);
    if ((state[at] === entry || state[at] === (entry | Pte.dirty)) && state[at + TlbField.marks] === marks) return true;
  }
  return false;
}

/** The same translation but for D. */
function isTwin(a: number, b: number): boolean {
  return ((a ^ b) & ~Pte.dirty) === 0;
}

/** Brings a set into order after its marks have changed: sorted, without doubles, empty ways last. */
export function sortTranslations(machine: Machine, slot: number): void {
  const { tlbWays } = machine.layout;
  for (let end = tlbWays - 1; end > 0; end--) {
    for (let way = 0; way < end; way++) orderPair(machine, slot, way);
  }
}

function orderPair(machine: Machine, slot: number, way: number): void {
  const { state, layout } = machine;
  const a = layout.tlbWay(slot, way);
  const b = layout.tlbWay(slot, way + 1);
  const marks = TlbField.marks;
  if (state[a] === state[b] && state[a + marks] === state[b + marks]) clear(state, b);
  const isOrdered =
    state[b] === 0 ||
    (state[a] !== 0 &&
      ((state[a] as number) < (state[b] as number) ||
        (state[a] === state[b] && (state[a + marks] as number) <= (state[b + marks] as number))));
  if (isOrdered) return;
  swap(state, a, b);
  swap(state, a + marks, b + marks);
}

function clear(state: Int32Array, at: number): void {
  state[at] = 0;
  state[at + TlbField.marks] = 0;
}

function swap(state: Int32Array, a: number, b: number): void {
  const kept = state[a] as number;
  state[a] = state[b] as number;
  state[b] = kept;
}

/** Takes one translation out of a set. */
export function removeTranslation(machine: Machine, slot: number, at: number): void {
  clear(machine.state, at);
  if (machine.layout.tlbWays > 1) sortTranslations(machine, slot);
}

/** Enters a table pointer into a paging-structure slot, kept as `enterTranslation` keeps translations. */
export function enterTablePointer(machine: Machine, slot: number, table: number, marks: number): void {
  const { state, layout } = machine;
  const isSet = machine.saturated;
  for (let at = slot; at < slot + layout.pscStride; at += 2) {
    const isSame = state[at] === table + 1 && state[at + PscField.marks] === marks;
    if (isSet && isSame) return;
    if (isSet && state[at] !== 0) continue;
    state[at] = table + 1;
    state[at + PscField.marks] = marks;
    if (isSet) sortTablePointers(machine, slot);
    return;
  }
  throw overflow(machine);
}

/** Brings a set of table pointers into order after its marks have changed. */
export function sortTablePointers(machine: Machine, slot: number): void {
  const { state, layout } = machine;
  const pairs: [number, number][] = [];
  for (let at = slot; at < slot + layout.pscStride; at += 2) {
    const pair: [number, number] = [state[at] as number, state[at + 1] as number];
    if (pair[0] !== 0 && !pairs.some(([table, marks]) => table === pair[0] && marks === pair[1])) pairs.push(pair);
  }
  pairs.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  state.fill(0, slot, slot + layout.pscStride);
  pairs.forEach(([table, marks], way) => {
    state[slot + 2 * way] = table;
    state[slot + 2 * way + 1] = marks;
  });
}

function overflow(machine: Machine): ShootdownError {
  return new ShootdownError(
    'TRANSLATION_SET_FULL',
    `A CPU may hold more than ${machine.layout.tlbWays} translations of one page at once. Explore with more ways (translationWays), or with an explicit walker.`,
    { details: { ways: machine.layout.tlbWays } },
  );
}
