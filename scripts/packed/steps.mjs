import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/run.mjs';

/**
 * A command in a folder of the project, the exit code that it must have, and what else must be true then.
 *
 * @typedef {{ in?: string, command: readonly [string, ...string[]], code?: number, judge?: (output: string, project: string) => boolean }} Step
 */

/** @type {readonly [string, ...string[]]} */
const INSTALL = ['npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
const IN_PROJECT = 'node_modules/shootdown/bin/shootdown.js';
const CREATE = 'node_modules/create-shootdown-strategy/bin/create-shootdown-strategy.js';
const SHORT = ['--iterations', '20', '--threads', '1,2', '--format', 'json'];

/**
 * The packages as libraries and as a command, with a strategy that was compiled under two kinds of module resolution, and one in plain JavaScript.
 *
 * @type {readonly Step[]}
 */
const library = [
  { command: INSTALL, judge: (_, project) => isReal(project) },
  { command: ['npx', '--no-install', 'tsc', '-p', 'tsconfig.bundler.json'] },
  { command: ['npx', '--no-install', 'tsc'] },
  { command: ['node', 'dist/main.js'], judge: isTimed },
  { command: ['node', 'bundled/main.js'], judge: isTimed },
  { command: ['node', IN_PROJECT, 'compare', ...SHORT, '--allow-unsafe'], judge: isCompared },
  compareWith('.', ['./one-by-one.js', './dist/early-ack.js']),
  conform('one-by-one.js', ['--case', 'manifest,determinism.twice,contract.unmap.user']),
  {
    command: ['node', IN_PROJECT, 'compare', '--strategy', 'snyc', '--output', 'result.json'],
    code: 2,
    judge: (output, project) =>
      output.startsWith('error UNKNOWN_STRATEGY (exit 2)') && !readdirSync(project).includes('result.json'),
  },
  {
    command: ['node', IN_PROJECT, 'show', 'machine', 'skylake-2s'],
    judge: (output) => output.includes('ipiDeliverySocketCycles'),
  },
];

/** What takes too long for every run. */
const whole = [
  conform('dist/early-ack.js', ['--tier', 'quick']),
  conform('one-by-one.js', ['--tier', 'quick']),
  ...['synchronous', 'deferred'].flatMap(scaffold),
];

/**
 * @param {boolean} isFull
 * @returns {readonly Step[]}
 */
export function steps(isFull) {
  return [...library, ...scaffold('early-acknowledgement'), ...(isFull ? whole : [])];
}

/**
 * A package from a starting point: made, installed, which builds it, compared and held against the contract by its own test.
 *
 * @param {string} template
 * @returns {readonly Step[]}
 */
function scaffold(template) {
  const name = `from-${template}`;
  return [
    { command: ['node', CREATE, name, '--template', template, '--packages', join(root, 'artifacts')] },
    { in: name, command: INSTALL, judge: (_, project) => isReal(join(project, name)) },
    compareWith(name, ['.']),
    {
      in: name,
      command: ['npm', 'test'],
      judge: (output) => /^# fail 0$/m.test(output) && /^# pass [1-9]/m.test(output),
    },
  ];
}

/**
 * @param {string} folder
 * @param {readonly string[]} paths
 * @returns {Step}
 */
function compareWith(folder, paths) {
  const strategies = ['sync', ...paths];
  return {
    in: folder,
    command: ['npx', '--no-install', 'shootdown', 'compare', '--strategy', strategies.join(), ...SHORT],
    judge: (output) => isClean(output, 2 * strategies.length),
  };
}

/**
 * @param {string} path
 * @param {readonly string[]} which
 * @returns {Step}
 */
function conform(path, which) {
  return { command: ['node', IN_PROJECT, 'conform', `./${path}`, ...which] };
}

/** Every package of ours is a folder of its own, not a link into this repository, and is there once. */
function isReal(/** @type {string} */ project) {
  const scope = join(project, 'node_modules/@shootdown');
  const folders = [...readdirSync(scope).map((name) => join(scope, name)), join(project, 'node_modules/shootdown')];
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

/** So many rows ran, and none was seen to violate the contract. */
function isClean(/** @type {string} */ output, /** @type {number} */ count) {
  /** @type {{ status: string, safety: { verdict: string } }[]} */
  const rows = JSON.parse(output).rows;
  return rows.length === count && rows.every(({ status, safety }) => status === 'ok' && safety.verdict === 'clean');
}

function lastJsonLine(/** @type {string} */ output) {
  return JSON.parse(output.trim().split('\n').at(-1) ?? '');
}
