import { type Boot, makePte, Pte, ShootdownError, tablesPerSpace, type Word } from '@shootdown/core';

/** Table pages that `mmCount` user address spaces and `init_mm` need. */
export function tablesNeeded(boot: Boot, mmCount: number): number {
  return mmCount * tablesPerSpace(boot.shape) + 1;
}

/**
 * The page tables of every address space, built at boot with every page mapped writable to its own frame.
 * A table page keeps its place: when one is freed and the range is populated again, the same one is allocated.
 */
export class PageTables {
  readonly #boot: Boot;
  readonly #perSpace: number;
  readonly #mmCount: number;
  /** First table of each level within a space; the root is first. */
  readonly #levelStart: readonly number[];

  constructor(boot: Boot, mmCount: number) {
    const { shape } = boot;
    const needed = tablesNeeded(boot, mmCount);
    if (shape.tables < needed) throw tooFew('table pages', 'tables', shape.tables, needed);
    if (shape.frames < mmCount * shape.virtualPages)
      throw tooFew('frames', 'frames', shape.frames, mmCount * shape.virtualPages);
    this.#boot = boot;
    this.#mmCount = mmCount;
    this.#perSpace = tablesPerSpace(shape);
    this.#levelStart = levelStarts(shape.virtualPages, shape.levels, shape.levelBits);
    for (let mm = 0; mm < mmCount; mm++) for (let page = 0; page < shape.virtualPages; page++) this.#map(mm, page);
  }

  /** Number of the root table; `init_mm`'s has no user page. */
  root(mm: number): number {
    return mm < 0 ? this.#mmCount * this.#perSpace : mm * this.#perSpace;
  }
  /** The table that translates this page at this level; 0 is the leaf level. */
  table(mm: number, page: number, level: number): number {
    const { levels, levelBits } = this.#boot.shape;
    if (level === levels - 1) return this.root(mm);
    return mm * this.#perSpace + (this.#levelStart[level] as number) + (page >> (levelBits * (level + 1)));
  }
  /** The entry for this page at this level. */
  entry(mm: number, page: number, level: number): Word {
    const { levelBits } = this.#boot.shape;
    return this.#boot.tableEntry(this.table(mm, page, level), (page >> (levelBits * level)) & ((1 << levelBits) - 1));
  }
  /** The page-table entry of a page. */
  pte(mm: number, page: number): Word {
    return this.entry(mm, page, 0);
  }
  /** The frame that a page is mapped to at boot. */
  ownFrame(mm: number, page: number): number {
    return mm * this.#boot.shape.virtualPages + page;
  }

  #map(mm: number, page: number): void {
    const { memory, shape } = this.#boot;
    this.#boot.initialFrameOwner[this.ownFrame(mm, page)] = mm;
    for (let level = shape.levels - 1; level > 0; level--) {
      memory.initial(this.entry(mm, page, level), makePte(this.table(mm, page, level - 1), Pte.writable));
    }
    memory.initial(this.pte(mm, page), makePte(this.ownFrame(mm, page), Pte.writable));
  }
}

function levelStarts(pages: number, levels: number, bits: number): readonly number[] {
  const starts = new Array<number>(levels).fill(0);
  let next = 1;
  for (let level = levels - 2; level >= 0; level--) {
    starts[level] = next;
    next += Math.ceil(pages / 2 ** (bits * (level + 1)));
  }
  return starts;
}

function tooFew(what: string, field: string, found: number, needed: number): ShootdownError {
  return new ShootdownError(
    'INVALID_OPERAND',
    `The machine has ${found} ${what}; its address spaces need ${needed}. Raise shape.${field}.`,
  );
}
