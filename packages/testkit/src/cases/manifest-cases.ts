import { type ErrorCode, ShootdownError } from '@shootdown/core';
import { checkStrategy, resolveOptions } from '@shootdown/host';
import { anchorOf } from '../definition.js';
import type { ConformanceCase } from '../conformance-case.js';

/** Codes of what is wrong with the options alone. */
const ABOUT_OPTIONS: readonly ErrorCode[] = ['OPTIONS_SCHEMA', 'OPTIONS_DEFAULTS', 'INVALID_OPTIONS'];

/**
 * The two cases that need nothing but the value: it is a strategy with a sound manifest, and its options schema compiles, is fulfilled by its
 * defaults and by the options of the kit.
 */
export function manifestCases(value: unknown, options: object): readonly ConformanceCase[] {
  const refuse = (isAboutOptions: boolean) => (): void => {
    try {
      resolveOptions(checkStrategy(value, 'The value'), options);
    } catch (error) {
      if (error instanceof ShootdownError && ABOUT_OPTIONS.includes(error.code) !== isAboutOptions) return;
      throw error;
    }
  };
  return [
    {
      id: 'manifest',
      name: 'manifest: the value is a strategy of this contract version with a sound manifest',
      anchor: anchorOf('manifest'),
      tier: 'quick',
      run: refuse(false),
    },
    {
      id: 'options.defaults',
      name: 'options.defaults: the options schema compiles, and its defaults fulfil it',
      anchor: anchorOf('options'),
      tier: 'quick',
      run: refuse(true),
    },
  ];
}
