import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { diffOf, entries } from '@shootdown/zoo';
import { describe, expect, it } from 'vitest';
import { pathOf, root } from '../docs/page.js';
import { seamDiffs, sourceOf } from '../docs/seam-diffs.js';

it('diffs.json is what the sources say (vitest -u rewrites it)', async () => {
  await expect(`${JSON.stringify(seamDiffs(), null, 2)}\n`).toMatchFileSnapshot(pathOf('packages/zoo/src/diffs.json'));
}, 60_000);

describe.each(entries)('$id', (entry) => {
  it('differs from what it replaces, in few lines', () => {
    const changed = diffOf(entry.id)
      .split('\n')
      .filter((line) => /^[+-](?![+-])/.test(line));
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.length).toBeLessThanOrEqual(24);
  });

  it('replaces what it names', () => {
    if (entry.kind === 'separate') return;
    const { programs = {}, steps = {}, strategy } = entry.replacement;
    const text = readFileSync(join(root, sourceOf(entry)), 'utf8');
    const names = strategy === undefined ? Object.keys({ ...programs, ...steps }) : namesIn(text);
    expect(names).toEqual(entry.seams);
  });
});

/** What a strategy is given in place of its own steps: `syncWith({ targetsOf })`. */
function namesIn(text: string): readonly string[] {
  const inside = /With\(\{ ([^}]*) \}\)/.exec(text)?.[1] ?? '';
  return inside.split(',').map((name) => name.trim());
}
