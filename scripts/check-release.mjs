// Rehearses a release in a copy of the workspace: the planned versions, then a minor of contract and command. `--full`, or SHOOTDOWN_FULL=1, packs what
// the release would publish. Nothing leaves this machine, and the workspace stays as it is.
import { conclude, environment } from './lib/run.mjs';
import { packedProblems } from './release/packed-versions.mjs';
import { WorkspaceCopy } from './release/workspace-copy.mjs';

const isFull = process.argv.includes('--full') || environment['SHOOTDOWN_FULL'] === '1';
const CONTRACT = '@shootdown/plugin';
const copy = new WorkspaceCopy();
/** @type {string[]} */
const problems = [];
try {
  await copy.make();
  const planned = await copy.version();
  if (isFull) problems.push(...(await packedProblems(copy)));
  copy.plan({ [CONTRACT]: 'minor', shootdown: 'minor' });
  const after = await copy.version();
  problems.push(...majors(planned, after), ...scaffoldProblems(after));
  if (part(after, CONTRACT, 1) !== part(planned, CONTRACT, 1) + 1)
    problems.push(`${CONTRACT} has no minor: ${after.get(CONTRACT)}`);
} finally {
  copy.remove();
}
conclude('rehearsal of a release', problems);

/**
 * A minor of the contract makes no major: strategies have it as a peer, and changesets takes every new version of a peer for a major unless it is told
 * otherwise.
 *
 * @param {ReadonlyMap<string, string>} before
 * @param {ReadonlyMap<string, string>} after
 */
function majors(before, after) {
  const names = [...after.keys()].filter((name) => part(after, name, 0) !== part(before, name, 0));
  return names.map((name) => `a minor of ${CONTRACT} makes ${name} ${before.get(name)} a ${after.get(name)}`);
}

/** The scaffold writes the range of the command into new packages. */
function scaffoldProblems(/** @type {ReadonlyMap<string, string>} */ after) {
  const [command, scaffold] = ['shootdown', 'create-shootdown-strategy'].map((name) => after.get(name));
  return command === scaffold
    ? []
    : [`create-shootdown-strategy ${scaffold} is not released with shootdown ${command}`];
}

/**
 * @param {ReadonlyMap<string, string>} versions
 * @param {string} name
 * @param {0 | 1 | 2} at
 */
function part(versions, name, at) {
  return Number(versions.get(name)?.split('.')[at]);
}
