import { resolveOptions } from '@shootdown/host';
import type { Strategy } from '@shootdown/plugin';
import { asyncInline } from '@shootdown/strategy-async-inline';
import { concurrent } from '@shootdown/strategy-concurrent';
import { sync } from '@shootdown/strategy-sync';

/** A strategy with validated options. */
export interface Variant {
  readonly title: string;
  readonly strategy: Strategy;
  readonly options: unknown;
}

const variant = (title: string, strategy: Strategy, given: object = {}): Variant => ({
  title,
  strategy,
  options: resolveOptions(strategy, given),
});

type VariantName = 'sync' | 'concurrent' | 'early' | 'late' | 'none' | 'freedEarly' | 'unguarded';

/** Every built-in strategy with every option that changes its steps. */
export const VARIANTS: Readonly<Record<VariantName, Variant>> = {
  sync: variant('sync', sync),
  concurrent: variant('concurrent', concurrent),
  early: variant('async-inline', asyncInline),
  late: variant('async-inline, ack late', asyncInline, { ack: 'late' }),
  none: variant('async-inline, ack none', asyncInline, { ack: 'none' }),
  freedEarly: variant('async-inline, freedTables early', asyncInline, { freedTables: 'early' }),
  unguarded: variant('async-inline, nmiGuard false', asyncInline, { nmiGuard: false }),
};
