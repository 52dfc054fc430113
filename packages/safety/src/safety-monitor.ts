import { type Boot, CpuField, type Lookout, type Machine, type Monitor, pcidCount, TlbField } from '@shootdown/core';
import { Mark, Owed } from './bits.js';
import { debtOf, Debts } from './debts.js';
import { reportExposed } from './exposure.js';
import { FlushRecords } from './flush-records.js';
import { Generations } from './generations.js';
import { FlushMarks } from './flush-marks.js';
import { FrameOwners } from './frame-owners.js';
import { Guarantee, isExposed } from './guarantee.js';
import { FlushView } from './flush-view.js';
import { HiddenChanges } from './hidden-changes.js';
import type { GenerationContext, SafetyOptions } from './options.js';
import { Revocation } from './revocation.js';
import { SafetyLookout } from './safety-lookout.js';

const DEFAULT_COVERS = 8;

/**
 * The safety contract as one monitor of core's machine: it sees marks, accesses, walks, fills, invalidations and drains, never
 * a strategy's name or options. Its whole memory is `words` integers of the state vector, besides the marks and debts that
 * the machine keeps with each translation, so a state that is restored has its verdict restored with it.
 *
 * One monitor serves one machine's boot; build it after everything is registered with `boot` and before the machine.
 */
export class SafetyMonitor implements Monitor {
  /** What its hooks are about to look at. */
  readonly lookout: Lookout;
  readonly #records: FlushRecords;
  readonly #debts: Debts;
  readonly #hidden: HiddenChanges;
  readonly #marks: FlushMarks;
  readonly #generations: Generations;
  readonly #pcids: number;
  readonly #frames: FrameOwners | undefined;

  /** Throws INVALID_OPTIONS when the number of flush slots is not 1 … 30. */
  constructor(boot: Boot, options: SafetyOptions) {
    this.#pcids = pcidCount(boot.shape);
    this.#frames = options.ownsFrames === true ? new FrameOwners(options.rootOf) : undefined;
    this.#records = new FlushRecords(options.flushes, options.coversPerFlush ?? DEFAULT_COVERS);
    this.#debts = new Debts(this.#records.words, boot.shape, options.listener);
    const view = new FlushView(this.#records);
    this.#hidden = new HiddenChanges(this.#records, view);
    this.#generations = new Generations(boot, this.#records, this.#debts, options.rootOf);
    const guarantee = new Guarantee(this.#records, this.#debts, view, this.#hidden, boot.shape);
    const revocation = new Revocation(this.#records, view, this.#debts, boot.shape);
    this.#marks = new FlushMarks(options, this.#records, revocation, guarantee, this.#generations);
    const ownsFrames = this.#frames !== undefined;
    this.lookout = new SafetyLookout(this.#records, this.#debts, this.#hidden, this.#generations, ownsFrames);
  }

  get words(): number {
    return this.#records.words + this.#debts.words + this.#generations.words;
  }

  /** Debts and claims belong to their CPU. */
  home(word: number): number {
    return Math.max(this.#debts.home(word), this.#generations.home(word));
  }

  /** Contract C10: this per-CPU word says up to which generation the context has been flushed. Before the machine is made. */
  watchGeneration(context: GenerationContext): void {
    this.#generations.watchContext(context);
  }

  /** Contract C10: the word that holds the tlb_gen of this mm. */
  watchTlbGeneration(mm: number, word: number): void {
    this.#generations.watchMm(mm, word);
  }

  /** The CPU owes an invalidation, under any of its PCIDs, to a flush in flight or past. */
  owesAny(machine: Machine, cpu: number): boolean {
    return this.#debts.owesAny(machine, cpu);
  }

  /** The CPU owes one under its loaded PCID to a flush whose guarantee holds. */
  isOverdue(machine: Machine, cpu: number): boolean {
    return this.#debts.overdue(machine, cpu, machine.state[machine.layout.cpu(cpu) + CpuField.pcid] as number) !== 0;
  }

  /** The same, and the CPU executes user code: this is time that the row is charged as exposed. */
  isExposed(machine: Machine, cpu: number): boolean {
    return isExposed(machine, this.#debts, cpu);
  }

  /** The CPU's TLB holds a translation that a flush in flight or past has revoked. */
  hasStale(machine: Machine, cpu: number): boolean {
    for (let pcid = 0; pcid < this.#pcids; pcid++) {
      if (this.#debts.owing(machine, cpu, pcid) === 0) continue;
      const first = machine.layout.tlbSlot(cpu, pcid, 0);
      const end = first + machine.layout.pages * machine.layout.tlbStride;
      for (let slot = first; slot < end; slot += machine.layout.tlbStride) {
        if (machine.state[slot + TlbField.marks] !== 0) return true;
      }
    }
    return false;
  }

  mark(machine: Machine, cpu: number, mark: number, a: number, b: number, c: number): void {
    this.#marks.handle(machine, cpu, mark, a, b, c);
  }

  access(machine: Machine, cpu: number, way: number, page: number, isStore: boolean): void {
    const marks = machine.state[way + TlbField.marks] as number;
    if (marks === 0) {
      this.#frames?.access(machine, cpu, way, page);
      return;
    }
    const verb = isStore ? 'wrote' : 'read';
    if ((marks & Mark.forbidden) !== 0) {
      machine.report(
        'C1',
        'used',
        cpu,
        `CPU ${cpu} ${verb} page ${page} through a translation that a flush revoked before it gave its guarantee`,
      );
    } else if (isStore && (marks & Mark.frozen) !== 0) {
      machine.report(
        'C7',
        'used',
        cpu,
        `CPU ${cpu} wrote page ${page} through a dirty translation after a flush guaranteed the page clean`,
      );
    }
  }

  speculated(machine: Machine, cpu: number, way: number, page: number): void {
    if (((machine.state[way + TlbField.marks] as number) & Mark.forbidden) === 0) return;
    machine.report(
      'C9',
      'speculated',
      cpu,
      `CPU ${cpu} loaded speculatively from device memory through the translation of page ${page} that a flush revoked before it gave its guarantee`,
    );
  }

  exposed(machine: Machine, cpu: number): void {
    if (this.isOverdue(machine, cpu)) reportExposed(machine, this.#debts, cpu);
    if (this.#generations.hasClaims(machine, cpu) && machine.inUserMode(cpu)) this.#generations.judge(machine, cpu);
  }

  invalidated(machine: Machine, cpu: number, pcid: number, page: number): void {
    this.#debts.discharge(machine, cpu, pcid, page);
    if (this.#generations.hasClaims(machine, cpu)) this.#generations.settleOf(machine, cpu);
  }

  provenance(machine: Machine, cpu: number, pcid: number, page: number, word: number, level: number): number {
    const bits = this.#hidden.revokersOf(machine, page, word, level);
    if (bits !== 0) this.#debts.note(machine, cpu, pcid, bits);
    return bits;
  }

  /** A marked translation that its CPU owes no invalidation for (any more) brings the debt back: contract C4 when it is exposed. */
  filled(machine: Machine, cpu: number, slot: number, _page: number, marks: number): void {
    const debt = debtOf(marks);
    const missing = debt & ~(machine.state[slot + TlbField.owed] as number);
    if (missing === 0) return;
    const pcid = Math.floor(
      (slot - machine.layout.tlbSlot(cpu, 0, 0)) / (machine.layout.tlbStride * machine.layout.pages),
    );
    // A global translation is under no PCID: no debt is kept for it.
    if (pcid === machine.layout.globalTag) return;
    this.#debts.owe(machine, cpu, pcid, slot, missing | Owed.refilled);
    this.#generations.owedAgain(machine, cpu);
    if ((missing & Owed.overdue) !== 0 && isExposed(machine, this.#debts, cpu))
      reportExposed(machine, this.#debts, cpu);
  }

  walkedFreed(machine: Machine, cpu: number, table: number): void {
    machine.report(
      'C3',
      'walked',
      cpu,
      `a walk of CPU ${cpu} read table page ${table} after it went back to the allocator`,
    );
  }

  frameGiven(machine: Machine, _cpu: number, frame: number, owner: number): void {
    if (owner < 0) this.#frames?.released(machine, frame);
  }

  drained(machine: Machine, cpu: number, word: number, marks: number): void {
    if ((marks & (Mark.forbidden | Mark.frozen)) === 0) return;
    const contract = (marks & Mark.forbidden) !== 0 ? 'C2' : 'C7';
    machine.report(
      contract,
      'late',
      cpu,
      `a store of CPU ${cpu} to ${machine.guard.nameOf(word)} through a revoked translation became visible after the guarantee`,
    );
  }

  foreignAccess(machine: Machine, cpu: number, word: number, owner: number, isWrite: boolean): void {
    const owns = owner < 0 ? 'which everybody may only read' : `which CPU ${owner} owns`;
    machine.report(
      'C8',
      isWrite ? 'written' : 'read',
      cpu,
      `CPU ${cpu} ${isWrite ? 'wrote' : 'read'} ${machine.guard.nameOf(word)}, ${owns} at that time`,
    );
  }

  watched(machine: Machine, _cpu: number, word: number, _value: number): void {
    this.#generations.written(machine, word);
  }

  isOwnMatter(machine: Machine, cpu: number, mark: number, a: number): boolean {
    return this.#marks.isOwnMatter(machine, cpu, mark, a);
  }

  /** What a walk reads may have been changed in the store buffer of whoever has begun a flush. */
  readsBuffersOf(machine: Machine): number {
    let cpus = 0;
    for (let flush = 0; flush < this.#records.count; flush++)
      if (this.#records.isOpen(machine, flush)) cpus |= 1 << this.#records.cpu(machine, flush);
    return cpus;
  }
}
