import { ShootdownError } from '../errors.js';
import { Sealed } from './sealed.js';

/** Sealed values that one frame can get. */
export const MAX_SEALED = 8;

/** Holds the place of a value in its frame instead of the value. */
const TOKENS: readonly Sealed[] = Array.from({ length: MAX_SEALED }, (_, place) => new Sealed(place));

/**
 * Sealed values of the program that is under way. Where programs are remembered it gets tokens in their place, so it cannot do anything that depends on
 * them but through `difference`, which the runner hears of; everywhere else what it gets holds the value.
 */
export class Seals {
  /** The program gets tokens. */
  isActive = false;
  /** Sealed values that it has got so far. */
  count = 0;
  /** Place, + 1, of the sealed value that the op under construction stores or will bring; 0: none. */
  built = 0;
  /** How far the values at two places are apart. */
  compare: (a: number, b: number) => number = () => 0;

  /** What the driver hands over, sealed: the place of the value, or the value itself. */
  seal(given: number): Sealed {
    return (this.isActive ? TOKENS[given] : undefined) ?? new Sealed(given);
  }

  /** The op under construction brings a sealed value. */
  expect(): void {
    if (!this.isActive) return;
    if (this.count === MAX_SEALED)
      throw new ShootdownError('INTERNAL', `A program was given more than ${MAX_SEALED} sealed values.`);
    this.built = ++this.count;
  }

  /** The op under construction stores this value: the number to be put into the op. */
  stored(value: Sealed): number {
    const content = this.contentOf(value);
    if (!this.isActive) return content;
    this.built = content + 1;
    return 0;
  }

  /** The number that stands for this value in a call. */
  contentOf(value: Sealed): number {
    const content = Sealed.contentOf(value);
    if (this.isActive && TOKENS[content] !== value)
      throw new ShootdownError('INTERNAL', 'A program passed on as sealed what it was not given so.');
    return content;
  }

  difference(a: Sealed, b: Sealed): number {
    const [first, second] = [this.contentOf(a), this.contentOf(b)];
    return this.isActive ? this.compare(first, second) : (first - second) | 0;
  }
}
