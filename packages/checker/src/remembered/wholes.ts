import { CpuField, type Layout, type Machine } from '@shootdown/core';
import { Side, type SideName, Whole } from '../reduction/looks.js';
import type { CollapsedStore } from '../search/collapsed-store.js';
import { threadsOf } from '../automaton/threads-of.js';
import { SomeWords } from './some-words.js';

/** By the name of a whole: its words, where it is no group of the state and no store buffers. */
export function wholesOf(machine: Machine, store: CollapsedStore): readonly (SomeWords | undefined)[] {
  const { layout, boot } = machine;
  const memory = range(0, layout.cpuBlock);
  const ofMemory = (words: readonly number[]): SomeWords => new SomeWords(store, 0, words);
  const ofGlobals = (words: readonly number[]): SomeWords => new SomeWords(store, 1 + layout.cpuCount, words);
  const tables = memory.filter((word) => machine.isTableWord(word));
  const wholes: (SomeWords | undefined)[] = [];
  wholes[Whole.tables] = ofMemory(tables);
  wholes[Whole.watched] = ofMemory([...tables, ...boot.memory.watchedWords]);
  wholes[Whole.frames] = ofMemory(memory.filter((word) => machine.isFrameWord(word)));
  wholes[Whole.freed] = ofGlobals(range(layout.tableFreed, layout.groupOwner));
  wholes[Whole.ticks] = ofGlobals(range(layout.tickLead(0, 0), layout.monitor));
  wholes[Whole.judged] = ofGlobals([
    ...range(layout.frameOwner, layout.groupOwner),
    ...range(layout.monitor, layout.runner),
  ]);
  return wholes;
}

/** By the name of a side: its words of this CPU. Every word of the CPU's block and of its threads is of one side. */
export function sidesOf(machine: Machine, store: CollapsedStore, cpu: number): readonly SomeWords[] {
  const { layout } = machine;
  const block = layout.cpu(cpu);
  const threads = threadsOf(machine, cpu).flatMap((thread) => range(layout.thread(thread), layout.thread(thread + 1)));
  const words = [...range(block, block + layout.cpuStride), ...threads];
  return Object.values(Side).map(
    (side) =>
      new SomeWords(
        store,
        1 + cpu,
        words.filter((word) => sideOf(layout, block, word) === side),
      ),
  );
}

const APIC: ReadonlySet<number> = new Set([
  CpuField.interruptFlag,
  CpuField.savedInterruptFlag,
  CpuField.irr,
  CpuField.isr,
  CpuField.woken,
]);

function sideOf(layout: Layout, block: number, word: number): SideName {
  if (word >= layout.threads) return Side.translations;
  const offset = word - block;
  if (APIC.has(offset) || (offset >= layout.inFlight && offset < layout.taggedRoot)) return Side.apic;
  return offset >= CpuField.bufferCount && offset < layout.inFlight ? Side.stores : Side.translations;
}

function range(first: number, end: number): readonly number[] {
  return Array.from({ length: end - first }, (_, index) => first + index);
}
