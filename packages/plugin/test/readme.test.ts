import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

describe('README', () => {
  it('shows the strategy that is compiled here', () => {
    expect(read('../README.md')).toContain(`\`\`\`ts\n${read('./skeletons/one-by-one.ts')}\`\`\`\n`);
  });
});
