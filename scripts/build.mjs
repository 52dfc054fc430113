// Builds every package: declarations by the compiler, JavaScript by tsup under turbo's cache.
import { run } from './lib/run.mjs';

const codes = await Promise.all([
  run('tsc', ['-b', 'tsconfig.build.json']),
  run('turbo', ['run', 'build', '--output-logs=errors-only']),
]);
process.exitCode = Math.max(...codes);
