import { expect, it } from 'vitest';
import { CHECK_ARGUMENTS } from '../apps/bench/src/commands/check-arguments.js';
import { EXPLAIN_ARGUMENTS } from '../apps/bench/src/commands/explain-arguments.js';
import { COMPARE_ARGUMENTS } from '../apps/bench/src/commands/compare-arguments.js';
import { errorPage, scenarioTable } from './docs/generated-pages.js';
import { packageFolders, packagePicture } from './docs/package-picture.js';
import { workedOp } from './docs/worked-op.js';
import { code, linksOf, pathOf, read, withBlocks } from './docs/page.js';
import { shootdown } from './docs/shootdown.js';

/** Pages that show a file of tests/docs, which is type-checked with the tests and run by docs-examples.test.ts. */
const EXAMPLES: readonly (readonly [page: string, source: string])[] = [
  ['packages/core/README.md', 'examples/core.ts'],
  ['packages/smp-call-function/README.md', 'examples/smp-call-function.ts'],
  ['packages/mm/README.md', 'examples/mm.ts'],
  ['packages/kernel/README.md', 'examples/kernel.ts'],
  ['packages/host/README.md', 'examples/host.ts'],
  ['packages/safety/README.md', 'examples/safety.ts'],
  ['packages/scenarios/README.md', 'examples/scenarios.ts'],
  ['packages/simulator/README.md', 'time-it.ts'],
  ['packages/checker/README.md', 'examples/checker.ts'],
  ['packages/reporter/README.md', 'examples/reporter.ts'],
  ['apps/bench/README.md', 'compare-it.ts'],
  ['docs/configuration.md', 'shootdown.config.ts'],
  ['CONTRIBUTING.md', 'explore-cell.ts'],
];

it.each(EXAMPLES)('%s shows %s (vitest -u rewrites it)', async (page, source) => {
  await expect(withBlocks(page, { example: code('ts', read(`tests/docs/${source}`)) })).toMatchFileSnapshot(
    pathOf(page),
  );
});

it('docs/errors.md lists every error code (vitest -u rewrites it)', async () => {
  await expect(errorPage()).toMatchFileSnapshot(pathOf('docs/errors.md'));
});

it('docs/scenarios.md lists every scenario (vitest -u rewrites it)', async () => {
  await expect(withBlocks('docs/scenarios.md', { scenarios: scenarioTable() })).toMatchFileSnapshot(
    pathOf('docs/scenarios.md'),
  );
});

it('CONTRIBUTING.md shows an op with all its parts (vitest -u rewrites it)', async () => {
  await expect(withBlocks('CONTRIBUTING.md', { 'worked op': workedOp() })).toMatchFileSnapshot(
    pathOf('CONTRIBUTING.md'),
  );
});

it('ARCHITECTURE.md draws the packages as they depend on each other (vitest -u rewrites it)', async () => {
  await expect(withBlocks('ARCHITECTURE.md', { packages: packagePicture() })).toMatchFileSnapshot(
    pathOf('ARCHITECTURE.md'),
  );
});

it('ARCHITECTURE.md leads to every package', () => {
  const linked = linksOf('ARCHITECTURE.md').map(({ file }) => file);
  expect(packageFolders().filter((folder) => !linked.includes(`${folder}/README.md`))).toEqual([]);
});

it.each([
  ['compare', COMPARE_ARGUMENTS],
  ['check', CHECK_ARGUMENTS],
  ['explain', EXPLAIN_ARGUMENTS],
])('the README names every option of %s, and no other', (command, definition) => {
  const section =
    read('README.md')
      .split(/^### /m)
      .find((text) => text.startsWith(`\`${command}\``)) ?? '';
  const named = [...section.matchAll(/^\| `--([a-z-]+)/gm)].map(([, name]) => name);
  const options = Object.keys(definition).filter((name) => definition[name]?.type !== 'positional');
  expect(named.sort()).toEqual(options.sort());
});

it('the README names every command', async () => {
  const commands = /^USAGE shootdown (\S+)$/m.exec(await shootdown('--help'))?.[1]?.split('|') ?? [];
  expect(commands).toContain('compare');
  const readme = read('README.md');
  expect(commands.filter((name) => !new RegExp(`\`${name}[\`\\s]`).test(readme))).toEqual([]);
});

it('every script that a page names exists', () => {
  const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts);
  for (const page of ['README.md', 'CONTRIBUTING.md', 'ARCHITECTURE.md']) {
    const named = [...read(page).matchAll(/npm run ([a-z:]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !scripts.includes(name))).toEqual([]);
  }
});
