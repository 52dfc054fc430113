import { BUFFER_STRIDE, BufferField, CpuField, type Machine, type MachineShape, pcidCount } from '@shootdown/core';
import { FLUSH_BITS, Mark } from './bits.js';
import { type Debts, promote } from './debts.js';
import type { FlushRecords } from './flush-records.js';
import type { FlushView } from './flush-view.js';
import type { HiddenChanges } from './hidden-changes.js';
import { reportExposed } from './exposure.js';

/** The moment from which a flush promises: judges what is left of it in the machine, and forbids it from now on. */
export class Guarantee {
  readonly #records: FlushRecords;
  readonly #debts: Debts;
  readonly #view: FlushView;
  readonly #hidden: HiddenChanges;
  readonly #pcids: number;

  constructor(records: FlushRecords, debts: Debts, view: FlushView, hidden: HiddenChanges, shape: MachineShape) {
    this.#records = records;
    this.#debts = debts;
    this.#view = view;
    this.#hidden = hidden;
    this.#pcids = pcidCount(shape);
  }

  give(machine: Machine, flush: number): void {
    const cleanDirty = this.#view.isCleanDirty(machine, flush);
    this.#judgePublication(machine, flush);
    for (let cpu = 0; cpu < machine.layout.cpuCount; cpu++) {
      judgeBuffer(machine, cpu, 1 << flush, cleanDirty);
      this.#settle(machine, cpu, flush, cleanDirty ? Mark.frozen : Mark.forbidden);
    }
    this.#records.free(machine, flush);
    this.#reportExposed(machine);
  }

  #reportExposed(machine: Machine): void {
    for (let cpu = 0; cpu < machine.layout.cpuCount; cpu++) {
      if (isExposed(machine, this.#debts, cpu)) reportExposed(machine, this.#debts, cpu);
    }
  }

  /**
   * Somebody relies on the invalidation of these pages without a flush of his own: what flushes in flight have revoked there is
   * forbidden from now on, what is owed to them overdue.
   */
  relyOn(machine: Machine, root: number, first: number, end: number): void {
    for (let cpu = 0; cpu < machine.layout.cpuCount; cpu++) {
      const tags = machine.layout.cpu(cpu) + machine.layout.taggedRoot;
      for (let pcid = 0; pcid < this.#pcids; pcid++) {
        if (machine.state[tags + pcid] === root + 1) this.#debts.callIn(machine, cpu, pcid, first, end);
      }
      forbidWalk(machine, cpu, root, first, end);
    }
    this.#reportExposed(machine);
  }

  /**
   * C4: whoever walks after the guarantee would still find what the flush revoked. Of a deferred flush the initiator has
   * gone on since, and what its store buffer holds may be another change.
   */
  #judgePublication(machine: Machine, flush: number): void {
    if (!this.#records.isCalled(machine, flush)) return;
    const page = this.#hidden.unpublishedPage(machine, flush);
    if (page < 0) return;
    const cpu = this.#records.cpu(machine, flush);
    machine.report(
      'C4',
      'unpublished',
      cpu,
      `the flush gave its guarantee while the change of page ${page} was still in the store buffer of CPU ${cpu}`,
    );
  }

  #settle(machine: Machine, cpu: number, flush: number, mark: number): void {
    promote(machine, machine.layout.cpu(cpu) + CpuField.walkMarks, 1 << flush, mark);
    for (let pcid = 0; pcid < this.#pcids; pcid++) this.#debts.settle(machine, cpu, pcid, flush, mark);
  }
}

/** A walk in flight for one of these pages that a flush in flight has revoked fills an entry that may not be used. */
function forbidWalk(machine: Machine, cpu: number, root: number, first: number, end: number): void {
  const block = machine.layout.cpu(cpu);
  const page = (machine.state[block + CpuField.walkPage] as number) - 1;
  if (page < first || page >= end || machine.state[block + CpuField.walkRoot] !== root) return;
  promote(machine, block + CpuField.walkMarks, FLUSH_BITS, Mark.forbidden);
}

/** The CPU executes user code under a PCID for which an invalidation is overdue. */
export function isExposed(machine: Machine, debts: Debts, cpu: number): boolean {
  const pcid = machine.state[machine.layout.cpu(cpu) + CpuField.pcid] as number;
  return debts.overdue(machine, cpu, pcid) !== 0 && machine.inUserMode(cpu);
}

/** C2 (C7): a store made through a revoked translation is not visible yet. */
function judgeBuffer(machine: Machine, cpu: number, bit: number, cleanDirty: boolean): void {
  const { state } = machine;
  const block = machine.layout.cpu(cpu);
  const first = block + CpuField.buffer;
  const end = first + (state[block + CpuField.bufferCount] as number) * BUFFER_STRIDE;
  for (let entry = first; entry < end; entry += BUFFER_STRIDE) {
    const marks = state[entry + BufferField.marks] as number;
    if ((marks & bit) === 0) continue;
    state[entry + BufferField.marks] = marks & ~bit;
    const word = machine.guard.nameOf(state[entry + BufferField.word] as number);
    machine.report(
      cleanDirty ? 'C7' : 'C2',
      'effects',
      cpu,
      `a store of CPU ${cpu} to ${word} through a revoked translation was not visible when the flush gave its guarantee`,
    );
  }
}
