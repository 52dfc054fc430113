import { expect, it } from 'vitest';
import { linksOf, pages, read, resolves } from './docs/page.js';

it.each(pages())('%s links to files and headings that exist', (page) => {
  const broken = linksOf(page).filter((link) => !resolves(link));
  expect(broken).toEqual([]);
});

/** What a reader of the kernel looks for, and a word that its source must contain. */
const CONCEPTS: readonly (readonly [concept: string, word: string])[] = [
  ['csd', 'call_single_data_t'],
  ['tlb_gen', 'inc_mm_tlb_gen'],
  ['mm_cpumask', 'mm_cpumask'],
  ['lazy TLB', 'enter_lazy_tlb'],
  ['store buffer', 'drainOne'],
  ['directory', 'class Directory'],
  ['ICR write', 'sendIpi'],
  ['page walk', 'startWalk'],
  ['provenance marks', 'forbidden'],
  ['guarantee mark', 'class Guarantee'],
  ['schedule replay', 'function replay'],
  ['fit', 'fitProfile'],
];

it('README.md leads to ARCHITECTURE.md', () => {
  expect(linksOf('README.md').map(({ file }) => file)).toContain('ARCHITECTURE.md');
});

it.each(CONCEPTS)('%s is two links away from the README', (concept, word) => {
  const rows = read('ARCHITECTURE.md').split('\n');
  const row = rows.find((line) => line.startsWith(`| ${concept} |`)) ?? '';
  const target = /\]\(([^)]+)\)/.exec(row)?.[1] ?? '';
  expect(read(target)).toContain(word);
});
