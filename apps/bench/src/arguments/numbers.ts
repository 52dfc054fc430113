import { ShootdownError } from '@shootdown/core';

const LARGEST = 2 ** 31 - 1;

/**
 * A list of positive whole numbers such as `1,2,4`.
 * @throws ShootdownError INVALID_ARGUMENT when an item is no such number or stands twice
 */
export function positiveList(option: string, text: string): readonly number[] {
  return numberList(option, text, 1);
}

/** As `positiveList`, from `least` on. */
export function numberList(option: string, text: string, least: 0 | 1): readonly number[] {
  const numbers = text.split(',').map((item) => wholeNumber(option, item.trim(), least));
  const twice = numbers.find((number, i) => numbers.indexOf(number) !== i);
  if (twice !== undefined)
    throw new ShootdownError('INVALID_ARGUMENT', `${option} ${text}: ${twice} stands twice; list each number once.`);
  return numbers;
}

/**
 * A whole number in decimal digits, from `least` to 2^31 - 1.
 * @throws ShootdownError INVALID_ARGUMENT
 */
export function wholeNumber(option: string, text: string, least: 0 | 1): number {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= LARGEST) return number;
  throw new ShootdownError(
    'INVALID_ARGUMENT',
    `${option}: "${text}" is not a whole number from ${least} to ${LARGEST}.`,
  );
}
