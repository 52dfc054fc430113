import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const root = fileURLToPath(new URL('.', import.meta.url));

/** Folders under `parent` that hold tests, relative to the root. */
function testedFolders(parent: string): string[] {
  return readdirSync(`${root}${parent}`)
    .map((name) => `${parent}/${name}`)
    .filter((folder) => existsSync(`${root}${folder}/test`));
}

const folders = [...testedFolders('packages'), ...testedFolders('apps')];

const suites = [
  ...folders.map((folder) => ({
    name: folder.slice(folder.indexOf('/') + 1),
    include: [`${folder}/test/**/*.test.ts`],
    benchmarks: [`${folder}/test/**/*.bench.ts`],
  })),
  { name: 'tests', include: ['tests/**/*.test.ts'], benchmarks: ['tests/**/*.bench.ts'] },
  { name: 'scripts', include: ['scripts/test/**/*.test.mjs'], benchmarks: [] },
];

/** The long checks, `*.full.test.ts`, run in `npm run test:full` only. */
const long = process.env['SHOOTDOWN_FULL'] === '1' ? [] : ['**/*.full.test.ts'];

/** Packages resolve to their sources, so no test needs a build. */
const config: ViteUserConfig = defineConfig({
  resolve: {
    alias: [
      { find: /^@shootdown\/([^/]+)$/, replacement: `${root}packages/$1/src/index.ts` },
      { find: /^shootdown$/, replacement: `${root}apps/bench/src/index.ts` },
    ],
  },
  test: {
    passWithNoTests: true,
    // By default one core is left to others: on two cores that is one worker.
    maxWorkers: '100%',
    projects: suites.map(({ name, include, benchmarks }) => ({
      extends: true,
      test: {
        name,
        include,
        exclude: ['**/node_modules/**', '**/dist/**', ...long],
        environment: 'node',
        benchmark: { include: benchmarks },
      },
    })),
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**', 'apps/*/src/**'],
      reporter: ['text-summary', 'json-summary'],
    },
  },
});

export default config;
