import { type CellDescription, checkCellWhole, type Memory } from '@shootdown/checker';
import { describe, expect, it } from 'vitest';
import { VARIANTS } from '../kit/variants.js';

type VariantName = keyof typeof VARIANTS;

const UNMAP: CellDescription = {
  scenario: 'unmap',
  targets: 'user',
  initiators: 1,
  cpus: 2,
  nmis: 0,
  walker: 'demand',
};

/** `clean`, or the memory model and the violation. */
function verdict(variant: VariantName, change: Partial<CellDescription>, memory: Memory = 'sc'): string {
  const { strategy, options } = VARIANTS[variant];
  const result = checkCellWhole({ ...UNMAP, ...change, strategy, options }, memory, { maxStates: 1_000_000 });
  if (result.violation === undefined) return result.verdict;
  const { contract, form } = result.violation;
  return `${result.verdict} under ${result.memory}: ${contract} ${form}`;
}

describe('sync beside a CPU that is away once', () => {
  it.each(['lazy', 'idle', 'switching'] as const)('%s: clean', (targets) => {
    expect(verdict('sync', { targets })).toBe('clean');
  });
});

describe('two initiators of one page', () => {
  it.each(['unmap', 'remap', 'reclaim'])('sync, %s: clean', (scenario) => {
    expect(verdict('sync', { scenario, initiators: 2 })).toBe('clean');
  });
});

describe('what the strategies’ unsafe options break', () => {
  it.each([
    ['none', 'unmap', {}, 'violated under sc: C1 exposed'],
    ['freedEarly', 'free-table', {}, 'violated under sc: C3 walked'],
    ['early', 'unmap', { nmis: 1, assume: { nmi: 'touches' } }, 'violated under sc: C1 exposed'],
    ['unguarded', 'reclaim', { nmis: 1 }, 'violated under sc: C1 exposed'],
  ] as const)('%s, %s, %o: %s', (variant, scenario, change, expected) => {
    expect(verdict(variant, { scenario, ...change }, 'tso')).toBe(expected);
  });
});

/**
 * An NMI meets two windows of a context switch in which a weak `nmi_uaccess_okay()` agrees and the flush has skipped the CPU:
 * after `is_lazy` was set, and after the bit in mm_cpumask was cleared. Each half of the repair closes one.
 */
describe('an NMI that asks, in the middle of a context switch', { timeout: 120_000 }, () => {
  it.each([
    ['lazy', {}, 'clean'],
    ['switching', {}, 'clean'],
    ['lazy', { uaccessGuard: 'currentMm' }, 'violated under sc: C1 exposed'],
    ['switching', { switchOrder: 'maskFirst' }, 'violated under sc: C1 exposed'],
    ['switching', { uaccessGuard: 'currentMm' }, 'clean'],
    ['lazy', { switchOrder: 'maskFirst' }, 'clean'],
  ] as const)('plain sync, %s, %o: %s', (targets, assume, expected) => {
    expect(verdict('sync', { targets, nmis: 1, assume })).toBe(expected);
  });

  it('needs no test of is_lazy when the flush frees a table, which lazy CPUs are not spared', () => {
    const assume = { uaccessGuard: 'currentMm' } as const;
    expect(verdict('sync', { targets: 'lazy', nmis: 1, scenario: 'free-table', assume })).toBe('clean');
  });
});
