import { CpuField, PscField, TlbField } from '../machine/layout.js';
import type { Machine } from '../machine/machine.js';
import { Pte } from './pte.js';
import { canLoseItsWay, leafTable } from './saturate.js';
import { isValidEntry, makeEntry, translation } from './tlb.js';
import { enterTranslation, removeTranslation } from './translation-set.js';
import { Access, accessKind, cachedMarks, leafWord, prefix, permits, tableWord } from './walker.js';

/** How an access goes: through the translation at `way`, after an assist that sets D in `leaf`, or into a fault. */
export interface AccessOutcome {
  kind: number;
  /** Where the translation lies in the state vector. */
  way: number;
  /** The slot it belongs to. */
  slot: number;
  /** Word of the leaf entry that an assist finds, and the marks of the way there. */
  leaf: number;
  marks: number;
}

export function newOutcome(): AccessOutcome {
  return { kind: Access.miss, way: 0, slot: 0, leaf: -1, marks: 0 };
}

/** In how many ways an access can go now; 0: it waits for the walker. */
export function countOutcomes(machine: Machine, cpu: number, page: number, isStore: boolean): number {
  if (isSingle(machine)) return accessKind(machine, cpu, page, isStore) === Access.miss ? 0 : 1;
  return enumerate(machine, cpu, page, isStore, -1);
}

export function canAccess(machine: Machine, cpu: number, page: number, isStore: boolean): boolean {
  return countOutcomes(machine, cpu, page, isStore) > 0;
}

/** Writes into `machine.outcome` how the access goes when it goes in this way. */
export function chooseOutcome(machine: Machine, cpu: number, page: number, isStore: boolean, choice: number): void {
  if (!isSingle(machine)) {
    enumerate(machine, cpu, page, isStore, choice);
    return;
  }
  const { outcome } = machine;
  outcome.kind = accessKind(machine, cpu, page, isStore);
  outcome.slot = translation(machine, cpu, page);
  outcome.way = outcome.slot;
  if (outcome.kind !== Access.assist) return;
  outcome.leaf = leafWord(machine, cpu, page);
  outcome.marks = cachedMarks(machine, cpu, page);
}

/** An access can go in one way at most. */
function isSingle(machine: Machine): boolean {
  return machine.layout.tlbWays === 1 && !machine.saturated;
}

/** Counts the outcomes: each cached translation, with each leaf that an assist could find, then a fault. */
function enumerate(machine: Machine, cpu: number, page: number, isStore: boolean, wanted: number): number {
  const { layout } = machine;
  const pcid = machine.state[layout.cpu(cpu) + CpuField.pcid] as number;
  const finder = new Finder(machine, cpu, page, isStore, wanted);
  finder.slot(layout.tlbSlot(cpu, pcid, page));
  finder.slot(layout.tlbSlot(cpu, layout.globalTag, page));
  finder.walk();
  return finder.finish();
}

class Finder {
  count = 0;
  #canFault = false;
  readonly #machine: Machine;
  readonly #cpu: number;
  readonly #page: number;
  readonly #isStore: boolean;
  readonly #wanted: number;

  constructor(machine: Machine, cpu: number, page: number, isStore: boolean, wanted: number) {
    this.#machine = machine;
    this.#cpu = cpu;
    this.#page = page;
    this.#isStore = isStore;
    this.#wanted = wanted;
  }

  /** The translations of one slot. */
  slot(slot: number): void {
    const { state, layout } = this.#machine;
    for (let way = 0; way < layout.tlbWays; way++) {
      const at = layout.tlbWay(slot, way);
      const entry = state[at] as number;
      if (isValidEntry(entry)) this.#translation(slot, at, entry);
    }
  }

  #translation(slot: number, at: number, entry: number): void {
    if (!this.#isStore || ((entry & Pte.writable) !== 0 && (entry & Pte.dirty) !== 0))
      this.#add(Access.hit, slot, at, -1, 0);
    else if ((entry & Pte.writable) === 0) this.#canFault = true;
    else this.#assists(slot, at);
  }

  /** A store through a clean entry walks again. */
  #assists(slot: number, at: number): void {
    const { state, layout, saturated } = this.#machine;
    if (!saturated) {
      this.#assist(
        slot,
        at,
        leafWord(this.#machine, this.#cpu, this.#page),
        cachedMarks(this.#machine, this.#cpu, this.#page),
      );
      return;
    }
    const pcid = state[layout.cpu(this.#cpu) + CpuField.pcid] as number;
    for (let way = 0; way < layout.pscWays; way++) {
      const table = leafTable(this.#machine, this.#cpu, this.#page, way);
      if (table < 0) continue;
      const pointer = layout.pscSlot(this.#cpu, pcid, 0, prefix(this.#machine, this.#page, 1)) + 2 * way;
      const marks = this.#machine.shape.levels === 1 ? 0 : (state[pointer + PscField.marks] as number);
      this.#assist(slot, at, tableWord(this.#machine, table, this.#page, 0), marks);
    }
  }

  #assist(slot: number, at: number, leaf: number, marks: number): void {
    if (leaf >= 0 && permits(this.#machine.state[leaf] as number, true))
      this.#add(Access.assist, slot, at, leaf, marks);
    else this.#canFault = true;
  }

  /** A walk of the access itself: of the explicit walker only when nothing is cached. */
  walk(): void {
    const machine = this.#machine;
    if (!machine.saturated) {
      if (this.count > 0 || this.#canFault) return;
      const leaf = leafWord(machine, this.#cpu, this.#page);
      this.#canFault = leaf < 0 || !permits(machine.state[leaf] as number, this.#isStore);
      return;
    }
    this.#canFault ||= canLoseItsWay(machine, this.#cpu, this.#page);
    for (let way = 0; way < machine.layout.pscWays && !this.#canFault; way++) {
      const table = leafTable(machine, this.#cpu, this.#page, way);
      this.#canFault =
        table >= 0 && !permits(machine.state[tableWord(machine, table, this.#page, 0)] as number, this.#isStore);
    }
  }

  finish(): number {
    if (this.#canFault) this.#add(Access.fault, 0, 0, -1, 0);
    return this.count;
  }

  #add(kind: number, slot: number, way: number, leaf: number, marks: number): void {
    if (this.count++ !== this.#wanted) return;
    const { outcome } = this.#machine;
    outcome.kind = kind;
    outcome.slot = slot;
    outcome.way = way;
    outcome.leaf = leaf;
    outcome.marks = marks;
  }
}

/**
 * The assist of the chosen outcome: sets A and D in memory atomically and renews the entry (SDM 4.8), with the provenance of the
 * paging-structure entry that the re-walk began at. `outcome.way` is the renewed translation afterwards.
 */
export function assistDirty(machine: Machine, cpu: number, page: number): void {
  const { outcome, state } = machine;
  const { slot, leaf, way } = outcome;
  const block = machine.layout.cpu(cpu);
  const pcid = state[block + CpuField.pcid] as number;
  const marks = outcome.marks | machine.monitor.provenance(machine, cpu, pcid, page, leaf, 0);
  const value = (state[leaf] as number) | Pte.accessed | Pte.dirty;
  const entry = makeEntry(value, state[block + CpuField.root] as number);
  if (machine.layout.tlbWays > 1) removeTranslation(machine, slot, way);
  machine.write(cpu, leaf, value);
  enterTranslation(machine, slot, entry, marks);
  outcome.way = placeOf(machine, slot, entry, marks);
  machine.monitor.filled(machine, cpu, slot, page, marks);
}

function placeOf(machine: Machine, slot: number, entry: number, marks: number): number {
  const { state, layout } = machine;
  for (let way = 0; way < layout.tlbWays; way++) {
    const at = layout.tlbWay(slot, way);
    if (state[at] === entry && state[at + TlbField.marks] === marks) return at;
  }
  return slot;
}
