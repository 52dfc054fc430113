import type { ResultDocument } from '../result.js';
import { footLines } from './foot.js';
import type { Grid } from './grid.js';
import { headlineGrids, type HeadlineShape } from './headline.js';
import { phaseGrids } from './phases.js';
import { unsafeGrids } from './unsafe.js';
import { variantsOf } from './variants.js';

/** A result as a person reads it, before it has a medium. All text is raw. */
export interface Report {
  /** The comparison in both shapes; a renderer takes the one that fits. */
  readonly headline: Readonly<Record<HeadlineShape, readonly Grid[]>>;
  readonly unsafe: readonly Grid[];
  readonly phases: readonly Grid[];
  readonly foot: readonly string[];
}

/** Arranges a result: clean variants are compared, unsafe ones stand apart, then the phases, then what the numbers are not. */
export function reportOf(document: ResultDocument): Report {
  const variants = variantsOf(document);
  const ranked = variants.filter(({ isUnsafe }) => !isUnsafe);
  const [first] = variants;
  const reference = first?.isUnsafe === false ? first : undefined;
  return {
    headline: {
      beside: headlineGrids(document, ranked, 'beside'),
      stacked: headlineGrids(document, ranked, 'stacked'),
    },
    unsafe: unsafeGrids(variants),
    phases: phaseGrids(document, ranked, reference),
    foot: footLines(document, variants),
  };
}
