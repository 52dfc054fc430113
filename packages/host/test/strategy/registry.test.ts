import type { ErrorCode } from '@shootdown/core';
import { createRegistry } from '@shootdown/host';
import { describe, expect, it } from 'vitest';
import { definition, fromAnotherCopy, noEnv, plain, refusal, strategyWith } from './fixture.js';

const BRAND = '@shootdown/plugin/strategy';

describe('createRegistry', () => {
  it('keeps strategies in order and finds them by name', () => {
    const second = strategyWith({ name: 'second' });
    const loaded = createRegistry([plain, second]);
    expect(loaded.strategies.map(({ name }) => name)).toEqual(['plain', 'second']);
    expect(loaded.find('second').title).toBe('Plain');
  });

  it('refuses an unknown name with the nearest one', () => {
    const error = refusal(() => createRegistry([plain]).find('plian'));
    expect(error.code).toBe('UNKNOWN_STRATEGY');
    expect(error.exitCode).toBe(2);
    expect(error.message).toBe('No strategy is named "plian". Did you mean plain?');
  });

  it('refuses two strategies of one name and names both', () => {
    const error = refusal(() => createRegistry([plain, strategyWith({ title: 'Other' })]));
    expect(error.code).toBe('DUPLICATE_NAME');
    expect(error.message).toMatch(/'plain': "Plain" and "Other"/);
  });

  it('accepts a strategy that another copy of the contract package branded', () => {
    expect(createRegistry([fromAnotherCopy(BRAND, 1)]).find('plain').name).toBe('plain');
  });

  it.each([
    ['nothing', undefined],
    ['a number', 7],
    ['a definition that defineStrategy never saw', { ...definition }],
    ['an object with a foreign brand', fromAnotherCopy('somebody/else', 1)],
  ])('refuses %s', (_what, value) => {
    const error = refusal(() => createRegistry([plain, value]));
    expect(error.code).toBe('NOT_A_STRATEGY');
  });

  it('names the place and the cure when a value is no strategy', () => {
    const error = refusal(() => createRegistry([plain, fromAnotherCopy('somebody/else', 1)]));
    expect(error.code).toBe('NOT_A_STRATEGY');
    expect(error.message).toMatch(/^Strategy 2 of the list is no strategy\. Export what defineStrategy/);
  });

  it('refuses another contract version in the manifest', () => {
    const error = refusal(() => createRegistry([strategyWith({ apiVersion: 2 })]));
    expect(error.code).toBe('API_VERSION');
    expect(error.message).toMatch(/^Strategy 'plain' was written for contract version 2; this laboratory speaks 1\./);
  });

  it('refuses what a copy of another contract version made, and says how to find the copies', () => {
    const error = refusal(() => createRegistry([fromAnotherCopy(BRAND, 2)]));
    expect(error.code).toBe('PLUGIN_COPY');
    expect(error.message).toMatch(/^Strategy 'plain' was made by a copy of @shootdown\/plugin of contract version 2/);
    expect(error.message).toContain('npm ls @shootdown/plugin');
  });

  it('guards create: options are resolved and hooks are checked for whoever calls it', () => {
    const seen: unknown[] = [];
    const create = (_env: unknown, options: unknown): object => {
      seen.push(options);
      return {};
    };
    const strategy = createRegistry([strategyWith({ create })]).find('plain');
    const error = refusal(() => strategy.create(noEnv, { retries: 1 } as never));
    expect(seen).toEqual([{ ack: 'early', retries: 1, lists: { pages: 4 } }]);
    expect(error.message).toMatch(/create\(\) returned no flush/);
  });

  it('freezes what it hands out, data included', () => {
    const strategy = createRegistry([strategyWith({ references: ['a'] })]).find('plain');
    expect(Object.isFrozen(strategy)).toBe(true);
    expect(Object.isFrozen(strategy.references)).toBe(true);
  });
});

describe('a manifest', () => {
  const schema = (optionsSchema: unknown): object => ({ optionsSchema });
  const closed = { type: 'object', additionalProperties: false };

  it.each<[object, RegExp]>([
    [{ name: 'Plain One' }, /name must match pattern/],
    [{ title: '' }, /title must NOT have fewer than 1 characters/],
    [{ summary: undefined }, /the manifest must have required property 'summary'/],
    [{ references: 'a file' }, /references must be array/],
    [{ create: 'later' }, /create must be a function \(env, options\) => hooks\./],
    [{ requires: ['warp'] }, /requires\.0 must be equal to one of the allowed values: pcid, invpcid, invlpgb/],
    [{ layout: { csd: 'wide' } }, /layout\.csd must be equal to one of the allowed values: packed, line/],
    [{ layout: { cds: 'line' } }, /layout must NOT have additional properties: cds\. Did you mean csd\?/],
    [{ guarantee: { protect: 'release' } }, /guarantee must NOT have additional properties: protect/],
    [{ guarantee: { freeTable: 'release' } }, /guarantee\.freeTable must be equal to one of .*: return, none/],
    [{ assumes: ['ticks agree'] }, /assumes\.0 must be object/],
    [{ assumes: [{ name: 'calm', statement: 'All is calm.' }] }, /assumes\.0 must NOT have fewer than 3 properties/],
    [
      { assumes: [{ name: 'n', statement: 'S.', nmi: 'touches' }] },
      /assumes\.0\.nmi must be equal to constant: nothing/,
    ],
    [{ guarantees: {} }, /the manifest must NOT have additional properties: guarantees\. Did you mean guarantee\?/],
    [schema({ type: 'object' }), /optionsSchema must have required property 'additionalProperties'/],
    [schema({ type: 'array', additionalProperties: false }), /optionsSchema\.type must be equal to constant: object/],
  ])('is refused with %j', (changes, message) => {
    const error = refusal(() => createRegistry([strategyWith({ ...changes })]));
    expect(error.code).toBe('INVALID_MANIFEST');
    expect(error.exitCode).toBe(3);
    expect(error.message).toMatch(message);
  });

  it.each<[ErrorCode, object, RegExp]>([
    ['OPTIONS_SCHEMA', { properties: { a: { type: 'int' } } }, /optionsSchema does not compile: .*type/],
    ['OPTIONS_SCHEMA', { propertys: {} }, /optionsSchema does not compile: .*unknown keyword: "propertys"/],
    [
      'OPTIONS_DEFAULTS',
      { properties: { ack: { enum: ['early'], default: 'late' } } },
      /optionsSchema: by default, ack must be equal to one of the allowed values: early/,
    ],
    [
      'OPTIONS_DEFAULTS',
      { required: ['ack'], properties: { ack: { type: 'string' } } },
      /optionsSchema: by default, the options must have required property 'ack'/,
    ],
  ])('is refused as %s with the options schema %j', (code, changes, message) => {
    const error = refusal(() => createRegistry([strategyWith({ ...schema({ ...closed, ...changes }) })]));
    expect(error).toMatchObject({ code, exitCode: 3, message: expect.stringMatching(message) });
  });

  it('is refused with every problem at once', () => {
    const error = refusal(() => createRegistry([strategyWith({ create: 1, title: 2, summary: 3 })]));
    expect(error.details['problems']).toHaveLength(3);
  });
});
