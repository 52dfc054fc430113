const CHUNK_INTEGERS = 1 << 16;
const EMPTY = 0;

/**
 * Interns runs of integers of one width: equal contents get one number, compared integer by integer. Contents lie in
 * chunks, so that growth never copies them; an open-addressing table finds them.
 */
export class VectorTable {
  readonly #start: number;
  readonly #width: number;
  readonly #perChunk: number;
  readonly #chunks: Int32Array[] = [];
  /** Pairs: number + 1, hash. */
  #slots = new Int32Array(2 * 128);
  #count = 0;

  /** The content is what a vector holds from `start` to before `end`. */
  constructor(start: number, end: number) {
    this.#start = start;
    this.#width = end - start;
    this.#perChunk = Math.max(1, Math.floor(CHUNK_INTEGERS / Math.max(1, this.#width)));
  }

  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return 4 * (this.#slots.length + this.#chunks.length * this.#perChunk * this.#width);
  }

  /** The number of the content that the vector holds. */
  intern(vector: Int32Array): number {
    const hash = this.#hash(vector);
    const slots = this.#slots;
    const mask = slots.length / 2 - 1;
    let slot = hash & mask;
    for (let held = slots[2 * slot] as number; held !== EMPTY; held = slots[2 * slot] as number) {
      if (slots[2 * slot + 1] === hash && this.#holds(held - 1, vector)) return held - 1;
      slot = (slot + 1) & mask;
    }
    slots[2 * slot] = this.#count + 1;
    slots[2 * slot + 1] = hash;
    return this.#append(vector);
  }

  /** The vector holds the content of this number. */
  #holds(id: number, vector: Int32Array): boolean {
    const chunk = this.#chunks[Math.floor(id / this.#perChunk)] as Int32Array;
    const first = (id % this.#perChunk) * this.#width;
    const start = this.#start;
    for (let i = 0; i < this.#width; i++) if (chunk[first + i] !== vector[start + i]) return false;
    return true;
  }

  restore(id: number, vector: Int32Array): void {
    const chunk = this.#chunks[Math.floor(id / this.#perChunk)] as Int32Array;
    const first = (id % this.#perChunk) * this.#width;
    const start = this.#start;
    for (let i = 0; i < this.#width; i++) vector[start + i] = chunk[first + i] as number;
  }

  #append(vector: Int32Array): number {
    const id = this.#count++;
    if (id % this.#perChunk === 0) this.#chunks.push(new Int32Array(this.#perChunk * this.#width));
    const chunk = this.#chunks[Math.floor(id / this.#perChunk)] as Int32Array;
    const first = (id % this.#perChunk) * this.#width;
    for (let i = 0; i < this.#width; i++) chunk[first + i] = vector[this.#start + i] as number;
    if (this.#count * 4 > this.#slots.length) this.#rehash();
    return id;
  }

  #hash(vector: Int32Array): number {
    let hash = 0x2545f491;
    const end = this.#start + this.#width;
    for (let i = this.#start; i < end; i++) hash = Math.imul(hash, 0x01000193) ^ (vector[i] as number);
    hash = Math.imul(hash ^ (hash >>> 15), 0x9e3779b1);
    hash ^= hash >>> 13;
    return hash;
  }

  #rehash(): void {
    const old = this.#slots;
    const slots = new Int32Array(old.length * 2);
    const mask = slots.length / 2 - 1;
    for (let from = 0; from < old.length; from += 2) {
      if (old[from] === EMPTY) continue;
      let slot = (old[from + 1] as number) & mask;
      while (slots[2 * slot] !== EMPTY) slot = (slot + 1) & mask;
      slots[2 * slot] = old[from] as number;
      slots[2 * slot + 1] = old[from + 1] as number;
    }
    this.#slots = slots;
  }
}

/** A copy of twice the length. */
export function grown(column: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(column.length * 2);
  longer.set(column);
  return longer;
}
