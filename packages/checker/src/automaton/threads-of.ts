import type { Machine } from '@shootdown/core';

/** The threads of a CPU. */
export function threadsOf({ boot }: Pick<Machine, 'boot'>, cpu: number): readonly number[] {
  return boot.threads.flatMap((thread, index) => (thread.cpu === cpu ? [index] : []));
}
