import { expect, test } from 'vitest';
import { textProblems } from '../lib/text-rules.mjs';

test.each([
  ['see "', '/ho', 'me/someone/notes"'],
  ['in ', '/wo', 'rk/main'],
  ['at (', '/tm', 'p/x.json)'],
  ['https://', 'registry', '.example.org'],
  ['from ', 'npmjs', '.org'],
  ['http://', 'localhost', ':4873'],
])('%s%s%s is refused', (...parts) => {
  expect(textProblems('README.md', `a\n${parts.join('')}\n`)).toEqual([expect.stringMatching(/^README\.md:2: /)]);
});

test.each(['the work/home ratio', 'src/work/index.ts', 'https://lwn.net/Articles/1/', 'a registry of strategies.'])(
  '%s is accepted',
  (text) => {
    expect(textProblems('README.md', text)).toEqual([]);
  },
);

test('the lockfile holds no address', () => {
  expect(textProblems('pnpm-lock.yaml', '  resolution: {tarball: https://a.example/b.tgz}')).toHaveLength(1);
  expect(textProblems('pnpm-lock.yaml', '  resolution: {integrity: sha512-abc}')).toEqual([]);
});
