import { ShootdownError } from '@shootdown/core';
import { MAX_GENERATION } from '../constants.js';
import type { MmPrograms } from './types.js';

/**
 * `inc_mm_tlb_gen`. The locked increment orders the caller's page-table stores before its reads of mm_cpumask and is_lazy.
 * Throws GENERATION_OVERFLOW instead of wrapping: `new_tlb_gen == local + 1` would be wrong behind a wrap.
 * `ANY_MM` and `INIT_MM` have no generation of their own: nothing is touched and the result is 0.
 */
export const nextGeneration: MmPrograms['nextGeneration'] = (mm) =>
  function* (cpu, space) {
    if (space < 0) return 0;
    const generation = (yield* cpu.fetchAdd(mm.spaces.generation(space), 1)) + 1;
    if (generation >= MAX_GENERATION) throw overflow(space);
    yield* cpu.markGeneration(space, generation);
    return generation;
  };

function overflow(space: number): ShootdownError {
  return new ShootdownError(
    'GENERATION_OVERFLOW',
    `tlb_gen of mm ${space} reached ${MAX_GENERATION}, the last generation of the model. Shorten the run.`,
    {
      details: { mm: space },
    },
  );
}
