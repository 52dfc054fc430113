import type { Variant } from '@shootdown/zoo';

/** Explorations that take more than a moment. The long set has them. */
const LONG: Readonly<Record<Variant, readonly string[]>> = {
  buggy: ['Z1', 'Z10', 'Z11', 'Z13', 'Z18', 'M10', 'M15'],
  fixed: [
    ...['Z1', 'Z3', 'Z4', 'Z5', 'Z10', 'Z11', 'Z12', 'Z13', 'Z16', 'Z17', 'Z18', 'Z29', 'Z30', 'Z32', 'Z34'],
    ...['M5', 'M6', 'M7', 'M8', 'M9', 'M10', 'M11', 'M13', 'M15'],
  ],
};

export function isLong(id: string, variant: Variant): boolean {
  return LONG[variant].includes(id);
}
