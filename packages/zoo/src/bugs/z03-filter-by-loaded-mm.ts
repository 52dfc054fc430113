import { concurrent, type ConcurrentSteps, concurrentWith } from '@shootdown/strategy-concurrent';
import { cellOf } from '../cells.js';
import type { SeamEntry } from '../entry.js';

const targetsOf: ConcurrentSteps['targetsOf'] = function* ({ env }, cpu, { kind, mm }, members) {
  if (kind === 'kernel' || kind === 'reclaim') return members;
  const targets: number[] = [];
  for (const member of members) {
    if (yield* cpu.test(env.kernel.loadedMm(member), 'notEqual', mm)) continue;
    targets.push(member);
  }
  return targets;
};

export const z3: SeamEntry = {
  id: 'Z3',
  title: 'targets are filtered by loaded_mm',
  source: 'Linux fea4e317f9e7 (2025)',
  story:
    'Between reading tlb_gen and the store of loaded_mm a CPU that switches to the mm has something else in loaded_mm, LOADED_MM_SWITCHING for instance. The filter takes it for a CPU of another process and sends no IPI. The repair counts the marker as a match.',
  memory: 'sc',
  kind: 'seam',
  seams: ['targetsOf'],
  shipped: 'fixed',
  replacement: { strategy: concurrentWith({ targetsOf }) },
  strategy: concurrent,
  options: {},
  cell: cellOf({ scenario: 'free-table', targets: 'switching' }),
};
