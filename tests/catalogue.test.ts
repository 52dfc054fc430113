import { machineProfiles, PARAMETER_NAMES } from '@shootdown/core';
import { createRegistry } from '@shootdown/host';
import { defineStrategy } from '@shootdown/plugin';
import { scenarios } from '@shootdown/scenarios';
import { builtInStrategies } from 'shootdown';
import { describe, expect, it } from 'vitest';
import { commandLine } from './kit/command-line.js';

const catalogue: readonly [kind: string, plural: string, names: readonly string[]][] = [
  ['strategy', 'strategies', builtInStrategies.strategies.map(({ name }) => name)],
  ['scenario', 'scenarios', scenarios.map(({ name }) => name)],
  ['machine', 'machines', machineProfiles.map(({ name }) => name)],
];

describe('the catalogue that ships', () => {
  it.each(catalogue)('lists every %s in one line', async (_, plural, names) => {
    const { exitCode, stdout } = await commandLine(['list', plural]);
    expect(exitCode).toBe(0);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split(' ')[0]),
    ).toEqual(names);
  });

  it.each(catalogue)('shows every %s as text and as data', async (kind, _, names) => {
    for (const name of names) {
      const text = await commandLine(['show', kind, name]);
      const data = await commandLine(['show', kind, name, '--format', 'json']);
      expect([text.exitCode, data.exitCode]).toEqual([0, 0]);
      expect(text.stdout.startsWith(`${name}: `)).toBe(true);
      expect(JSON.parse(data.stdout)).toMatchObject({ name });
    }
  });

  it('shows where every number of a machine comes from', async () => {
    const { stdout } = await commandLine(['show', 'machine', 'haswell']);
    for (const name of PARAMETER_NAMES) {
      const line = stdout.split('\n').find((each) => each.startsWith(`${name} `));
      expect(line).toMatch(/ (measured|derived|prior|fitted) {2,}\S/);
    }
  });

  it('shows the options of a strategy with defaults and values, and its references', async () => {
    const { stdout } = await commandLine(['show', 'strategy', 'async-inline']);
    expect(stdout).toMatch(/^ack +early +early \| late \| none +When the initiator goes on/m);
    expect(stdout).toContain('LKML 20190531063645.4697-1-namit@vmware.com');
  });
});

const dressed = defineStrategy({
  apiVersion: 1,
  name: 'dressed',
  title: 'Clears \u001b[2Jthe screen',
  summary: 'One line\nand a second\u0007.',
  references: ['a link \u001b]8;;http://example.invalid\u0007here'],
  optionsSchema: {
    type: 'object',
    additionalProperties: false,
    properties: { mode: { enum: ['a\u001b[31m'], default: 'a\u001b[31m', description: '\u202Edesrever' } },
  },
  create: () => ({ *flush() {} }),
});

describe('text of a plugin', () => {
  const registry = createRegistry([dressed]);

  it.each([
    ['list', 'strategies'],
    ['show', 'strategy', 'dressed'],
  ])('is escaped by %s %s', async (...words) => {
    const { exitCode, stdout } = await commandLine(words, registry);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('dressed');
    expect([...stdout].filter((character) => character !== '\n' && /[\p{Cc}\p{Cf}]/u.test(character))).toEqual([]);
  });

  it('is data in JSON', async () => {
    const { stdout } = await commandLine(['show', 'strategy', 'dressed', '--format', 'json'], registry);
    expect(JSON.parse(stdout)).toMatchObject({ title: dressed.title });
    expect(stdout).not.toContain('\u001b');
  });
});
