import { Boot, pteTarget, tablesPerSpace } from '@shootdown/core';
import { describe, expect, it } from 'vitest';
import { PageTables } from '../src/page-tables.js';
import { SHAPE } from './lab.js';

describe('page tables of four levels', () => {
  const shape = { ...SHAPE, levels: 4, levelBits: 9, virtualPages: 1100, frames: 2200 };
  const boot = new Boot({ ...shape, tables: 2 * tablesPerSpace(shape) + 1 });
  const tables = new PageTables(boot, 2);

  /** As the hardware walks: index bits of the page, from the root down. */
  function walk(mm: number, page: number): number {
    let target = tables.root(mm);
    for (const shift of [27, 18, 9, 0]) {
      const word = boot.tableEntry(target, (page >> shift) % 512);
      target = pteTarget(boot.memory.initialValues.get(word) ?? 0);
    }
    return target;
  }

  it.each([0, 1])('lead from the root of mm %i to the own frame of every page', (mm) => {
    const pages = Array.from({ length: shape.virtualPages }, (_, page) => page);
    expect(pages.filter((page) => walk(mm, page) !== tables.ownFrame(mm, page))).toEqual([]);
  });
});
