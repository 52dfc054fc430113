import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'tsup';
import { constantBindings } from './constant-bindings.mjs';
import { root } from './run.mjs';

const alias = Object.fromEntries(
  readdirSync(join(root, 'packages')).map((name) => [
    `@shootdown/${name}`,
    join(root, 'packages', name, 'src', 'index.ts'),
  ]),
);

/**
 * Runs `tests/bench/NAME.ts` as a bundle of the sources: a test runner's transforms would be measured too.
 *
 * @param {string} name
 */
export async function runBench(name) {
  process.chdir(root);
  const outDir = join(root, 'node_modules', '.cache', `bench-${name}`);
  await build({
    config: false,
    entry: [join(root, 'tests', 'bench', `${name}.ts`)],
    outDir,
    outExtension: () => ({ js: '.mjs' }),
    format: 'esm',
    target: 'node20',
    platform: 'node',
    tsconfig: join(root, 'tsconfig.json'),
    noExternal: [/./],
    plugins: constantBindings,
    silent: true,
    esbuildOptions(options) {
      options.alias = alias;
    },
  });
  await import(pathToFileURL(join(outDir, `${name}.mjs`)).href);
}
