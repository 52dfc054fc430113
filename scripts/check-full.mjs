// Explores the long cells: every scenario with three CPUs, one and two initiators, an NMI, and four CPUs. Prints a line a cell; fails when
// a cell is violated, or when one that has to be explored to its end was not.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './lib/run.mjs';

const cli = join(root, 'apps', 'bench', 'dist', 'cli.js');
/** A freed table beside CPUs that leave the mm has walks on demand: with walks at any time the window of switch_mm is found (docs/contract.md). */
const leaving = ['--targets', 'idle,switching'];
const kept = ['--scenario', 'unmap,protect,remap,clean-dirty,reclaim'];
const freed = ['--scenario', 'free-table', '--walker', 'demand'];

/** Each with the seconds of one cell, and whether a cell that takes longer is a failure. */
const GROUPS = [
  {
    name: '3 CPUs, one initiator, beside users and lazy CPUs',
    seconds: 30,
    mustEnd: true,
    args: ['--cpus', '3', '--targets', 'user,lazy'],
  },
  {
    name: '3 CPUs, one initiator, beside CPUs that leave the mm',
    seconds: 30,
    mustEnd: true,
    args: ['--cpus', '3', ...leaving, ...kept],
  },
  {
    name: '3 CPUs, one initiator, a freed table beside CPUs that leave the mm',
    seconds: 30,
    mustEnd: true,
    args: ['--cpus', '3', ...leaving, ...freed],
  },
  { name: '3 CPUs, one initiator, one NMI', seconds: 60, mustEnd: false, args: ['--cpus', '3', '--nmis', '1'] },
  { name: '3 CPUs, two initiators', seconds: 60, mustEnd: true, args: ['--cpus', '3', '--initiators', '2'] },
  {
    name: '3 CPUs, two initiators, one NMI in the machine',
    seconds: 60,
    mustEnd: true,
    args: ['--cpus', '3', '--initiators', '2', '--nmis', '1'],
  },
  {
    name: '3 CPUs, two initiators, as many NMIs as CPUs',
    seconds: 120,
    mustEnd: false,
    args: ['--cpus', '3', '--initiators', '2', '--nmis', '3'],
  },
  { name: '4 CPUs, one initiator', seconds: 120, mustEnd: false, args: ['--cpus', '4'] },
];

/** With huge pages (glibc 2.35 and later; others ignore it) look-ups in large tables take a sixth less time. */
const environment = { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1', ...process.env };

const asked = process.argv.slice(2);
let violated = 0;
let unfinished = 0;
for (const group of GROUPS) {
  if (asked.length > 0 && !asked.some((word) => group.name.includes(word))) continue;
  console.log(`\n${group.name}, ${group.seconds} s a cell${group.mustEnd ? '' : ' (may be cut)'}`);
  for (const row of explore(group)) {
    console.log(line(row));
    if (row.verdict === 'violated') violated++;
    if (row.verdict === 'inconclusive' && group.mustEnd) unfinished++;
  }
}
console.log(`\n${violated} violated, ${unfinished} that had to end were cut`);
process.exitCode = violated > 0 ? 4 : unfinished > 0 ? 5 : 0;

/** @param {(typeof GROUPS)[number]} group */
function explore({ args, seconds }) {
  const command = [cli, 'check', ...args, '--max-seconds', String(seconds), '--host-facts', '--allow-unsafe'];
  const options = { cwd: root, env: environment, encoding: /** @type {const} */ ('utf8'), maxBuffer: 2 ** 30 };
  return JSON.parse(execFileSync(process.execPath, [...command, '--format', 'json'], options)).rows;
}

/** @param {any} row */
function line({ strategy, scenario, bounds, verdict, contract, states, transitions, seconds }) {
  const cell = `${strategy.padEnd(13)} ${scenario.padEnd(12)} ${bounds.targets.padEnd(10)}`;
  const found = verdict === 'violated' ? `violated ${contract}` : verdict === 'clean' ? 'no violation' : 'inconclusive';
  return `  ${cell} ${found.padEnd(14)} ${String(states).padStart(10)} states ${String(transitions).padStart(11)} transitions ${seconds.toFixed(1).padStart(6)} s`;
}
