import { expect, it } from 'vitest';
import { pathOf, withBlocks } from './docs/page.js';
import { sensitivities, sensitivityTable, stepRangeText, unmoved } from './docs/sensitivity.js';

it('docs/sensitivity.md and docs/fidelity.md state the sensitivities as they are (vitest -u rewrites them)', async () => {
  const base = unmoved();
  const all = sensitivities(base);
  await expect(withBlocks('docs/sensitivity.md', { sensitivities: sensitivityTable(base, all) })).toMatchFileSnapshot(
    pathOf('docs/sensitivity.md'),
  );
  await expect(withBlocks('docs/fidelity.md', { 'step range': stepRangeText(all) })).toMatchFileSnapshot(
    pathOf('docs/fidelity.md'),
  );
}, 900_000);
