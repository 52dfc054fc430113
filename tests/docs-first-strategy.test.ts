import { describe, expect, it } from 'vitest';
import { FIRST_STRATEGY, finished, firstOutputs, listings } from './docs/first-strategy-page.js';
import { pathOf, read, withBlocks } from './docs/page.js';
import { readFileSync } from 'node:fs';

describe('docs/write-your-first-strategy.md (vitest -u rewrites it)', () => {
  it('shows the listings, and what the first commands print', { timeout: 60_000 }, async () => {
    const page = withBlocks(FIRST_STRATEGY, { ...listings(), ...(await firstOutputs()) });
    await expect(page).toMatchFileSnapshot(pathOf(FIRST_STRATEGY));
  });

  it('ends with a strategy of at most 80 lines', () => {
    const lines = readFileSync(`${finished}/early-ack.ts`, 'utf8').split('\n');
    expect(lines.filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(80);
  });

  it('has no listing of TypeScript beside the generated ones', () => {
    const written = read(FIRST_STRATEGY).replace(/<!-- generated: [\s\S]*?<!-- end -->/g, '');
    expect(written).not.toMatch(/```(?!sh)\w/);
  });
});
