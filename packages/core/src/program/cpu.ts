import { ShootdownError } from '../errors.js';
import { CONDITIONS, Opcode, Operand, PHASES } from './opcode.js';
import type { Condition, Group, Mask, Op, Phase, ProgramRef, Vector, Word } from './op.js';
import type { Registers } from './registers.js';
import type { WordLists } from './word-lists.js';

/**
 * One CPU as a program on it sees it: the micro-ops that any strategy may use.
 *
 * One rule: always `yield*`, at once. Every method builds one op in the shared registers; nothing is allocated.
 * Memory follows x86-TSO (SDM vol. 3 §9.2): stores enter a FIFO store buffer, loads forward from their own CPU's
 * buffer, locked ops and serialising instructions wait until it has drained.
 */
export class Cpu {
  /** CPU number, 0-based. */
  readonly id: number;
  protected readonly registers: Registers;
  readonly #lists: WordLists;

  constructor(id: number, registers: Registers, lists: WordLists) {
    this.id = id;
    this.registers = registers;
    this.#lists = lists;
  }

  /** Plain load. Prefer `test` where only a condition matters: each value observed multiplies the checker's states. */
  load(word: Word): Op<number> {
    return this.#value(Opcode.load, word, 0, 0, 0);
  }
  /** Load that answers only whether the condition holds. */
  test(word: Word, condition: Condition, value: number): Op<boolean> {
    this.registers.build(Opcode.test, word, code(condition), value, 0);
    return this.registers.bit;
  }
  /** Plain store into the store buffer. */
  store(word: Word, value: number): Op {
    return this.plain(Opcode.store, word, value, 0, 0);
  }
  /** MFENCE: waits until the store buffer is empty (SDM vol. 3 §9.2.5). */
  fence(): Op {
    return this.plain(Opcode.fence, 0, 0, 0, 0);
  }
  /** XCHG (implicitly locked): returns the old value. */
  exchange(word: Word, value: number): Op<number> {
    return this.#value(Opcode.exchange, word, value, 0, 0);
  }
  /** LOCK CMPXCHG: true when `expected` was found and replaced. */
  compareExchange(word: Word, expected: number, value: number): Op<boolean> {
    this.registers.build(Opcode.compareExchange, word, expected, value, 0);
    return this.registers.bit;
  }
  /** LOCK XADD: returns the old value. */
  fetchAdd(word: Word, delta: number): Op<number> {
    return this.#value(Opcode.fetchAdd, word, delta, 0, 0);
  }
  /** LOCK OR. */
  setBits(word: Word, bits: number): Op {
    return this.plain(Opcode.setBits, word, bits, 0, 0);
  }
  /** LOCK AND NOT. */
  clearBits(word: Word, bits: number): Op {
    return this.plain(Opcode.clearBits, word, bits, 0, 0);
  }
  /** Smallest CPU number ≥ `from` in the mask, or -1 (`cpumask_next`): plain loads of the words it passes. */
  nextSetBit(mask: Mask, from: number): Op<number> {
    return this.#value(Opcode.nextSetBit, mask, from, 0, 0);
  }
  /** Blocks until the condition holds; interrupts are taken meanwhile when they are enabled. One op, however long it waits. */
  waitUntil(word: Word, condition: Condition, value: number): Op {
    return this.plain(Opcode.waitUntil, word, code(condition), value, 0);
  }
  /** Blocks until the condition holds for one of the words; returns the lowest such position. */
  waitAny(words: readonly Word[], condition: Condition, value: number): Op<number> {
    return this.#value(Opcode.waitAny, this.#lists.intern(words), code(condition), value, 0);
  }
  /** Blocks until the condition holds, then stores `replacement` in the same locked step (taking a spin lock). */
  waitAndExchange(word: Word, condition: Condition, value: number, replacement: number): Op {
    return this.plain(Opcode.waitAndExchange, word, code(condition), value, replacement);
  }
  /** INVLPG: drops the page's translations of the current PCID, and all its paging-structure entries (SDM 4.10.4.1). */
  invlpg(page: number): Op {
    return this.plain(Opcode.invlpg, page, 0, 0, 0);
  }
  /** INVPCID type 0 (one page of one PCID), 1 (one PCID), 2 (all, globals too) or 3 (all but globals) (SDM 4.10.4.1). */
  invpcid(kind: 0 | 1 | 2 | 3, pcid: number, page: number): Op {
    return this.plain(Opcode.invpcid, kind, pcid, page, 0);
  }
  /**
   * INVLPGB: asks every CPU to drop these pages (-1: all) of this PCID (-1: every one), its own CPU included. Asynchronous;
   * `tlbsync` waits. `finalOnly` leaves paging-structure entries alone, `includeGlobal` drops global translations too.
   */
  invlpgb(pcid: number, firstPage: number, pageCount: number, finalOnly = false, includeGlobal = false): Op {
    return this.plain(Opcode.invlpgb, pcid, firstPage, pageCount, (finalOnly ? 1 : 0) | (includeGlobal ? 2 : 0));
  }
  /** TLBSYNC: waits until every CPU has carried out the INVLPGBs that *this* CPU has issued. Interrupts are taken meanwhile. */
  tlbsync(): Op {
    return this.plain(Opcode.tlbsync, 0, 0, 0, 0);
  }
  /** MOV to CR3: `root` is a table number, `keep` the no-flush bit 63 (SDM 4.10.4.1). */
  writeCr3(root: number, pcid: number, keep: boolean): Op {
    return this.plain(Opcode.writeCr3, root, pcid, keep ? 1 : 0, 0);
  }
  /** One ICR write that names one CPU (SDM vol. 3 §11.6). */
  sendIpi(target: number, vector: Vector): Op {
    return this.plain(Opcode.sendIpi, target, vector, 0, 0);
  }
  /** One ICR write to those CPUs of the mask that belong to one logical cluster (the size of a cluster is the machine's). */
  sendIpiMask(mask: Mask, vector: Vector, cluster: number): Op {
    return this.plain(Opcode.sendIpiMask, mask, vector, cluster, 0);
  }
  /** CLI. */
  disableInterrupts(): Op {
    return this.plain(Opcode.disableInterrupts, 0, 0, 0, 0);
  }
  /** STI. */
  enableInterrupts(): Op {
    return this.plain(Opcode.enableInterrupts, 0, 0, 0, 0);
  }
  /** Straight-line code of so many cycles that touches no modelled word. Interruptible. */
  work(cycles: number): Op {
    return this.plain(Opcode.work, cycles, 0, 0, 0);
  }
  /** A nondeterministic choice among 0 … ways-1: drawn by the simulator, branched over by the checker. */
  choose(ways: number): Op<number> {
    return this.#value(Opcode.choose, ways, 0, 0, 0);
  }
  /** From here on the initiator's time counts for this phase. Costs nothing. */
  phase(name: Phase): Op {
    return this.plain(Opcode.phase, PHASES.indexOf(name), 0, 0, 0);
  }
  /** Runs a registered program as a frame of its own and returns its integer result (0 when it returns nothing). */
  call<Args extends readonly number[]>(program: ProgramRef<Args>, ...args: Args): Op<number> {
    this.registers.buildControl(Opcode.call, program.index, args);
    return this.registers.number;
  }
  /** Ends this program and continues as another one: the loop that forgets. Use as `return yield* cpu.become(…)`. */
  become<Args extends readonly number[]>(program: ProgramRef<Args>, ...args: Args): Op<never> {
    this.registers.buildControl(Opcode.become, program.index, args);
    return this.registers.number as Op<never>;
  }
  /**
   * Ghost annotation, costs nothing: the next op also hands the lifetime group over to `owner`, in the same step in which
   * its write becomes visible (a failed compare-exchange hands over nothing). Owners: a CPU number, `Owner.readers`.
   */
  handOver(group: Group, owner: number): this {
    this.registers.file[Operand.owner] = owner;
    this.registers.file[Operand.group] = group + 1;
    return this;
  }

  protected plain(opcode: number, a: number, b: number, c: number, d: number): Op {
    this.registers.build(opcode, a, b, c, d);
    return this.registers.none;
  }
  #value(opcode: number, a: number, b: number, c: number, d: number): Op<number> {
    this.registers.build(opcode, a, b, c, d);
    return this.registers.number;
  }
}

/** Special owner of a hand-off group: every CPU may read it and nobody may write it. */
export const Owner = { readers: -1 } as const;

/** Position in `CONDITIONS`; comparing interned names is quicker than a search of the list. */
function code(condition: Condition): number {
  switch (condition) {
    case 'equal':
      return 0;
    case 'notEqual':
      return 1;
    case 'anyBitSet':
      return 2;
    case 'allBitsClear':
      return 3;
    case 'atLeast':
      return 4;
    default:
      throw new ShootdownError(
        'INVALID_OPERAND',
        `Unknown condition '${String(condition)}'. One of: ${CONDITIONS.join(', ')}.`,
      );
  }
}
