import { ShootdownError } from '../errors.js';
import type { Group, Mask, Word } from '../program/op.js';
import { thrownText } from '../thrown-text.js';

/** Words of one 64-byte cache line. */
export const WORDS_PER_LINE = 8;

/** Of one allocation; the largest of the laboratory's own, a record for each pair of 1024 CPUs, is a sixteenth of it. */
const MOST_WORDS = 2 ** 27;

/** How the words of a record may be accessed; checked at every access. */
const WORD_CLASSES = ['shared', 'cpu', 'handoff'] as const;
/**
 * - `shared`: by every CPU.
 * - `cpu`: only by the record's home CPU.
 * - `handoff`: only by the present owner of the record's lifetime group (contract C8).
 */
export type WordClass = (typeof WORD_CLASSES)[number];

/** Where the words of records lie, and who may touch them. */
export interface RecordPlacement {
  /** The CPU in whose memory record `index` lies: its first touch is local there. Default 0. */
  readonly home?: (index: number) => number;
  /** Words from one record to the next. Default: whole lines. A smaller stride packs records into shared lines. */
  readonly stride?: number;
  /** Who may access the words. Default `shared`. */
  readonly wordClass?: WordClass;
  /** Fields of a `handoff` record that every CPU may access: the word whose value passes the ownership on. */
  readonly syncFields?: readonly string[];
  /** The record lies on a vmalloc-mapped kernel stack: another CPU's first touch pays a page walk. */
  readonly vmalloc?: boolean;
  /** Ghost owner of a hand-off record before the first transfer. Default: its home. */
  readonly owner?: (index: number) => number;
}

/** A run of equal records in memory. */
export interface Region {
  readonly name: string;
  readonly start: number;
  readonly stride: number;
  readonly count: number;
  readonly fields: readonly string[];
  readonly wordClass: WordClass;
  readonly home: Int16Array;
  readonly vmalloc: boolean;
  /** Bit per field: exempt from the ownership check. */
  readonly syncFieldBits: number;
  /** First lifetime group, one per record, when the class is `handoff`; else -1. */
  readonly firstGroup: number;
}

/** Word addresses of records: `records.field(index)`. */
export type Records<Field extends string> = { readonly [Key in Field]: (index: number) => Word } & {
  readonly group: (index: number) => Group;
};

/** Physical memory under construction: word `w` lies on line `w >> 3`. Regions start on a line of their own. */
export class Memory {
  readonly regions: Region[] = [];
  readonly initialValues: Map<number, number> = new Map<number, number>();
  readonly groupOwners: number[] = [];
  /** Words whose every new value a monitor is told. */
  readonly watchedWords: number[] = [];
  /** Those by which a CPU claims something for itself. */
  readonly claimWords: number[] = [];
  size: number = WORDS_PER_LINE;
  #sealed = false;

  /** Allocates `count` records of these fields. Throws LATE_ALLOCATION after boot. */
  records<Field extends string>(
    name: string,
    fields: readonly Field[],
    count: number,
    place: RecordPlacement = {},
  ): Records<Field> {
    const region = this.#allocate(name, fields, count, place);
    const address: Record<string, unknown> = { group: (index: number) => region.firstGroup + index };
    fields.forEach((field, offset) => {
      address[field] = (index: number) => region.start + checkedIndex(region, index) * region.stride + offset;
    });
    return address as Records<Field>;
  }

  /** Allocates a CPU mask: 32 CPUs a word, on lines of its own. */
  mask(name: string, cpuCount: number): Mask {
    const region = this.#allocate(name, ['bits'], Math.ceil(cpuCount / 32), { stride: 1 });
    return region.start as Mask;
  }

  /** Sets the value a word has before the first step. Throws INVALID_OPERAND for what is no word. */
  initial(word: number, value: number): void {
    if (!Number.isInteger(word) || word < 0 || word >= this.size) throw noWord(word);
    this.initialValues.set(word, value | 0);
  }

  /** A monitor wants to see every value that this word receives. */
  watch(word: number): void {
    this.watchedWords.push(word);
  }

  /** The same of a word by which the CPU at home there claims something for itself: it is judged when that CPU executes user code. */
  watchClaim(word: number): void {
    this.watch(word);
    this.claimWords.push(word);
  }

  seal(): void {
    this.#sealed = true;
  }

  #allocate(name: string, fields: readonly string[], count: number, place: RecordPlacement): Region {
    if (this.#sealed) {
      throw new ShootdownError(
        'LATE_ALLOCATION',
        `Records '${name}' were asked for after boot. Allocate all words inside create().`,
        { details: { name } },
      );
    }
    const stride = place.stride ?? Math.ceil(fields.length / WORDS_PER_LINE) * WORDS_PER_LINE;
    if (stride < fields.length)
      throw new ShootdownError(
        'INVALID_OPERAND',
        `Records '${name}': stride ${stride} is below the ${fields.length} fields.`,
      );
    checkSize(name, count, stride);
    const home = new Int16Array(count);
    for (let i = 0; i < count; i++) home[i] = place.home?.(i) ?? 0;
    const wordClass = place.wordClass ?? 'shared';
    const firstGroup = wordClass === 'handoff' ? this.groupOwners.length : -1;
    if (firstGroup >= 0) for (let i = 0; i < count; i++) this.groupOwners.push(place.owner?.(i) ?? home[i] ?? 0);
    const syncFieldBits = (place.syncFields ?? []).reduce((bits, field) => bits | (1 << fields.indexOf(field)), 0);
    const region: Region = {
      name,
      start: this.size,
      stride,
      count,
      fields,
      wordClass,
      home,
      vmalloc: place.vmalloc ?? false,
      syncFieldBits,
      firstGroup,
    };
    this.regions.push(region);
    this.size = Math.ceil((this.size + stride * count) / WORDS_PER_LINE) * WORDS_PER_LINE;
    return region;
  }
}

/** A count that is no count would be found where the machine is made; more memory than a host has, where it runs out. */
function checkSize(name: string, count: number, stride: number): void {
  if (Number.isInteger(count) && count >= 0 && count * stride <= MOST_WORDS) return;
  throw new ShootdownError(
    'INVALID_OPERAND',
    `Records '${name}': there cannot be ${thrownText(count)} of them, ${thrownText(stride)} words apart. A strategy may have ${MOST_WORDS} words.`,
    { details: { region: name } },
  );
}

function noWord(word: unknown): ShootdownError {
  const text = typeof word === 'number' ? String(word) : `a ${typeof word}`;
  const cure = 'The word of a record is told by its index: records.field(index)';
  return new ShootdownError('INVALID_OPERAND', `initial(…) was given ${text}, which is no word. ${cure}.`);
}

function checkedIndex(region: Region, index: number): number {
  if (index < 0 || index >= region.count || !Number.isInteger(index)) {
    throw new ShootdownError(
      'INVALID_OPERAND',
      `Record ${index} of '${region.name}' does not exist (0 … ${region.count - 1}).`,
      { details: { region: region.name } },
    );
  }
  return index;
}
