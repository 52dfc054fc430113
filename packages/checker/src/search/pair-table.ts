/** Columns of a slot: the pair and what it stands for. A slot whose value is 0 is free. */
const Slot = { first: 0, second: 1, value: 2 } as const;
const SLOT = 4;

/** What pairs of integers stand for: integers other than 0. */
export class PairTable {
  #slots = new Int32Array(64 * SLOT);
  #mask = 63;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#slots.byteLength;
  }

  /** What the pair stands for; 0: nothing. */
  get(first: number, second: number): number {
    return this.#slots[this.#find(first, second) + Slot.value] as number;
  }

  set(first: number, second: number, value: number): void {
    const at = this.#find(first, second);
    const isNew = this.#slots[at + Slot.value] === 0;
    this.#slots[at + Slot.first] = first;
    this.#slots[at + Slot.second] = second;
    this.#slots[at + Slot.value] = value;
    if (isNew && ++this.#count * 2 > this.#mask) this.#grow();
  }

  /** Where the pair is, or would be. */
  #find(first: number, second: number): number {
    const slots = this.#slots;
    const hash = Math.imul(Math.imul(first, 0x9e3779b1) ^ second, 0x85ebca6b);
    let at = (hash ^ (hash >>> 15)) & this.#mask;
    for (;;) {
      const slot = at * SLOT;
      if (slots[slot + Slot.value] === 0) return slot;
      if (slots[slot + Slot.first] === first && slots[slot + Slot.second] === second) return slot;
      at = (at + 1) & this.#mask;
    }
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(old.length * 2);
    this.#mask = this.#mask * 2 + 1;
    for (let slot = 0; slot < old.length; slot += SLOT) {
      if (old[slot + Slot.value] === 0) continue;
      const at = this.#find(old[slot + Slot.first] as number, old[slot + Slot.second] as number);
      for (let column = 0; column < SLOT; column++) this.#slots[at + column] = old[slot + column] as number;
    }
  }
}
