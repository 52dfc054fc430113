import { setImmediate } from 'node:timers/promises';
import { type Entry, type RunOptions, startVariant, VARIANTS, type ZooRow, zooRow } from '@shootdown/zoo';

/** States between two returns to the event loop. */
const PORTION = 8192;

/** Explores both variants of every entry. It returns to the event loop now and then, so that an interrupt is seen. */
export async function runZoo(
  entries: readonly Entry[],
  options: RunOptions,
  onRow: (row: ZooRow) => void,
): Promise<readonly ZooRow[]> {
  const rows: ZooRow[] = [];
  for (const entry of entries) {
    for (const variant of VARIANTS) {
      const running = startVariant(entry, variant, options);
      while (!running.advance(PORTION)) await setImmediate();
      const row = zooRow(entry, variant, running.finish());
      rows.push(row);
      onRow(row);
    }
  }
  return rows;
}
