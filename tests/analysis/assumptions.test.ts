import { describe, expect, it } from 'vitest';
import { type Change, verdict, type VariantName } from './verdict.js';

type Row = readonly [variant: VariantName, change: Change, expected: string];
const C1 = 'C1 exposed';
const probed = { assume: { kprobe: 'touches' } } as const;
const userOff = { assume: { interruptsOff: 'user' } } as const;
const kernelOff = { assume: { interruptsOff: 'kernel' } } as const;
const called = { assume: { callAhead: 'touches' } } as const;
const device = { assume: { deviceLoad: 'on' } } as const;
const anyNmi = { nmis: 1, assume: { nmi: 'touches' } } as const;

const ROWS: readonly Row[] = [
  // Condition 2 of the posted patch: nobody touches user memory on the target before its flush.
  ['early', { nmis: 1 }, 'clean'],
  ['early', anyNmi, C1],
  ['unguarded', { nmis: 1 }, C1],
  ['sync', anyNmi, 'clean'],
  ['early', probed, C1],
  ['late', probed, 'clean'],
  ['sync', probed, 'clean'],
  ['concurrent', probed, 'clean'],
  // A CPU that owes and is skipped must not be touched for it either, whatever the strategy.
  ['sync', { ...anyNmi, targets: 'lazy' }, C1],
  ['sync', { ...anyNmi, targets: 'switching' }, C1],
  // Interrupts off, by the kernel or through iopl: nobody goes on before the handler has run.
  ['early', userOff, 'clean'],
  ['early', kernelOff, 'clean'],
  ['sync', userOff, 'clean'],
  ['none', userOff, C1],
  // A call queued ahead runs before the acknowledgement of its own csd; on a lazy CPU it meets a CPU that was skipped.
  ['early', called, 'clean'],
  ['sync', called, 'clean'],
  ['sync', { ...called, targets: 'lazy' }, C1],
  // Memory that becomes a device's: open with an early acknowledgement, and with any strategy on a CPU that is skipped.
  ['early', device, 'C9 speculated'],
  ['late', device, 'clean'],
  ['sync', device, 'clean'],
  ['sync', { ...device, targets: 'lazy' }, 'C9 speculated'],
  ['sync', { ...device, targets: 'switching' }, 'C9 speculated'],
];

describe('what a verdict takes for granted', { timeout: 120_000 }, () => {
  it.each(ROWS)('%s, %o: %s', (variant, change, expected) => {
    expect(verdict(variant, change)).toBe(expected);
  });

  it('an ICR write that overtakes stores is fenced by every strategy that sends one', () => {
    for (const variant of ['sync', 'early'] as const)
      expect(verdict(variant, { assume: { icr: 'plain' } }, 'tso')).toBe('clean');
  });

  it('freed tables: early acknowledgement leads to a walk into one, and nothing else is needed for it', () => {
    expect(verdict('freedEarly', { scenario: 'free-table' })).toBe('C3 walked');
    expect(verdict('early', { scenario: 'free-table', ...probed })).toBe('clean');
  });
});
