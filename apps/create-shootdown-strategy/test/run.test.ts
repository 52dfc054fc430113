import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run } from '../src/run.js';
import { conversation, KEYS, type Reply } from './conversation.js';

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'run '));
  const list = { '@shootdown/plugin': 'p.tgz', '@shootdown/testkit': 't.tgz', shootdown: 's.tgz' };
  writeFileSync(join(base, 'packages.json'), JSON.stringify(list));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

async function ran(args: readonly string[], replies?: readonly Reply[]) {
  const { stdin, stdout, written } = conversation(replies ?? []);
  const errors: string[] = [];
  const stderr = { write: (text: string) => errors.push(text) };
  const code = await run(args, { stdin, stdout, stderr, isInteractive: replies !== undefined });
  return { code, stdout: written(), stderr: errors.join('') };
}
const packages = () => ['--packages', base];
const strategyIn = (folder: string) => readFileSync(join(base, folder, 'src/strategy.ts'), 'utf8');

test('without a terminal the folder gives the name, and the starting point is synchronous', async () => {
  const { code, stdout } = await ran([join(base, 'my-idea'), ...packages()]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^my-idea is in .*npm install/s);
  expect(strategyIn('my-idea')).toContain("name: 'my-idea'");
  expect(strategyIn('my-idea')).not.toMatch(/guarantee|mayAccessUser/);
});

test('options say the rest', async () => {
  const words = ['--name', 'later', '--template', 'deferred', ...packages(), join(base, 'x y')];
  expect((await ran(words)).code).toBe(0);
  expect(strategyIn('x y')).toContain("name: 'later'");
  expect(strategyIn('x y')).toContain("guarantee: { unmap: 'release' }");
});

describe('in a terminal', () => {
  const folder: Reply = ['Folder of the package', KEYS.enter];
  const point: Reply = ['Starting point', KEYS.enter];

  test('what is missing is asked for', async () => {
    const replies: readonly Reply[] = [
      ['Folder of the package', `${join(base, 'Not A Name')}${KEYS.enter}`],
      ['Name of the strategy', `idea${KEYS.enter}`],
      ['Starting point', `${KEYS.down}${KEYS.enter}`],
    ];
    const { code, stdout } = await ran(packages(), replies);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/idea is in .*Not A Name\. In that folder:/)]);
    expect(strategyIn('Not A Name')).toContain('mayAccessUser');
  });

  test('nothing is asked for twice', async () => {
    const words = [join(base, 'my-idea'), '--template', 'deferred', ...packages()];
    expect((await ran(words, [])).stdout).toMatch(/^my-idea is in /);
  });

  test.each(Object.entries({ Escape: KEYS.escape, 'Ctrl-C': KEYS.interrupt }))(
    '%s gives up, and nothing is written',
    async (_, key) => {
      for (const replies of [
        [['Folder of the package', key]],
        [
          ['Folder of the package', `${base}/x${KEYS.enter}`],
          ['Starting point', key],
        ],
      ] as const)
        expect(await ran(packages(), replies)).toMatchObject({
          code: 130,
          stdout: expect.stringMatching(/Nothing was written\.\s*$/),
        });
      expect(readdirSync(base)).toEqual(['packages.json']);
    },
  );

  test.each([
    ['holds something', () => base, 'is not empty: it holds "packages.json"'],
    ['is a file', () => join(base, 'packages.json'), 'is no folder that can be read'],
    ['is blank', () => '   ', 'has no name'],
  ])('a folder that %s is asked for again', async (_, path, problem) => {
    const replies: readonly Reply[] = [
      ['Folder of the package', `${path()}${KEYS.enter}`],
      [problem, `${KEYS.clear}${join(base, 'other')}${KEYS.enter}`],
      point,
    ];
    expect((await ran(packages(), replies)).code).toBe(0);
    expect(strategyIn('other')).toContain("name: 'other'");
  });

  test.each([
    ['no name', '', '"" is no name of a strategy'],
    ['a name with a blank', 'my idea', '"my idea" is no name of a strategy'],
    ['the name of a package that it depends on', 'shootdown', 'would depend on one of its own name'],
  ])('%s is asked for again', async (_, name, problem) => {
    const replies: readonly Reply[] = [
      ['Folder of the package', `${join(base, 'shootdown')}${KEYS.enter}`],
      ['Name of the strategy', `${name}${KEYS.enter}`],
      [problem, `${KEYS.clear}good${KEYS.enter}`],
      point,
    ];
    expect((await ran(packages(), replies)).code).toBe(0);
    expect(strategyIn('shootdown')).toContain("name: 'good'");
  });

  test.each([
    ['folder', () => [base, ...packages()], 'INVALID_OUTPUT'],
    ['name', () => ['--name', 'BAD', ...packages()], 'INVALID_ARGUMENT'],
    ['list of tarballs', () => ['--packages', join(base, 'none')], 'INVALID_FILE'],
  ])('a %s of the command line that cannot be used is refused before the first question', async (_, words, code) => {
    const { stdout, stderr } = await ran(words(), [folder, point]);
    expect([stdout, stderr]).toEqual(['', expect.stringContaining(code)]);
  });
});

test.each([
  [[], /INVALID_ARGUMENT \(exit 2\): The folder .* is missing/],
  [[''], /INVALID_ARGUMENT \(exit 2\): The folder .* has no name/],
  [['a\u001b[2Jb'], /INVALID_ARGUMENT \(exit 2\): .* has control characters/],
  [['a', 'b'], /Unexpected argument "b"/],
  [['a', '--tempate', 'x'], /Unknown option '--tempate'/],
  [['a', '--template'], /--template/],
  [['a', '--template', 'lazy'], /--template "lazy" is unknown; take synchronous, early-acknowledgement, deferred/],
  [['a', '--packages', 'nowhere'], /INVALID_FILE \(exit 2\): --packages: "nowhere\/packages.json"/],
])('%j is refused', async (args, message) => {
  const { code, stdout, stderr } = await ran(args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(message);
});

test('--help lists every option', async () => {
  const { code, stdout } = await ran(['--help']);
  expect(code).toBe(0);
  for (const option of ['--name', '--template', '--packages']) expect(stdout).toContain(option);
});
