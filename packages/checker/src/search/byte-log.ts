const CHUNK = 1 << 16;
/** Bits of a number that a byte holds; its highest bit says that more follow (LEB128, as in DWARF). */
const PAYLOAD_BITS = 7;
const MORE = 1 << PAYLOAD_BITS;

/** A list of natural numbers below 2^31 that only grows; small ones take a byte each. Places in it may be beyond 2^32. */
export class ByteLog {
  readonly #chunks: Uint8Array[] = [];
  /** The last one of them. */
  #written: Uint8Array = new Uint8Array(0);
  /** Where the next number is written, and where the next one is read. */
  #end = 0;
  #position = 0;

  get bytes(): number {
    return this.#chunks.length * CHUNK;
  }

  /** Where the next number will stand. */
  get end(): number {
    return this.#end;
  }

  /** Where the number stands that `next` reads. */
  get position(): number {
    return this.#position;
  }

  add(value: number): void {
    let rest = value;
    for (; rest >= MORE; rest >>>= PAYLOAD_BITS) this.#write((rest & (MORE - 1)) | MORE);
    this.#write(rest);
  }

  #write(byte: number): void {
    const place = this.#end++ & (CHUNK - 1);
    if (place === 0) this.#addChunk();
    this.#written[place] = byte;
  }

  #addChunk(): void {
    this.#written = new Uint8Array(CHUNK);
    this.#chunks.push(this.#written);
  }

  /** The next number read is the one that stands here. */
  seek(position: number): void {
    this.#position = position;
  }

  next(): number {
    let value = 0;
    for (let shift = 0; ; shift += PAYLOAD_BITS) {
      const byte = (this.#chunks[Math.floor(this.#position / CHUNK)] as Uint8Array)[
        this.#position & (CHUNK - 1)
      ] as number;
      this.#position++;
      value |= (byte & (MORE - 1)) << shift;
      if (byte < MORE) return value;
    }
  }
}
