import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { machineProfiles } from '@shootdown/core';
import { scenarios } from '@shootdown/scenarios';
import manifest from '../package.json' with { type: 'json' };
import { makeLaboratory } from '../src/make-laboratory.js';
import { cli, fakeComparison } from './fixtures/laboratory.js';

const laboratory = makeLaboratory([], fakeComparison());
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'laboratory '));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const validate = (content: object) => {
  const path = join(folder, 'file.json');
  writeFileSync(path, JSON.stringify(content));
  return cli(['validate', path], { laboratory });
};

describe('validate with the real schemas', () => {
  it.each(machineProfiles.map((profile) => [profile.name, profile] as const))(
    'accepts the machine %s',
    async (name, profile) => {
      expect(await validate(profile)).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining(`valid machine profile ${name}`),
      });
    },
  );

  it.each(scenarios.map((scenario) => [scenario.name, scenario] as const))(
    'accepts the scenario %s',
    async (name, scenario) => {
      expect(await validate(scenario)).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining(`valid scenario ${name}`),
      });
    },
  );

  it('refuses a machine with a fault, naming the file and the place in it', async () => {
    const { exitCode, stderr } = await validate({ ...machineProfiles[0], storeBufferDepth: -1 });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/error INVALID_PROFILE \(exit 2\): .*file\.json[\s\S]*storeBufferDepth/);
  });

  it('refuses a scenario with a fault, naming the file and the place in it', async () => {
    const { exitCode, stderr } = await validate({ ...scenarios[0], operation: 'fork' });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/error INVALID_SCENARIO \(exit 2\): .*file\.json[\s\S]*operation/);
  });
});

it('has the version of the package', async () => {
  expect((await cli(['--version'], { laboratory })).stdout).toBe(`${manifest.version}\n`);
});
