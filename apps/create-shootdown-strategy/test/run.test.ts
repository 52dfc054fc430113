import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { run } from '../src/run.js';

const asked = vi.hoisted(() => ({ answers: [] as unknown[], messages: [] as string[], cancel: Symbol('cancel') }));
vi.mock('@clack/prompts', () => {
  const next = async ({ message }: { readonly message: string }): Promise<unknown> => {
    asked.messages.push(message);
    return asked.answers.shift();
  };
  return { text: next, select: next, isCancel: (value: unknown) => value === asked.cancel, cancel: () => undefined };
});

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'run '));
  const list = { '@shootdown/plugin': 'p.tgz', '@shootdown/testkit': 't.tgz', shootdown: 's.tgz' };
  writeFileSync(join(base, 'packages.json'), JSON.stringify(list));
  asked.messages.length = 0;
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

async function ran(args: readonly string[], answers?: readonly unknown[]) {
  const texts = { stdout: [] as string[], stderr: [] as string[] };
  asked.answers = [...(answers ?? [])];
  const code = await run(args, {
    stdout: { write: (text) => texts.stdout.push(text) },
    stderr: { write: (text) => texts.stderr.push(text) },
    isInteractive: answers !== undefined,
  });
  return { code, stdout: texts.stdout.join(''), stderr: texts.stderr.join('') };
}
const packages = () => ['--packages', base];
const strategyIn = (folder: string) => readFileSync(join(base, folder, 'src/strategy.ts'), 'utf8');

test('without a terminal the folder gives the name, and the starting point is synchronous', async () => {
  const { code, stdout } = await ran([join(base, 'my-idea'), ...packages()]);
  expect([code, asked.messages]).toEqual([0, []]);
  expect(stdout).toContain('npm install');
  expect(strategyIn('my-idea')).toContain("name: 'my-idea'");
  expect(strategyIn('my-idea')).not.toMatch(/guarantee|mayAccessUser/);
});

test('options say the rest', async () => {
  const words = ['--name', 'later', '--template', 'deferred', ...packages(), join(base, 'x y')];
  expect((await ran(words)).code).toBe(0);
  expect(strategyIn('x y')).toContain("name: 'later'");
  expect(strategyIn('x y')).toContain("guarantee: { unmap: 'release' }");
});

test('in a terminal what is missing is asked for', async () => {
  const { code } = await ran(packages(), [join(base, 'Not A Name'), 'idea', 'early-acknowledgement']);
  expect([code, asked.messages]).toEqual([0, ['Folder of the package', 'Name of the strategy', 'Starting point']]);
  expect(strategyIn('Not A Name')).toContain('mayAccessUser');
});

test('in a terminal nothing is asked for twice', async () => {
  await ran([join(base, 'my-idea'), ...packages()], ['deferred']);
  expect(asked.messages).toEqual(['Starting point']);
});

test('giving up writes nothing', async () => {
  expect(await ran([join(base, 'my-idea'), ...packages()], [asked.cancel])).toMatchObject({ code: 130 });
  expect(readdirSync(base)).toEqual(['packages.json']);
});

test.each([
  [[], /INVALID_ARGUMENT \(exit 2\): The folder .* is missing/],
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
