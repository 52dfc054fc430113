import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { render } from '@shootdown/reporter';
import { documentOf, failed, headlineDocument, measured, sync, violated } from './fixtures/documents.js';

const schema = JSON.parse(readFileSync(new URL('../schema/result-1.schema.json', import.meta.url), 'utf8')) as object;
const validate = new Ajv2020({
  strict: true,
  allowUnionTypes: true,
  strictRequired: false,
  strictTypes: false,
}).compile(schema);
const asJson = (document: object): object => JSON.parse(JSON.stringify(document)) as object;

describe('result schema', () => {
  it('accepts the headline document as rendered', () => {
    const text = render(headlineDocument(), 'json', { color: false, width: 80 });
    expect(validate(JSON.parse(text)), JSON.stringify(validate.errors)).toBe(true);
  });

  it('accepts failed rows and host facts', () => {
    const document = documentOf([sync], [failed(sync, 1, 1)]);
    const host = {
      node: 'v20',
      platform: 'linux',
      architecture: 'x64',
      cpuModel: 'm',
      cpuCount: 2,
      startedAt: 's',
      wallSeconds: 1,
    };
    expect(
      validate(asJson({ ...document, manifest: { ...document.manifest, host } })),
      JSON.stringify(validate.errors),
    ).toBe(true);
  });

  it.each([
    ['another version', (d: object) => ({ ...d, schemaVersion: 2 })],
    ['an unknown field', (d: object) => ({ ...d, extra: 1 })],
    ['a row without ns', () => documentOf([sync], [{ ...measured(sync, 1, 1, 600) }])],
  ])('refuses %s', (name, change) => {
    const document = change(headlineDocument());
    const broken = name === 'a row without ns' ? asJson(document) : document;
    if (name === 'a row without ns') Reflect.deleteProperty((broken as { rows: object[] }).rows[0] ?? {}, 'ns');
    expect(validate(broken)).toBe(false);
  });

  it('refuses a verdict that its violations contradict', () => {
    const row = violated(measured(sync, 2, 1, 900));
    expect(validate(asJson(documentOf([sync], [row])))).toBe(true);
    expect(validate(asJson(documentOf([sync], [{ ...row, safety: { verdict: 'violated', violations: [] } }])))).toBe(
      false,
    );
    expect(validate(asJson(documentOf([sync], [{ ...row, safety: { ...row.safety, verdict: 'clean' } }])))).toBe(false);
  });
});
