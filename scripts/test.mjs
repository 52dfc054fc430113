// Set-up, build and every check, each with its seconds; the last line counts what passed and what failed.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { environment, root, run } from './lib/run.mjs';

if (process.argv.includes('--full')) environment['SHOOTDOWN_FULL'] = '1';

const unitResults = join(root, 'node_modules', '.cache', 'unit-tests.json');

/** @typedef {{ name: string, command: readonly [string, ...string[]], needed?: boolean }} Suite */

/** @type {readonly Suite[]} */
const suites = [
  { name: 'set-up', command: ['node', 'scripts/setup.mjs'], needed: true },
  { name: 'build', command: ['node', 'scripts/build.mjs'] },
  { name: 'types of sources and tests', command: ['tsc', '--noEmit', '-p', 'tsconfig.json'] },
  { name: 'types of scripts', command: ['tsc', '-p', 'scripts/tsconfig.json'] },
  { name: 'lint and format', command: ['biome', 'ci', '.'] },
  { name: 'layers', command: ['node', 'scripts/check-layers.mjs'] },
  { name: 'import graph', command: ['depcruise', 'packages', 'apps', 'tests', '--output-type', 'err'] },
  { name: 'hard stops', command: ['node', 'scripts/check-size.mjs'] },
  {
    name: 'unit tests',
    command: ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${unitResults}`],
  },
  { name: 'API reports', command: ['node', 'scripts/api.mjs', '--check'] },
  { name: 'rehearsal of a release', command: ['node', 'scripts/check-release.mjs'] },
  { name: 'pack', command: ['node', 'scripts/pack.mjs'] },
  { name: 'publish lint', command: ['node', 'scripts/check-publish.mjs'] },
  { name: 'packed packages', command: ['node', 'scripts/check-packed.mjs'] },
];

/** The unit tests that failed, as the summary names them. */
function failedTests(
  /** @type {{ name: string, assertionResults: { status: string, fullName: string }[] }[]} */ files,
) {
  return files.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName }) => `${relative(root, name)}: ${fullName}`),
  );
}

/** A suite counts as one, the unit tests by their number. */
function counted(/** @type {string} */ name, /** @type {number} */ code) {
  const whole = { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, names: [] };
  if (name !== 'unit tests' || !existsSync(unitResults)) return whole;
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(unitResults, 'utf8'));
  const failed = code === 0 ? numFailedTests : Math.max(1, numFailedTests);
  return { passed: numPassedTests, failed, names: failedTests(testResults) };
}

rmSync(unitResults, { force: true });
let passed = 0;
let failed = 0;
/** @type {string[]} */
const summary = [];
for (const { name, command, needed } of suites) {
  const [program, ...args] = command;
  console.log(`\n── ${name}`);
  const start = process.hrtime.bigint();
  const code = await run(program, args);
  const seconds = (Number(process.hrtime.bigint() - start) / 1e9).toFixed(1);
  const count = counted(name, code);
  passed += count.passed;
  failed += count.failed;
  summary.push(
    `${code === 0 ? 'ok    ' : 'FAILED'} ${seconds.padStart(6)} s  ${name}`,
    ...count.names.map((test) => `       ${test}`),
  );
  if (code !== 0 && needed === true) break;
}
console.log(`\n${summary.join('\n')}\n\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
