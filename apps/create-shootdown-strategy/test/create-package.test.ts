import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ShootdownError } from '@shootdown/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createPackage, type NewPackage, STARTING_POINTS, type StartingPoint } from '../src/index.js';

const POINTS = Object.keys(STARTING_POINTS) as StartingPoint[];
const FILES = ['.gitignore', 'README.md', 'package.json', 'src', 'test', 'tsconfig.json'];
const TARBALLS = [
  '@shootdown/core',
  '@shootdown/plugin',
  '@shootdown/testkit',
  'shootdown',
  'create-shootdown-strategy',
];

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'create package '));
  mkdirSync(join(base, 'artifacts'));
  const list = Object.fromEntries(TARBALLS.map((name) => [name, `${name.replace(/\W/g, '_')}.tgz`]));
  writeFileSync(join(base, 'artifacts/packages.json'), JSON.stringify(list));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const wanted = (given: Partial<NewPackage> = {}): NewPackage => ({
  folder: join(base, 'my-idea'),
  name: 'my-idea',
  template: 'synchronous',
  packages: join(base, 'artifacts'),
  ...given,
});

/** What is refused, and what is left of it. */
function refusal(given: Partial<NewPackage>): { readonly code: string; readonly message: string } {
  try {
    createPackage(wanted(given));
  } catch (error) {
    if (error instanceof ShootdownError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('It was accepted.');
}

describe.each(POINTS)('a package from %s', (template) => {
  test('has its name, its title and no blank left', () => {
    createPackage(wanted({ template }));
    expect(readdirSync(join(base, 'my-idea')).sort()).toEqual(FILES);
    const strategy = readFileSync(join(base, 'my-idea/src/strategy.ts'), 'utf8');
    expect(strategy).toContain("name: 'my-idea',\n  title: 'My idea',");
    for (const file of ['README.md', 'package.json', 'tsconfig.json', 'test/conformance.test.js', 'src/strategy.ts'])
      expect(readFileSync(join(base, 'my-idea', file), 'utf8')).not.toMatch(/<%|undefined/);
  });
});

test('the early-acknowledgement starting point has at most 80 lines', () => {
  createPackage(wanted({ template: 'early-acknowledgement' }));
  const text = readFileSync(join(base, 'my-idea/src/strategy.ts'), 'utf8');
  expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(80);
});

test('it depends on every tarball but that of the scaffold, and on released versions of the rest', () => {
  createPackage(wanted());
  const { devDependencies, peerDependencies } = JSON.parse(readFileSync(join(base, 'my-idea/package.json'), 'utf8'));
  expect(devDependencies).toEqual({
    '@shootdown/core': 'file:../artifacts/_shootdown_core.tgz',
    '@shootdown/plugin': 'file:../artifacts/_shootdown_plugin.tgz',
    '@shootdown/testkit': 'file:../artifacts/_shootdown_testkit.tgz',
    shootdown: 'file:../artifacts/shootdown.tgz',
    typescript: '6.0.3',
  });
  const own = JSON.parse(
    readFileSync(new URL('../../../packages/strategy-sync/package.json', import.meta.url), 'utf8'),
  );
  expect(`workspace:${peerDependencies['@shootdown/plugin']}`).toBe(own.peerDependencies['@shootdown/plugin']);
});

test('an empty folder is filled, and keeps its git repository', () => {
  mkdirSync(join(base, 'my-idea/.git'), { recursive: true });
  createPackage(wanted());
  expect(readdirSync(join(base, 'my-idea')).sort()).toEqual(['.git', ...FILES]);
});

test('nothing is left beside the package', () => {
  createPackage(wanted());
  expect(readdirSync(base).sort()).toEqual(['artifacts', 'my-idea']);
});

describe('refused, with nothing written, is', () => {
  afterEach(() => expect(existsSync(join(base, 'my-idea/package.json'))).toBe(false));

  test('a folder that holds something', () => {
    mkdirSync(join(base, 'my-idea'));
    writeFileSync(join(base, 'my-idea/notes.txt'), '');
    expect(refusal({})).toMatchObject({ code: 'INVALID_OUTPUT', message: expect.stringContaining('"notes.txt"') });
  });

  test('a path that is a file', () => {
    writeFileSync(join(base, 'file'), '');
    expect(refusal({ folder: join(base, 'file') }).code).toBe('INVALID_OUTPUT');
  });

  test.each(['My-Idea', '', '1st', 'a b', '../up', `a${'b'.repeat(64)}`, "x'; import('y'); '"])(
    'the name "%s"',
    (name) => {
      expect(refusal({ name })).toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining(JSON.stringify(name)),
      });
    },
  );

  test.each(['shootdown', 'typescript'])('%s, on which the package depends', (name) => {
    expect(refusal({ name })).toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(name) });
  });

  test.each(['', '[]', '{"a":1}'])('a list of tarballs that reads %s', (text) => {
    writeFileSync(join(base, 'artifacts/packages.json'), text);
    expect(refusal({})).toMatchObject({ code: 'INVALID_FILE', message: expect.stringContaining('npm run pack') });
  });

  test('a package of this source, which is not released', () => {
    expect(refusal({ packages: undefined })).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('--packages artifacts'),
    });
  });
});
