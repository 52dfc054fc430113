import { FLUSH_KINDS, type Machine, MARKS, ShootdownError } from '@shootdown/core';
import type { FlushRecords } from './flush-records.js';
import type { Generations } from './generations.js';
import type { Guarantee } from './guarantee.js';
import type { SafetyOptions } from './options.js';
import type { Revocation } from './revocation.js';

/**
 * The life of a flush as the kernel marks it: covers, call, return, release. A flush belongs to the context that marks it, and a
 * deferred one to the batch that it is held for.
 */
export class FlushMarks {
  readonly #rootOf: (mm: number) => number;
  readonly #deferred: readonly boolean[];
  readonly #records: FlushRecords;
  readonly #revocation: Revocation;
  readonly #guarantee: Guarantee;
  readonly #generations: Generations;

  constructor(
    options: SafetyOptions,
    records: FlushRecords,
    revocation: Revocation,
    guarantee: Guarantee,
    generations: Generations,
  ) {
    this.#rootOf = options.rootOf;
    this.#deferred = FLUSH_KINDS.map((kind) => options.guarantee?.[kind] === 'release');
    this.#records = records;
    this.#revocation = revocation;
    this.#guarantee = guarantee;
    this.#generations = generations;
  }

  /** Throws INVALID_OPERAND for what no flush can be, OP_NOT_ALLOWED for marks out of order, MONITOR_SLOTS when slots run out. */
  handle(machine: Machine, cpu: number, mark: number, a: number, b: number, c: number): void {
    switch (MARKS[mark]) {
      case 'cover':
        this.#cover(machine, cpu, a, b, c);
        break;
      case 'call':
        this.#call(machine, cpu, a);
        break;
      case 'return':
        this.#return(machine, cpu);
        break;
      case 'release':
        this.#release(machine, cpu, a);
        break;
      case 'generation':
        this.#generation(machine, cpu, a, b);
        break;
      case 'hold':
        this.#records.hold(machine, machine.top(cpu), a);
        break;
      case 'rely':
        this.#rely(machine, cpu, a, b, c);
        break;
      default:
        throw new ShootdownError('INVALID_OPERAND', `CPU ${cpu} emitted safety mark ${mark}, which does not exist.`);
    }
  }

  /** The call of a flush that has been begun says of what kind it is, which makes a difference to others only if it cleans. */
  isOwnMatter(machine: Machine, cpu: number, mark: number, kind: number): boolean {
    if (MARKS[mark] !== 'call' || FLUSH_KINDS[kind] === 'cleanDirty') return false;
    return this.#records.current(machine, machine.top(cpu)) >= 0;
  }

  #cover(machine: Machine, cpu: number, mm: number, firstPage: number, pageCount: number): void {
    const root = this.#checkedRoot(machine, cpu, mm);
    const { first, count } = checkedPages(machine, cpu, firstPage, pageCount);
    const flush = this.#opened(machine, cpu);
    this.#records.addCover(machine, flush, root, first, count);
    this.#revocation.cover(machine, flush, root, first, first + count);
  }

  #rely(machine: Machine, cpu: number, mm: number, firstPage: number, pageCount: number): void {
    const root = this.#checkedRoot(machine, cpu, mm);
    const { first, count } = checkedPages(machine, cpu, firstPage, pageCount);
    this.#guarantee.relyOn(machine, root, first, first + count);
    this.#generations.settle(machine);
  }

  #call(machine: Machine, cpu: number, kind: number): void {
    if (FLUSH_KINDS[kind] === undefined)
      throw new ShootdownError(
        'INVALID_OPERAND',
        `CPU ${cpu} marked the call of a flush of kind ${kind}, which does not exist.`,
      );
    const flush = this.#opened(machine, cpu);
    this.#records.call(machine, flush, kind);
    this.#revocation.call(machine, flush);
  }

  #return(machine: Machine, cpu: number): void {
    const flush = this.#records.current(machine, machine.top(cpu));
    if (flush < 0 || !this.#records.isCalled(machine, flush))
      throw misplaced(cpu, 'return', 'without a flush that it called');
    if (this.#deferred[this.#records.kind(machine, flush)] === true) this.#records.defer(machine, flush);
    else this.#give(machine, flush);
  }

  #release(machine: Machine, cpu: number, batch: number): void {
    this.#records.hold(machine, machine.top(cpu), batch);
    for (let flush = this.#records.held(machine, batch); flush >= 0; flush = this.#records.held(machine, batch)) {
      this.#give(machine, flush);
    }
  }

  #give(machine: Machine, flush: number): void {
    this.#guarantee.give(machine, flush);
    this.#generations.settle(machine);
  }

  /** A generation that is taken outside of a flush (a batch that flushes later) belongs to none. */
  #generation(machine: Machine, cpu: number, mm: number, generation: number): void {
    const flush = this.#records.current(machine, machine.top(cpu));
    if (flush < 0) return;
    this.#records.setGeneration(machine, flush, this.#checkedRoot(machine, cpu, mm), generation);
    this.#generations.announced(machine, generation);
  }

  /** The flush that this context is describing, begun now if there is none. */
  #opened(machine: Machine, cpu: number): number {
    const context = machine.top(cpu);
    const flush = this.#records.current(machine, context);
    if (flush < 0) return this.#records.open(machine, cpu, context);
    if (this.#records.isCalled(machine, flush)) throw misplaced(cpu, 'call', 'inside a flush; flushes do not nest');
    return flush;
  }

  #checkedRoot(machine: Machine, cpu: number, mm: number): number {
    const root = this.#rootOf(mm);
    if (root >= 0 && root < machine.shape.tables) return root;
    throw new ShootdownError(
      'INVALID_OPERAND',
      `CPU ${cpu} marked a flush of mm ${mm}, whose root table is ${root}; tables are 0 … ${machine.shape.tables - 1}.`,
    );
  }
}

/** A negative count is the whole mm. */
function checkedPages(
  machine: Machine,
  cpu: number,
  firstPage: number,
  pageCount: number,
): { readonly first: number; readonly count: number } {
  const first = pageCount < 0 ? 0 : firstPage;
  const count = pageCount < 0 ? machine.layout.pages : pageCount;
  if (first >= 0 && first + count <= machine.layout.pages) return { first, count };
  throw new ShootdownError(
    'INVALID_OPERAND',
    `CPU ${cpu} marked a flush of pages ${first} … ${first + count - 1}; pages are 0 … ${machine.layout.pages - 1}.`,
  );
}

function misplaced(cpu: number, mark: string, where: string): ShootdownError {
  return new ShootdownError(
    'OP_NOT_ALLOWED',
    `CPU ${cpu} emitted the safety mark '${mark}' ${where}. Emit cover, call and return once around each flush.`,
  );
}
