import { describe, expect, it } from 'vitest';
import { machineProfile, machineProfiles, parameterNames, ShootdownError } from '@shootdown/core';
import type { Manifest } from '@shootdown/plugin';
import { scenarios } from '@shootdown/scenarios';
import { makeCatalogue } from '../src/catalogue/catalogue.js';
import { cli, fakeLaboratory } from './fixtures/laboratory.js';

const manifest: Manifest<object> = {
  apiVersion: 1,
  name: 'mine',
  title: 'Mine',
  summary: 'A strategy for this test.',
  references: ['a paper'],
  layout: { csd: 'line' },
  guarantee: { unmap: 'release' },
  optionsSchema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      ack: { enum: ['early', 'late'], default: 'early', description: 'When a target answers.' },
      nmiGuard: { type: 'boolean', default: true },
    },
  },
};

const refuse = (code: 'INVALID_PROFILE' | 'INVALID_SCENARIO') => (_: unknown, place: string) => {
  throw new ShootdownError(code, `${place} is wrong.`);
};

const catalogue = makeCatalogue({
  strategies: [manifest],
  scenarios,
  machines: machineProfiles,
  validateMachine: refuse('INVALID_PROFILE'),
  validateScenario: refuse('INVALID_SCENARIO'),
});
const laboratory = { ...fakeLaboratory(), ...catalogue };

describe('machines', () => {
  it.each(machineProfiles.map(({ name }) => name))(
    '%s is listed, and shown with every parameter and its source',
    async (name) => {
      expect(catalogue.list('machine').map((entry) => entry.name)).toContain(name);
      const [table] = catalogue.show('machine', name).tables;
      expect(table?.lines.map(([parameter]) => parameter)).toEqual([...parameterNames(machineProfile(name))]);
      expect(table?.lines.filter((line) => line.some((text) => text === ''))).toEqual([]);
    },
  );

  it('are shown as data that is the profile itself', async () => {
    const { stdout } = await cli(['show', 'machine', 'haswell', '--format', 'json'], { laboratory });
    expect(JSON.parse(stdout)).toEqual(machineProfiles[0]);
  });
});

describe('scenarios', () => {
  it.each(scenarios.map(({ name }) => name))('%s is shown with its references', async (name) => {
    const scenario = scenarios.find((each) => each.name === name);
    const { stdout } = await cli(['show', 'scenario', name], { laboratory });
    expect(scenario?.references.filter((reference) => !stdout.includes(reference))).toEqual([]);
  });
});

describe('strategies', () => {
  it('are shown with options, defaults, layout and guarantee', async () => {
    const { stdout } = await cli(['show', 'strategy', 'mine'], { laboratory });
    expect(stdout).toMatch(/^mine: A strategy for this test\.\n/);
    expect(stdout).toMatch(/^ack +early +early \| late +When a target answers\.$/m);
    expect(stdout).toMatch(/^nmiGuard +true +boolean$/m);
    expect(stdout).toMatch(/^layout csd +line$/m);
    expect(stdout).toMatch(/^guarantee unmap +from release$/m);
  });
});

describe('validate', () => {
  it.each([
    [{ topology: {} }, 'INVALID_PROFILE'],
    [{ operation: 'x' }, 'INVALID_SCENARIO'],
    [{}, 'INVALID_FILE'],
    [null, 'INVALID_FILE'],
    [[1], 'INVALID_FILE'],
  ])('judges %j as what its fields say it is', (content, code) => {
    expect(() => catalogue.validate(content, 'f.json')).toThrow(expect.objectContaining({ code }));
  });

  it('refuses to show what it does not list', () => {
    expect(() => catalogue.show('machine', 'pdp11')).toThrow(ShootdownError);
  });
});
