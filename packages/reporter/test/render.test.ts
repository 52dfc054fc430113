import { stripVTControlCharacters } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { render, type ResultDocument } from '@shootdown/reporter';
import {
  asyncBroken,
  concurrent,
  documentOf,
  failed,
  headlineDocument,
  measured,
  sync,
  violated,
} from './fixtures/documents.js';

const plain = { color: false, width: 140 };
const table = (document: ResultDocument, width = 140, color = false) => render(document, 'table', { color, width });
/** Cells of the line of a table that starts with this cell, in the first table that has one. */
const line = (text: string, first: string) =>
  text
    .split('\n')
    .map((row) =>
      row
        .split('│')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .find(([cell]) => cell === first);

describe('terminal table', () => {
  const text = table(headlineDocument());
  const [headline = '', unsafe = '', phases = '', foot = ''] = text.split('\n\n');

  it('has the form of the thread with published values, errors and bands beside', () => {
    expect(line(headline, 'n_threads')).toEqual([
      'n_threads',
      'sync',
      'published',
      'concurrent',
      'published',
      'async-inline',
      'published',
    ]);
    expect(line(headline, 'before')).toEqual(['before', '+async']);
    expect(line(headline, '2')).toEqual([
      ...['2', '1436', '1436 0.0% fitted', '1200 (-16%)', '1225 -2.0% [1180..1410]', '1100 (-23%)', '1115 -1.3%'],
    ]);
  });

  it('keeps the unsafe variant out of the comparison and says what was seen', () => {
    expect(headline).not.toContain('none');
    expect(phases).not.toContain('none');
    expect(unsafe).toContain('UNSAFE, not ranked: async-inline{"ack":"none"}, 1 page');
    expect(line(unsafe, '4')).toEqual(['4', '950', 'UNSAFE C1 exposed, cpu 1, after 812 ns']);
    expect(line(unsafe, '1')).toEqual(['1', '668', 'no violation seen (1 schedule)']);
    expect(unsafe).not.toMatch(/[+-]\d+%/);
  });

  it('explains the gain by phases that end in the mean', () => {
    expect(line(phases, 'wait')).toEqual(['wait', '161', '170 (+9.0)', '168 (+7.0)']);
    expect(phases.split('\n').filter((row) => row.includes('total'))).toHaveLength(3);
    expect(phases).toMatch(/total +│ +1571 │ +1400 \(-171\) │ +1300 \(-271\)/);
  });

  it('ends with what was seen, the machine and what the numbers are not', () => {
    expect(foot).toMatch(/^sync, concurrent, async-inline: no violation seen \(1 schedule\)\n/);
    expect(foot).toContain('machine haswell: a made-up machine for tests (4 CPUs, 3500 MHz)');
    expect(foot).toContain('async-inline completed madvise (1 page, 4 threads) in 17% less time than sync');
    expect(foot).toMatch(/simulated on profile haswell; not a measurement of hardware\n$/);
  });

  it('never praises anything against an unsafe reference', () => {
    const document = documentOf(
      [asyncBroken, sync],
      [violated(measured(asyncBroken, 2, 1, 900)), measured(sync, 2, 1, 800)],
    );
    expect(table(document)).not.toMatch(/less time than|[+-]\d+%\)|\([+-]\d/);
  });

  it('shows a failed cell and its error', () => {
    const text = table(documentOf([sync, concurrent], [measured(sync, 2, 1, 900), failed(concurrent, 2, 1)]));
    expect(line(text, '2')).toEqual(['2', '900', '1436 -37.3% fitted', 'failed']);
    expect(text).toContain('concurrent, 2 threads, 1 page: failed with PLUGIN_THREW: strategy threw in flush');
  });

  it('says which guarantees are deferred and how many schedules were watched', () => {
    const row = measured(sync, 2, 1, 900);
    const text = table(
      documentOf([sync], [{ ...row, safety: { verdict: 'clean', deferred: ['unmap'], schedules: 3, violations: [] } }]),
    );
    expect(text).toContain('sync: no violation seen (3 schedules)');
    expect(text).toContain('sync: deferred, the guarantee for unmap holds from release, not from return');
  });

  it('has one headline and one phase table for each number of pages', () => {
    const cells = [1, 10].flatMap((pages) => [measured(sync, 2, pages, 900), measured(concurrent, 2, pages, 800)]);
    const titles = table(documentOf([sync, concurrent], cells)).match(/^(madvise|Phases), \d+ pages?/gm);
    expect(titles).toEqual(['madvise, 1 page', 'madvise, 10 pages', 'Phases, 1 page', 'Phases, 10 pages']);
  });
});

describe('width and colour', () => {
  it('fits into any width from 60 columns on without losing a cell', () => {
    const document = headlineDocument();
    const numbers = (text: string) => [...new Set(text.match(/\d+ \(-\d+%\)|\d+ [+-]?\d+\.\d%/g))].sort();
    fc.assert(
      fc.property(fc.integer({ min: 60, max: 200 }), (width) => {
        const text = table(document, width);
        for (const row of text.split('\n')) expect(row.length).toBeLessThanOrEqual(width);
        expect(numbers(text)).toEqual(numbers(table(document, 200)));
      }),
      { seed: 1, numRuns: 40 },
    );
  });

  it('adds colour only when asked, and nothing but colour', () => {
    expect(table(headlineDocument())).not.toContain('\u001b');
    const colored = table(headlineDocument(), 140, true);
    expect(colored).toContain('\u001b[31mUNSAFE C1');
    expect(stripVTControlCharacters(colored)).toBe(table(headlineDocument()));
  });
});

const ESC = '\u001b';
/** The colour sequences that this package itself writes. */
const COLOR = new RegExp(`${ESC}\\[\\d+m`, 'g');

describe('text from outside', () => {
  const evil = '=cmd|\u001b[2J<b>x</b>\n| y |';
  const strange = { name: evil, given: {}, options: { note: '\u001b]0;title\u0007|<i>' } };
  const document = documentOf([strange], [{ ...measured(strange, 2, 1, 900), phases: { '=1+1': 900 } }]);

  it('cannot steer the terminal', () => {
    expect(table(document)).not.toContain('\u001b');
    expect(table(document, 140, true).replaceAll(COLOR, '')).not.toContain(ESC);
  });

  it('makes no cell and no HTML in Markdown', () => {
    const text = render(document, 'markdown', plain);
    expect(text).not.toMatch(/<b>|<i>/);
    expect(text).not.toContain(ESC);
    expect(text).toContain('=cmd\\|&lt;b&gt;x&lt;/b&gt;');
  });

  it('is no formula in CSV', () => {
    const text = render(document, 'csv', plain);
    expect(text).not.toContain('\u001b');
    expect(text.split('\n')[1]).toMatch(/^'=cmd\|/);
    expect(text.split('\n')).toHaveLength(3);
  });
});

describe('CSV and Markdown', () => {
  it('has one CSV line a row, negative numbers as numbers and empty fields for nothing', () => {
    const document = documentOf(
      [sync, concurrent],
      [
        measured(sync, 2, 1, 1000),
        failed(concurrent, 2, 1),
        measured(sync, 4, 1, 1000),
        measured(concurrent, 4, 1, 900),
      ],
    );
    const [head = '', ...lines] = render(document, 'csv', plain)
      .trimEnd()
      .split('\n')
      .map((row) => row.split(','));
    const field = (row: number, name: string) => lines[row]?.[head.indexOf(name)];
    expect(lines.map((row) => row.length)).toEqual(lines.map(() => head.length));
    expect(field(3, 'change')).toBe('-0.1');
    expect(field(0, 'change')).toBe('');
    expect(field(0, 'ack_wait_ns')).toBe('200');
    expect(field(0, 'phase_wait_ns')).toBe('500');
    expect(field(2, 'error')).toBe('PLUGIN_THREW: strategy threw in flush');
  });

  it('states violations in CSV', () => {
    const text = render(documentOf([asyncBroken], [violated(measured(asyncBroken, 2, 1, 900))]), 'csv', plain);
    expect(text).toContain(',violated,"UNSAFE C1 exposed, cpu 1, after 812 ns",');
  });

  it('has the same tables in Markdown as in the terminal', () => {
    const text = render(headlineDocument(), 'markdown', plain);
    expect(text).toMatch(/\| n_threads \| sync \/ before \| published/);
    expect(text).toContain('| 1200 (-16%) | 1225 -2.0% \\[1180..1410\\] |');
    expect(text.match(/^### .*/gm)).toHaveLength(3);
  });
});
