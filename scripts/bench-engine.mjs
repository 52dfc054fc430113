// Measures the engine's speed and size from a bundle of the sources: a test runner's transforms would be measured too.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'tsup';
import { root } from './lib/run.mjs';

const outDir = join(root, 'node_modules', '.cache', 'bench-engine');
const alias = Object.fromEntries(
  readdirSync(join(root, 'packages')).map((name) => [
    `@shootdown/${name}`,
    join(root, 'packages', name, 'src', 'index.ts'),
  ]),
);

await build({
  config: false,
  entry: [join(root, 'tests', 'bench', 'engine.ts')],
  outDir,
  outExtension: () => ({ js: '.mjs' }),
  format: 'esm',
  target: 'node20',
  platform: 'node',
  tsconfig: join(root, 'tsconfig.json'),
  noExternal: [/./],
  silent: true,
  esbuildOptions(options) {
    options.alias = alias;
  },
});
await import(pathToFileURL(join(outDir, 'engine.mjs')).href);
