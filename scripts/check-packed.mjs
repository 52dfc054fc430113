// Installs the packed packages with npm into a project outside the repository, compiles a strategy of its own there, and runs it.
import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capture, conclude } from './lib/run.mjs';
import { writeProject } from './packed/project.mjs';

/** @typedef {{ command: readonly [string, ...string[]], code?: number, judge?: (output: string) => boolean }} Step */

const cli = 'node_modules/shootdown/bin/shootdown.js';
const compare = ['compare', '--iterations', '20', '--threads', '1,2', '--format', 'json', '--allow-unsafe'];

/** @type {readonly Step[]} */
const steps = [
  {
    command: ['npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'],
    judge: () => isReal(),
  },
  { command: ['npx', '--no-install', 'tsc', '-p', 'tsconfig.bundler.json'] },
  { command: ['npx', '--no-install', 'tsc'] },
  { command: ['node', 'dist/main.js'], judge: isTimed },
  { command: ['node', cli, ...compare], judge: isCompared },
  {
    command: ['node', cli, 'compare', '--strategy', 'snyc', '--output', 'result.json'],
    code: 2,
    judge: (output) =>
      output.startsWith('error UNKNOWN_STRATEGY (exit 2)') && !readdirSync(folder).includes('result.json'),
  },
  {
    command: ['node', cli, 'show', 'machine', 'skylake-2s'],
    judge: (output) => output.includes('ipiDeliverySocketCycles'),
  },
];

const folder = mkdtempSync(join(tmpdir(), 'shootdown packed '));
/** @type {string[]} */
const problems = [];
try {
  writeProject(folder);
  for (const { command, code: wanted = 0, judge = () => true } of steps) {
    const [program, ...args] = command;
    const { code, output } = await capture(program, args, folder);
    if (code === wanted && judge(output)) continue;
    problems.push(`${command.join(' ')} (exit ${code})\n${output}`);
    break;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
conclude('packed packages in a project of their own', problems);

/** Every package of ours is a folder of its own, not a link into this repository, and is there once. */
function isReal() {
  const scope = join(folder, 'node_modules/@shootdown');
  const folders = [...readdirSync(scope).map((name) => join(scope, name)), join(folder, 'node_modules/shootdown')];
  return folders.every((path) => lstatSync(path).isDirectory() && !readdirSync(path).includes('node_modules'));
}

/** Both strategies take their time and keep the contract. */
function isTimed(/** @type {string} */ output) {
  const [sync, earlyAck] = lastJsonLine(output);
  const isClean = sync.violations === 0 && earlyAck.violations === 0;
  return isClean && earlyAck.name === 'early-ack' && sync.meanNs > earlyAck.meanNs && earlyAck.meanNs > 0;
}

/** Every row ran, and the command found its published values and its bands. */
function isCompared(/** @type {string} */ output) {
  /** @type {{ status: string, published: { role: string, band?: readonly number[] } | null }[]} */
  const rows = JSON.parse(output).rows;
  if (rows.some(({ status }) => status !== 'ok')) return false;
  const predicted = rows.filter(({ published }) => published?.role === 'predicted');
  return predicted.length > 0 && predicted.every(({ published }) => published?.band?.length === 2);
}

function lastJsonLine(/** @type {string} */ output) {
  return JSON.parse(output.trim().split('\n').at(-1) ?? '');
}
