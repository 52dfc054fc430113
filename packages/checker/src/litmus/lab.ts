import { type Boot, makePte, Pte, ShootdownError, type Word } from '@shootdown/core';

/** Pages x and y lie under table 1, which entry 0 of the root table 0 points to. */
export const LITMUS_PAGES = ['x', 'y'] as const;
const FRAMES = ['A', 'B', 'C'] as const;
/** The data of the frames before the first step. */
const FRAME_DATA = [0, 20, 30] as const;
const FLAGS: Readonly<Record<string, number>> = { W: Pte.writable, A: Pte.accessed, D: Pte.dirty };

/** The words of a litmus test, by the names that its instructions use. */
export class LitmusLab {
  readonly #boot: Boot;
  readonly #named: ReadonlyMap<string, Word>;

  constructor(boot: Boot, further: readonly string[]) {
    this.#boot = boot;
    const pair = boot.records('word', ['x', 'y'], 1, { stride: 8 });
    this.#named = new Map([
      ['x', pair.x(0)],
      ['y', pair.y(0)],
      ...further.map((name): [string, Word] => [name, boot.records(name, ['value'], 1).value(0)]),
    ]);
    this.#prepare();
  }

  /** `x`, `y` or a further word; `pte.x`; `upper`; `frame.A`; `table.2.0`, entry 0 of table 2. */
  location(name: string): Word {
    const named = this.#named.get(name);
    if (named !== undefined) return named;
    const [kind, first = '', second = ''] = name.split('.');
    if (kind === 'upper' && first === '') return this.#boot.tableEntry(0, 0);
    if (kind === 'pte' && second === '') return this.#boot.tableEntry(1, pageOf(first));
    if (kind === 'frame' && second === '') return this.#boot.frameRecords.data(frameOf(first));
    if (kind === 'table') return this.#boot.tableEntry(index(first, this.#boot.shape.tables), index(second, 2));
    throw litmusError(`"${name}" is no location`, 'x, y, a further word, pte.x, upper, frame.A or table.2.0');
  }

  #prepare(): void {
    const { memory } = this.#boot;
    memory.initial(this.location('upper'), literal('table1:WA'));
    memory.initial(this.location('pte.x'), literal('A:WA'));
    memory.initial(this.location('pte.y'), literal('C:WA'));
    FRAMES.forEach((frame, place) => {
      memory.initial(this.location(`frame.${frame}`), FRAME_DATA[place] ?? 0);
    });
  }
}

/** A number, or an entry of a page table: `B:WAD` points to frame B, `table1:W` to table 1, with these flags and P. */
export function literal(text: string): number {
  if (/^-?\d{1,9}$/.test(text)) return Number(text);
  const [, target = '', flags = ''] = /^(table\d|[ABC]):([WAD]*)$/.exec(text) ?? [];
  if (target === '') throw litmusError(`"${text}" is no value`, 'a number, B:WA or table1:W');
  const number = target.startsWith('table') ? Number(target.slice(5)) : frameOf(target);
  return makePte(
    number,
    [...flags].reduce((sum, flag) => sum | (FLAGS[flag] ?? 0), 0),
  );
}

export function pageOf(name: string): number {
  return place(name, LITMUS_PAGES, 'page');
}

function frameOf(name: string): number {
  return place(name, FRAMES, 'frame');
}

function place(name: string, names: readonly string[], what: string): number {
  const found = names.indexOf(name);
  if (found >= 0) return found;
  throw litmusError(`"${name}" is no ${what}`, names.join(', '));
}

function index(text: string, end: number): number {
  const number = /^\d$/.test(text) ? Number(text) : end;
  if (number < end) return number;
  throw litmusError(`"${text}" is no number of a table or of an entry`, `0 to ${end - 1}`);
}

/** INVALID_LITMUS; whoever knows the place adds it. */
export function litmusError(what: string, right: string): ShootdownError {
  return new ShootdownError('INVALID_LITMUS', `${what}; write ${right}.`);
}
