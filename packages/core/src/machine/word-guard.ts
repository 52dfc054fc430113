import { type Memory, type Region, WORDS_PER_LINE } from '../boot/memory.js';
import { ShootdownError } from '../errors.js';
import type { Machine } from './machine.js';

const PRIVATE = 1;
const HANDOFF = 2;
const WATCHED = 4;
const VMALLOC = 8;

/** Checks every access against the class its word was declared with, and names words in messages. */
export class WordGuard {
  readonly #regions: readonly Region[];
  readonly #regionOfLine: Uint16Array;
  readonly #flagsOfLine: Uint8Array;
  readonly #watched: ReadonlySet<number>;
  readonly #claims: ReadonlySet<number>;

  constructor(memory: Memory) {
    this.#regions = memory.regions;
    const lines = Math.ceil(memory.size / WORDS_PER_LINE);
    this.#regionOfLine = new Uint16Array(lines);
    this.#flagsOfLine = new Uint8Array(lines);
    this.#watched = new Set(memory.watchedWords);
    this.#claims = new Set(memory.claimWords);
    memory.regions.forEach((region, index) => {
      const first = region.start / WORDS_PER_LINE;
      const end = Math.ceil((region.start + region.stride * region.count) / WORDS_PER_LINE);
      this.#regionOfLine.fill(index, first, end);
      this.#flagsOfLine.fill(classFlags(region), first, end);
    });
    for (const word of memory.watchedWords)
      this.#flagsOfLine[word >> 3] = (this.#flagsOfLine[word >> 3] as number) | WATCHED;
  }

  /** Throws WORD_CLASS on a foreign access to a private word; reports one to a hand-off word to the monitor. */
  check(machine: Machine, cpu: number, word: number, isWrite: boolean): void {
    const flags = this.#flagsOfLine[word >> 3] as number;
    if ((flags & (PRIVATE | HANDOFF)) === 0) return;
    const region = this.region(word);
    const index = recordOf(region, word);
    if ((flags & PRIVATE) !== 0) {
      if (region.home[index] !== cpu) throw this.#foreign(word, cpu, region.home[index] as number);
      return;
    }
    if (((region.syncFieldBits >>> (word - region.start - index * region.stride)) & 1) === 1) return;
    const owner = machine.state[machine.layout.groupOwner + region.firstGroup + index] as number;
    if (owner === cpu || (owner === -1 && !isWrite)) return;
    machine.monitor.foreignAccess(machine, cpu, word, owner, isWrite);
  }

  /** The word belongs to the contents of a hand-off record: only the record's owner may touch it. */
  isPayload(word: number): boolean {
    if (((this.#flagsOfLine[word >> 3] as number) & HANDOFF) === 0) return false;
    const region = this.region(word);
    return ((region.syncFieldBits >>> ((word - region.start) % region.stride)) & 1) === 0;
  }

  /** The lifetime group of a hand-off word. */
  groupOf(word: number): number {
    const region = this.region(word);
    return region.firstGroup + recordOf(region, word);
  }

  /** The CPU that owns the record of a hand-off word now; -1: everybody may read it. */
  ownerOf(machine: Machine, word: number): number {
    return machine.state[machine.layout.groupOwner + this.groupOf(word)] as number;
  }

  isWatched(word: number): boolean {
    return ((this.#flagsOfLine[word >> 3] as number) & WATCHED) !== 0 && this.#watched.has(word);
  }

  /** By this watched word the CPU claims something for itself. */
  isOwnClaim(word: number, cpu: number): boolean {
    return this.#claims.has(word) && this.home(word) === cpu;
  }

  /** The word lies on another CPU's vmalloc-mapped stack. */
  isForeignVmalloc(word: number, cpu: number): boolean {
    if (((this.#flagsOfLine[word >> 3] as number) & VMALLOC) === 0) return false;
    return this.home(word) !== cpu;
  }

  /** The CPU in whose memory the word lies. */
  home(word: number): number {
    const region = this.region(word);
    return region.home[recordOf(region, word)] ?? 0;
  }

  region(word: number): Region {
    return this.#regions[this.#regionOfLine[word >> 3] as number] as Region;
  }

  /** `csd[3].flags`: how a word is called in traces and messages. */
  nameOf(word: number): string {
    const region = this.region(word);
    const index = recordOf(region, word);
    const field = region.fields[(word - region.start) % region.stride];
    if (field === undefined) return `word ${word}`;
    return region.count === 1 ? `${region.name}.${field}` : `${region.name}[${index}].${field}`;
  }

  #foreign(word: number, cpu: number, home: number): ShootdownError {
    const message = `CPU ${cpu} accessed ${this.nameOf(word)}, which is declared private to CPU ${home}. Declare it 'shared' or keep the access on CPU ${home}.`;
    return new ShootdownError('WORD_CLASS', message, { details: { word: this.nameOf(word), cpu, home } });
  }
}

/** Which record of the region the word belongs to. The division is one of integers. */
function recordOf(region: Region, word: number): number {
  return ((word - region.start) / region.stride) | 0;
}

function classFlags(region: Region): number {
  const ownership = region.wordClass === 'cpu' ? PRIVATE : region.wordClass === 'handoff' ? HANDOFF : 0;
  return ownership | (region.vmalloc ? VMALLOC : 0);
}
