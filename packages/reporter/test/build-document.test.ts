import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShootdownError } from '@shootdown/core';
import { buildDocument, type Cell, render } from '@shootdown/reporter';
import {
  asyncInline,
  concurrent,
  documentOf,
  failed,
  headlineCells,
  headlineDocument,
  machine,
  manifest,
  measured,
  scenario,
  sync,
  violated,
} from './fixtures/documents.js';

const places = (document: ReturnType<typeof documentOf>) =>
  document.rows.map((r) => [r.strategy, r.threads, r.pages].join(' '));

describe('buildDocument', () => {
  it('orders rows by strategy, threads and pages whatever order the cells came in', () => {
    const cells = [sync, concurrent].flatMap((v) =>
      [1, 2].flatMap((t) => [1, 10].map((p) => measured(v, t, p, 600 + t + p))),
    );
    const expected = documentOf([sync, concurrent], cells);
    expect(places(expected)).toEqual([
      ...['sync 1 1', 'sync 1 10', 'sync 2 1', 'sync 2 10'],
      ...['concurrent 1 1', 'concurrent 1 10', 'concurrent 2 1', 'concurrent 2 10'],
    ]);
    const shuffled = fc.shuffledSubarray(cells, { minLength: cells.length, maxLength: cells.length });
    fc.assert(
      fc.property(shuffled, (some) => {
        expect(documentOf([sync, concurrent], some)).toEqual(expected);
      }),
      { seed: 1 },
    );
  });

  it('compares with the first strategy at the same threads and pages', () => {
    const { rows } = headlineDocument();
    expect(rows.slice(0, 3).map(({ change }) => change)).toEqual([null, null, null]);
    expect(rows[4]?.change).toBe((1200 - 1436) / 1436);
    expect(rows[8]?.change).toBe((1300 - 1571) / 1571);
  });

  it.each([
    ['unsafe', violated(measured(sync, 2, 1, 1000))],
    ['failed', failed(sync, 2, 1)],
  ])('compares nothing with a reference that is %s', (_, reference) => {
    const document = documentOf([sync, concurrent], [reference, measured(concurrent, 2, 1, 900)]);
    expect(document.rows[1]?.change).toBeNull();
  });

  it('fills a failed cell with nulls and keeps its error', () => {
    const [row] = documentOf([sync], [failed(sync, 1, 1)]).rows;
    expect(row).toMatchObject({
      status: 'failed',
      samples: 0,
      ns: null,
      safety: null,
      error: { code: 'PLUGIN_THREW' },
    });
  });

  it('gives a band only to cells that have a published value', () => {
    const cells = [measured(asyncInline, 2, 1, 1100), measured(asyncInline, 2, 10, 1300)];
    const { rows } = documentOf([asyncInline], cells, () => [1000, 1200]);
    expect(rows[0]?.published?.band).toEqual([1000, 1200]);
    expect(rows[1]?.published).toBeNull();
  });

  const wrong: readonly [string, readonly Cell[]][] = [
    ['is missing', headlineCells().slice(1)],
    ['is doubled', [...headlineCells(), ...headlineCells().slice(0, 1)]],
    ['was not asked for', [...headlineCells(), measured(sync, 8, 1, 700)]],
  ];
  it.each(wrong)('refuses a set of cells in which one %s', (_, cells) => {
    const { configuration } = headlineDocument().manifest;
    const parts = { manifest: manifest(configuration.strategies, [1, 2, 4], [1]), machine, scenario, cells };
    expect(() => buildDocument(parts)).toThrow(ShootdownError);
  });

  it('refuses phases that do not add up to the mean', () => {
    const row = { ...measured(sync, 1, 1, 661), phases: { prepare: 500, wait: 160 } };
    expect(() => documentOf([sync], [row])).toThrow(/add up to 660 ns, but the mean is 661 ns/);
  });
});

describe('JSON', () => {
  it('does not depend on the order in which keys were set, except of phases', () => {
    const options = { color: false, width: 80 };
    const document = headlineDocument();
    const reversed = Object.fromEntries(Object.entries(document).reverse()) as typeof document;
    expect(render(reversed, 'json', options)).toBe(render(document, 'json', options));
    const [row] = JSON.parse(render(document, 'json', options)).rows as { phases: object }[];
    expect(Object.keys(row?.phases ?? {})).toEqual(['prepare', 'wait']);
  });

  it('ends with one newline and holds equal data', () => {
    const text = render(headlineDocument(), 'json', { color: true, width: 10 });
    expect(text).toMatch(/[^\n]\n$/);
    expect(JSON.parse(text)).toEqual(headlineDocument());
  });

  it('refuses a number that JSON cannot state', () => {
    const row = { ...measured(sync, 1, 1, 661), ipisPerOp: Number.NaN };
    const document = documentOf([sync], [row]);
    expect(() => render(document, 'json', { color: false, width: 80 })).toThrow(
      /NaN at document\.rows\[0\]\.ipisPerOp/,
    );
  });
});
