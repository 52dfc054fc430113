import { CpuField, type Layout, type Machine, ThreadField } from '@shootdown/core';
import { Side, type SideName, Whole, type WholeName } from '../reduction/looks.js';
import { grown, VectorTable } from '../search/vector-table.js';

/** Words that are numbered together, and by the number of memory, or of the globals, the number of what they hold + 1. */
interface Some {
  readonly words: readonly number[];
  readonly contents: VectorTable;
  readonly scratch: Int32Array;
  known: Int32Array<ArrayBuffer>;
}

/** Numbers what some words of memory, or of the globals, hold: found out once per number of these. */
export class Wholes {
  /** The present state, as far as memory and the globals go. */
  readonly #base: Int32Array;
  readonly #some: Map<WholeName, Some>;
  readonly #sides: readonly (readonly Some[])[];

  constructor(machine: Machine, base: Int32Array) {
    const { layout, boot } = machine;
    this.#base = base;
    const ticks = layout.monitor - (layout.preemptions + (machine.isVirtual ? 1 : 0));
    const tables = range(machine.tableBase, boot.shape.tables << boot.shape.levelBits);
    this.#some = new Map([
      [Whole.tables, some(tables)],
      [Whole.watched, some([...tables, ...boot.memory.watchedWords])],
      [Whole.frames, some(range(machine.frameBase, machine.frameWord(boot.shape.frames) - machine.frameBase))],
      [Whole.freed, some(range(layout.tableFreed, boot.shape.tables))],
      [
        Whole.judged,
        some([
          ...range(layout.frameOwner, layout.groupOwner - layout.frameOwner),
          ...range(layout.monitor, layout.runner - layout.monitor),
        ]),
      ],
      [Whole.ticks, some(range(layout.monitor - ticks, ticks))],
    ]);
    this.#sides = Array.from({ length: layout.cpuCount }, (_, cpu) => sidesOf(machine, cpu));
  }

  /** The number of what these words hold where memory, or the globals, have this number. */
  of(which: WholeName, number: number): number {
    const each = this.#some.get(which) as Some;
    return known(each, number) ?? this.#find(each, number);
  }

  /** The same of a side of a CPU, where its part has this number. */
  ofSide(cpu: number, which: SideName, part: number, restore: () => void): number {
    const each = this.#sides[cpu]?.[which] as Some;
    const number = known(each, part);
    if (number !== undefined) return number;
    restore();
    return this.#find(each, part);
  }

  #find({ words, contents, scratch, known }: Some, number: number): number {
    for (let i = 0; i < words.length; i++) scratch[i] = this.#base[words[i] as number] as number;
    const found = contents.intern(scratch);
    known[number] = found + 1;
    return found;
  }
}

function known(each: Some, number: number): number | undefined {
  while (number >= each.known.length) each.known = grown(each.known);
  const found = each.known[number] as number;
  return found === 0 ? undefined : found - 1;
}

/** Every word of a CPU's block and of its threads is of one side. */
function sidesOf({ boot, layout }: Machine, cpu: number): readonly Some[] {
  const block = layout.cpu(cpu);
  const threads = boot.threads.flatMap((thread, index) =>
    thread.cpu === cpu ? range(layout.thread(index), layout.thread(index + 1) - layout.thread(index)) : [],
  );
  const words = [...range(block, layout.cpuStride), ...threads];
  return Object.values(Side).map((side) => some(words.filter((word) => sideOf(layout, block, word) === side)));
}

const APIC: ReadonlySet<number> = new Set([
  CpuField.interruptFlag,
  CpuField.savedInterruptFlag,
  CpuField.irr,
  CpuField.isr,
  CpuField.woken,
]);

function sideOf(layout: Layout, block: number, word: number): SideName {
  if (word >= layout.threads) return isEndOfThread(layout, word) ? Side.ended : Side.translations;
  const offset = word - block;
  if (APIC.has(offset) || (offset >= layout.inFlight && offset < layout.taggedRoot)) return Side.apic;
  return offset >= CpuField.bufferCount && offset < layout.inFlight ? Side.stores : Side.translations;
}

function some(words: readonly number[]): Some {
  return {
    words,
    contents: new VectorTable(0, words.length),
    scratch: new Int32Array(words.length),
    known: new Int32Array(256),
  };
}

function range(first: number, length: number): readonly number[] {
  return Array.from({ length }, (_, index) => first + index);
}

function isEndOfThread(layout: Layout, word: number): boolean {
  return (word - layout.threads) % (layout.thread(1) - layout.thread(0)) === ThreadField.finished;
}
