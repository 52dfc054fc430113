import { ShootdownError } from '@shootdown/core';

const CHUNK_INTEGERS = 1 << 13;
const EMPTY = 0;
/** A slot holds a number + 1, and above it bits of the hash that tell most other contents apart without looking at them. */
const NUMBER_BITS = 27;
const NUMBER_MASK = (1 << NUMBER_BITS) - 1;
/** Contents that a table has numbers for. */
export const MOST_CONTENTS: number = NUMBER_MASK;

const LARGEST_NARROW = 0xffff;

/**
 * Interns runs of integers of one width: equal contents get one number, compared integer by integer. Contents lie in
 * chunks, so that growth never copies them; an open-addressing table of their numbers finds them. Integers take 16 bits each until
 * one needs more.
 */
export class VectorTable {
  readonly #start: number;
  readonly #width: number;
  /** Contents of one chunk: a power of two, given as its exponent. */
  readonly #perChunk: number;
  readonly #chunkBits: number;
  readonly #chunks: (Uint16Array | Int32Array)[] = [];
  #isNarrow = true;
  #slots = new Int32Array(64);
  #count = 0;

  /** The content is what a vector holds from `start` to before `end`. */
  constructor(start: number, end: number) {
    this.#start = start;
    this.#width = end - start;
    this.#chunkBits = Math.max(0, 31 - Math.clz32(CHUNK_INTEGERS / Math.max(1, this.#width)));
    this.#perChunk = 1 << this.#chunkBits;
  }

  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#slots.byteLength + this.#chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
  }

  /** The number of the content that the vector holds. */
  intern(vector: Int32Array): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    const hash = hashOf(vector, this.#start, this.#width);
    const tag = hash & ~NUMBER_MASK;
    let at = hash & mask;
    for (let held = slots[at] as number; held !== EMPTY; held = slots[at] as number) {
      const id = (held & NUMBER_MASK) - 1;
      if ((held & ~NUMBER_MASK) === tag && this.#holds(id, vector)) return id;
      at = (at + 1) & mask;
    }
    if (this.#count === MOST_CONTENTS) throw new ShootdownError('INTERNAL', `More than ${MOST_CONTENTS} contents.`);
    slots[at] = tag | (this.#count + 1);
    return this.#append(vector);
  }

  /** The vector holds the content of this number. */
  #holds(id: number, vector: Int32Array): boolean {
    const chunk = this.#chunks[id >>> this.#chunkBits] as Uint16Array | Int32Array;
    const first = (id & (this.#perChunk - 1)) * this.#width;
    const start = this.#start;
    const width = this.#width;
    for (let i = 0; i < width; i++) if (chunk[first + i] !== vector[start + i]) return false;
    return true;
  }

  restore(id: number, vector: Int32Array): void {
    const chunk = this.#chunks[id >>> this.#chunkBits] as Uint16Array | Int32Array;
    const first = (id & (this.#perChunk - 1)) * this.#width;
    const start = this.#start;
    const width = this.#width;
    for (let i = 0; i < width; i++) vector[start + i] = chunk[first + i] as number;
  }

  #append(vector: Int32Array): number {
    const id = this.#count++;
    const place = id & (this.#perChunk - 1);
    if (this.#isNarrow && !fits(vector, this.#start, this.#width)) this.#widen();
    if (place === 0) this.#chunks.push(this.#newChunk());
    const chunk = this.#chunks[id >>> this.#chunkBits] as Uint16Array | Int32Array;
    const first = place * this.#width;
    for (let i = 0; i < this.#width; i++) chunk[first + i] = vector[this.#start + i] as number;
    if (this.#count * 3 > this.#slots.length * 2) this.#rehash();
    return id;
  }

  #newChunk(): Uint16Array | Int32Array {
    const length = this.#perChunk * this.#width;
    return this.#isNarrow ? new Uint16Array(length) : new Int32Array(length);
  }

  #widen(): void {
    this.#isNarrow = false;
    for (let index = 0; index < this.#chunks.length; index++)
      this.#chunks[index] = Int32Array.from(this.#chunks[index] as Uint16Array);
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let id = 0; id < this.#count; id++) {
      const chunk = this.#chunks[id >>> this.#chunkBits] as Uint16Array | Int32Array;
      const hash = hashOf(chunk, (id & (this.#perChunk - 1)) * this.#width, this.#width);
      let at = hash & mask;
      while (slots[at] !== EMPTY) at = (at + 1) & mask;
      slots[at] = (hash & ~NUMBER_MASK) | (id + 1);
    }
    this.#slots = slots;
  }
}

/** Two multiplicative hashes, of the even and of the odd places, mixed so that the low bits depend on all integers. */
function hashOf(vector: Int32Array | Uint16Array, start: number, width: number): number {
  let even = 0x2545f491;
  let odd = 0x3c6ef372;
  const end = start + width - 1;
  let i = start;
  for (; i < end; i += 2) {
    even = Math.imul(even, 0x01000193) + (vector[i] as number);
    odd = Math.imul(odd, 0x85ebca6b) + (vector[i + 1] as number);
  }
  if (i === end) even = Math.imul(even, 0x01000193) + (vector[i] as number);
  const hash = Math.imul((even ^ (even >>> 15)) + Math.imul(odd ^ (odd >>> 13), 0xc2b2ae35), 0x9e3779b1);
  return hash ^ (hash >>> 16);
}

function fits(vector: Int32Array, start: number, width: number): boolean {
  for (let i = start; i < start + width; i++)
    if ((vector[i] as number) < 0 || (vector[i] as number) > LARGEST_NARROW) return false;
  return true;
}

/** A copy of twice the length. */
export function grown(column: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(column.length * 2);
  longer.set(column);
  return longer;
}
