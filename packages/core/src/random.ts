import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A stream of random numbers in [0, 1), multiples of 2^-32. */
export interface RandomStream {
  next(): number;
}

/**
 * The stream with this name under this seed. Streams of different names are independent for the purposes of a
 * simulation: each starts from its own hash of seed and name, so adding a consumer changes no other one's numbers.
 */
export function randomStream(seed: number, name: string): RandomStream {
  const generator = xoroshiro128plus(hash(seed, name));
  return { next: () => (generator.next() >>> 0) / 2 ** 32 };
}

/** FNV-1a over the name, started from the seed. */
function hash(seed: number, name: string): number {
  let value = (0x811c9dc5 ^ seed) | 0;
  for (let i = 0; i < name.length; i++) value = Math.imul(value ^ name.charCodeAt(i), 0x01000193);
  return value;
}
