const CHUNK_INTEGERS = 1 << 16;
const EMPTY = 0;

/**
 * Interns runs of integers of one width: equal contents get one number, compared integer by integer. Contents lie in
 * chunks, so that growth never copies them; an open-addressing table finds them.
 */
export class VectorTable {
  readonly #words: Int32Array;
  readonly #width: number;
  readonly #perChunk: number;
  readonly #chunks: Int32Array[] = [];
  #hashes = new Int32Array(64);
  #slots = new Int32Array(256);
  #count = 0;

  /** `words`: which integers of a vector make up the content. */
  constructor(words: Int32Array) {
    this.#words = words;
    this.#width = words.length;
    this.#perChunk = Math.max(1, Math.floor(CHUNK_INTEGERS / Math.max(1, this.#width)));
  }

  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return 4 * (this.#hashes.length + this.#slots.length + this.#chunks.length * this.#perChunk * this.#width);
  }

  /** The number of the content that the vector holds. */
  intern(vector: Int32Array): number {
    const hash = this.#hash(vector);
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (let held = this.#slots[slot] as number; held !== EMPTY; held = this.#slots[slot] as number) {
      if (this.#hashes[held - 1] === hash && this.holds(held - 1, vector)) return held - 1;
      slot = (slot + 1) & mask;
    }
    return this.#append(vector, hash, slot);
  }

  /** The vector holds the content of this number. */
  holds(id: number, vector: Int32Array): boolean {
    const chunk = this.#chunks[Math.floor(id / this.#perChunk)] as Int32Array;
    const first = (id % this.#perChunk) * this.#width;
    const words = this.#words;
    for (let i = 0; i < words.length; i++) {
      if (chunk[first + i] !== vector[words[i] as number]) return false;
    }
    return true;
  }

  restore(id: number, vector: Int32Array): void {
    const chunk = this.#chunks[Math.floor(id / this.#perChunk)] as Int32Array;
    const first = (id % this.#perChunk) * this.#width;
    const words = this.#words;
    for (let i = 0; i < words.length; i++) vector[words[i] as number] = chunk[first + i] as number;
  }

  #append(vector: Int32Array, hash: number, slot: number): number {
    const id = this.#count++;
    if (id % this.#perChunk === 0) this.#chunks.push(new Int32Array(this.#perChunk * this.#width));
    const chunk = this.#chunks[Math.floor(id / this.#perChunk)] as Int32Array;
    const first = (id % this.#perChunk) * this.#width;
    for (let i = 0; i < this.#width; i++) chunk[first + i] = vector[this.#words[i] as number] as number;
    this.#slots[slot] = id + 1;
    if (id >= this.#hashes.length) this.#hashes = grown(this.#hashes);
    this.#hashes[id] = hash;
    if (this.#count * 2 > this.#slots.length) this.#rehash();
    return id;
  }

  #hash(vector: Int32Array): number {
    let hash = 0x2545f491;
    const words = this.#words;
    for (let i = 0; i < words.length; i++) {
      hash = Math.imul(hash ^ (vector[words[i] as number] as number), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    return hash;
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 4);
    const mask = this.#slots.length - 1;
    for (let id = 0; id < this.#count; id++) {
      let slot = (this.#hashes[id] as number) & mask;
      while (this.#slots[slot] !== EMPTY) slot = (slot + 1) & mask;
      this.#slots[slot] = id + 1;
    }
  }
}

/** A copy of twice the length. */
export function grown(column: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(column.length * 2);
  longer.set(column);
  return longer;
}
