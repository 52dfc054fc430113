import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { machineProfiles } from '../src/index.js';
import { parameterPage } from './parameter-tables.js';

const page = fileURLToPath(new URL('../../../docs/machine-parameters.md', import.meta.url));

describe('docs/machine-parameters.md', () => {
  it('is there', () => {
    expect(existsSync(page)).toBe(true);
  });

  it('prints every profile as it is (vitest -u rewrites the page)', async () => {
    await expect(parameterPage(machineProfiles)).toMatchFileSnapshot(page);
  });
});
