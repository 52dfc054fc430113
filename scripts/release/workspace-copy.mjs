import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { capture, root } from '../lib/run.mjs';
import { workspacePackages } from '../lib/workspace.mjs';

/** @typedef {'major' | 'minor' | 'patch'} Bump */

const AT_ROOT = [
  'package.json',
  'pnpm-workspace.yaml',
  'pnpm-lock.yaml',
  'LICENSE',
  '.changeset',
  'packages',
  'apps',
  'tests/package.json',
];
/** What no release reads. */
const LEFT_OUT = new Set(['src', 'test', '.turbo', 'coverage']);

/** A copy of what a release reads and writes, outside the repository and with a history of its own. */
export class WorkspaceCopy {
  folder = mkdtempSync(join(tmpdir(), 'shootdown release '));

  /** Copies, and commits: changesets asks the history when each changeset came. */
  async make() {
    for (const path of AT_ROOT)
      cpSync(join(root, path), join(this.folder, path), { recursive: true, verbatimSymlinks: true, filter: isWanted });
    mkdirSync(join(this.folder, 'artifacts'));
    await this.run('git', ['init', '--quiet', '--initial-branch=main']);
    await this.#commit();
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /**
   * Plans releases beside those that are planned.
   *
   * @param {Readonly<Record<string, Bump>>} bumps by package
   */
  plan(bumps) {
    const lines = Object.entries(bumps).map(([name, bump]) => `"${name}": ${bump}\n`);
    writeFileSync(join(this.folder, '.changeset/planned.md'), `---\n${lines.join('')}---\n\nPlanned.\n`);
  }

  /** What `changeset version` makes of the plans: every published package with its version. */
  async version() {
    await this.run('changeset', ['version']);
    await this.#commit();
    return new Map(this.published().map(({ manifest }) => [manifest.name, manifest.version]));
  }

  published() {
    return workspacePackages(this.folder).filter(({ manifest }) => manifest.private !== true);
  }

  async #commit() {
    const author = ['-c', 'user.name=release', '-c', 'user.email=release@localhost', '-c', 'commit.gpgsign=false'];
    await this.run('git', ['add', '--all', '--', ':!**/node_modules', ':!**/dist']);
    await this.run('git', [...author, 'commit', '--quiet', '--message', 'release']);
  }

  /**
   * @param {string} program
   * @param {readonly string[]} args
   * @param {string} [folder] in the copy
   */
  async run(program, args, folder = '.') {
    const { code, output } = await capture(program, args, join(this.folder, folder));
    if (code !== 0) throw new Error(`${program} ${args.join(' ')} (exit ${code})\n${output}`);
    return output;
  }
}

function isWanted(/** @type {string} */ path) {
  return !relative(root, path)
    .split(sep)
    .some((part) => LEFT_OUT.has(part));
}
