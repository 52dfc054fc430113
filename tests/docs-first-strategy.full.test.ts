import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtInStrategies } from 'shootdown';
import { afterAll, describe, expect, it } from 'vitest';
import { FIRST_STRATEGY, finished, longOutputs, PACK_COMMANDS } from './docs/first-strategy-page.js';
import { pathOf, withBlocks } from './docs/page.js';
import { commandLine } from './kit/command-line.js';

const folder = mkdtempSync(join(tmpdir(), 'first-strategy-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('docs/write-your-first-strategy.md (vitest -u rewrites it)', { timeout: 300_000 }, () => {
  it('shows what the other commands print', async () => {
    await expect(withBlocks(FIRST_STRATEGY, await longOutputs())).toMatchFileSnapshot(pathOf(FIRST_STRATEGY));
  });

  it('ends with a package that is compared by its name', async () => {
    const [author, user] = [join(folder, 'author'), join(folder, 'user')];
    cpSync(join(finished, 'early-ack.ts'), join(author, 'early-ack.ts'));
    cpSync(join(finished, 'package.json'), join(author, 'package.json'));
    linkModules(author);
    for (const command of PACK_COMMANDS) execFileSync('/bin/sh', ['-c', command], { cwd: author, stdio: 'pipe' });
    const { name, version } = JSON.parse(readFileSync(join(author, 'package.json'), 'utf8')) as Record<string, string>;
    linkModules(user);
    const installed = join(user, 'node_modules', String(name));
    mkdirSync(installed);
    execFileSync('tar', ['-xzf', join(author, `${name}-${version}.tgz`), '-C', installed, '--strip-components', '1']);
    const words = ['compare', '--strategy', `sync,${name}`, '--threads', '2', '--iterations', '5'];
    const result = await commandLine(words, builtInStrategies, user);
    expect(result).toMatchObject({
      exitCode: 0,
      stderr: '',
      stdout: expect.stringContaining('sync, early-ack: no violation seen (1 schedule)'),
    });
  });
});

/** What `npm install` of the contract and of TypeScript would leave. */
function linkModules(project: string): void {
  const modules = join(project, 'node_modules');
  mkdirSync(join(modules, '@shootdown'), { recursive: true });
  mkdirSync(join(modules, '.bin'));
  symlinkSync(pathOf('packages/plugin'), join(modules, '@shootdown/plugin'));
  symlinkSync(pathOf('node_modules/typescript/bin/tsc'), join(modules, '.bin/tsc'));
}
