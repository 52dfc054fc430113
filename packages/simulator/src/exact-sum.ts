const FLUSH_AT = 2 ** 52;

/**
 * A sum of non-negative integers that never rounds: the same for every order of the addends and on every host. The running part is a
 * Float64 that is moved to a BigInt before it could pass 2^53.
 */
export class ExactSum {
  #total = 0n;
  #part = 0;

  /** Adds an integer from 0 to 2^52. */
  add(value: number): void {
    this.#part += value;
    if (this.#part < FLUSH_AT) return;
    this.#total += BigInt(this.#part);
    this.#part = 0;
  }

  get value(): bigint {
    return this.#total + BigInt(this.#part);
  }
}
