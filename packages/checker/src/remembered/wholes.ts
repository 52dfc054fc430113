import { CpuField, type Layout, type Machine } from '@shootdown/core';
import { Side, type SideName, Whole } from '../reduction/looks.js';
import type { CollapsedStore } from '../search/collapsed-store.js';
import { threadsOf } from '../automaton/threads-of.js';
import { SomeWords } from './some-words.js';

/** By the name of a whole: its words, where it is no group of the state and nothing that buffers hide. */
export function wholesOf(machine: Machine, store: CollapsedStore): readonly (SomeWords | undefined)[] {
  const { layout } = machine;
  const memory = range(0, layout.cpuBlock);
  const ofMemory = (words: readonly number[]): SomeWords => new SomeWords(store, 0, words);
  const ofGlobals = (words: readonly number[]): SomeWords => new SomeWords(store, 1 + layout.cpuCount, words);
  const wholes: (SomeWords | undefined)[] = [];
  wholes[Whole.tables] = ofMemory(memory.filter((word) => machine.isTableWord(word)));
  wholes[Whole.frames] = ofMemory(memory.filter((word) => machine.isFrameWord(word)));
  wholes[Whole.freed] = ofGlobals(range(layout.tableFreed, layout.groupOwner));
  wholes[Whole.ticks] = ofGlobals(range(layout.tickLead(0, 0), layout.monitor));
  wholes[Whole.common] = ofGlobals(monitorWordsOf(machine, -1));
  return wholes;
}

/** By the name of a side: its words of this CPU. Every word of the CPU's block, of its threads and of the monitor's that are at home there is of one side. */
export function sidesOf(machine: Machine, store: CollapsedStore, cpu: number): readonly SomeWords[] {
  const { layout } = machine;
  const block = layout.cpu(cpu);
  const threads = threadsOf(machine, cpu).flatMap((thread) => range(layout.thread(thread), layout.thread(thread + 1)));
  const words = [...range(block, block + layout.cpuStride), ...threads, ...monitorWordsOf(machine, cpu)];
  return Object.values(Side).map(
    (side) =>
      new SomeWords(
        store,
        1 + cpu,
        words.filter((word) => sideOf(layout, block, word) === side),
      ),
  );
}

/** The words of the monitor that are at home on this CPU; -1: on none. */
function monitorWordsOf({ monitor, layout }: Machine, cpu: number): readonly number[] {
  const words = range(0, monitor.words).filter((word) => monitor.home(word) === cpu);
  return words.map((word) => layout.monitor + word);
}

const APIC: ReadonlySet<number> = new Set([
  CpuField.interruptFlag,
  CpuField.savedInterruptFlag,
  CpuField.irr,
  CpuField.isr,
  CpuField.woken,
]);

const MODE: ReadonlySet<number> = new Set([CpuField.interruptActive, CpuField.nmiActive, CpuField.thread]);

function sideOf(layout: Layout, block: number, word: number): SideName {
  if (word >= layout.monitor) return Side.judged;
  if (word >= layout.threads) return Side.mode;
  const offset = word - block;
  if (MODE.has(offset)) return Side.mode;
  if (APIC.has(offset) || (offset >= layout.inFlight && offset < layout.taggedRoot)) return Side.apic;
  return offset >= CpuField.bufferCount && offset < layout.inFlight ? Side.stores : Side.translations;
}

function range(first: number, end: number): readonly number[] {
  return Array.from({ length: end - first }, (_, index) => first + index);
}
