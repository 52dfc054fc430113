import type { Variant } from '@shootdown/zoo';

/** Explorations of more than about 30,000 states. The long set has them. */
const LONG: Readonly<Record<Variant, readonly string[]>> = {
  buggy: ['Z1', 'Z2', 'Z12', 'Z13', 'Z18', 'Z32', 'M5', 'M6', 'M7', 'M8', 'M10', 'M11', 'M15'],
  fixed: [
    ...[
      'Z0',
      'Z1',
      'Z2',
      'Z3',
      'Z4',
      'Z5',
      'Z10',
      'Z11',
      'Z12',
      'Z13',
      'Z16',
      'Z17',
      'Z18',
      'Z23',
      'Z29',
      'Z30',
      'Z32',
      'Z34',
    ],
    ...['M1', 'M2', 'M3', 'M5', 'M6', 'M7', 'M8', 'M9', 'M10', 'M11', 'M13', 'M15', 'M16'],
  ],
};

export function isLong(id: string, variant: Variant): boolean {
  return LONG[variant].includes(id);
}
