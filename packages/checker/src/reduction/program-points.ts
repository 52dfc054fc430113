import { type Machine, OP_STRIDE, Opcode, Operand, PROGRAM_OPS } from '@shootdown/core';
import { type ProgramAutomaton, RETURNED } from '../automaton/program-automaton.js';
import { grown } from '../search/vector-table.js';
import { FutureBits } from './future-bits.js';

/**
 * What programs can still come to do from where they are. Nodes of the automaton that are as many ops from the start of their program and do
 * the same to the same word are one *point*, whatever values they have received; points and the ways between them are found while a machine
 * is explored. A point's row of bits says what is done there or at any point behind it, in called programs, fault handlers and preempting
 * programs too.
 */
export class ProgramPoints {
  readonly bits: FutureBits;
  /** Grows with every bit that a row gets later than its point. */
  version = 0;
  /** How often a bit was set that was relied upon never to be. */
  breaks = 0;
  readonly #machine: Machine;
  readonly #automaton: ProgramAutomaton;
  readonly #numbers = new Map<string, number>();
  #rows: Int32Array<ArrayBuffer>;
  /** The points from which each one is reached. */
  readonly #before: number[][] = [];
  /** Bits of each row that are relied upon never to be set. */
  #relied: Int32Array<ArrayBuffer>;
  /** Nodes that are known, and of each how many ops it is from the start, and the point at which its frame goes on. */
  #known = 1;
  #depths = new Int32Array(1024);
  #frames = new Int32Array(1024);
  /** Points from which rows have been asked for. */
  #settled = 0;

  constructor(machine: Machine, automaton: ProgramAutomaton) {
    this.#machine = machine;
    this.#automaton = automaton;
    this.bits = new FutureBits(machine.layout, machine.boot.memory.groupOwners.length);
    this.#rows = new Int32Array(256 * this.bits.width);
    this.#relied = new Int32Array(this.#rows.length);
  }

  /** Nothing is relied upon any more; what is known stays known. */
  restart(): void {
    this.learn();
    this.#relied.fill(0);
    this.breaks = 0;
  }

  /** Takes in the nodes that the automaton has got. */
  learn(): void {
    if (this.#known === this.#automaton.size) return;
    while (this.#known < this.#automaton.size) this.#take(this.#known++);
    this.#settled = this.#before.length;
  }

  /** The point at which a frame goes on: at its node, or behind the call that is under way. */
  frame(node: number): number {
    return this.#frames[node] as number;
  }

  /** The point before a program. */
  entry(program: number, cpu: number): number {
    return this.#numbered(`${program} ${cpu}`);
  }

  /** Something that any one of these programs may do is done from this point on. */
  anyOf(name: string, entries: readonly number[]): number {
    const point = this.#numbered(name);
    for (const entry of entries) this.#link(point, entry);
    this.#settled = this.#before.length;
    return point;
  }

  has(point: number, bit: number): boolean {
    return (((this.#rows[point * this.bits.width + (bit >>> 5)] as number) >>> (bit & 31)) & 1) !== 0;
  }

  /** Adds what can be done from this point on to a row. */
  collect(point: number, row: Int32Array): void {
    const first = point * this.bits.width;
    for (let i = 0; i < this.bits.width; i++) row[i] = (row[i] as number) | (this.#rows[first + i] as number);
  }

  /** That the row of this point does not have the bit is relied upon. */
  rely(point: number, bit: number): void {
    const at = point * this.bits.width + (bit >>> 5);
    this.#relied[at] = (this.#relied[at] as number) | (1 << (bit & 31));
  }

  #take(node: number): void {
    const automaton = this.#automaton;
    const parent = automaton.parentOf(node);
    const cpu = automaton.cpuOf(node);
    if (node >= this.#frames.length) this.#grow();
    this.#depths[node] = parent === 0 ? 0 : (this.#depths[parent] as number) + 1;
    const point = this.#pointOf(node, this.#depths[node] as number);
    this.#frames[node] = automaton.opcode(node) === Opcode.call ? this.#behindCall(point) : point;
    this.#link(parent === 0 ? this.entry(automaton.programOf(node), cpu) : this.frame(parent), point);
    this.#follow(node, cpu, point);
  }

  #pointOf(node: number, depth: number): number {
    const automaton = this.#automaton;
    const place = `${automaton.programOf(node)} ${automaton.cpuOf(node)} ${depth}`;
    return this.#numbered(`${place} ${automaton.opcode(node)} ${automaton.operand(node, Operand.a)}`);
  }

  #behindCall(point: number): number {
    const behind = this.#numbered(`behind ${point}`);
    this.#link(point, behind);
    return behind;
  }

  /** What is done at a node, and the programs that go on from it. */
  #follow(node: number, cpu: number, point: number): void {
    const { boot } = this.#machine;
    const opcode = this.#automaton.opcode(node);
    if (opcode === RETURNED) return;
    if (opcode === Opcode.call || opcode === Opcode.become) {
      this.#link(point, this.#pointOf(this.#automaton.target(node, cpu), 0));
      return;
    }
    const operand = this.#automaton.operand(node, Operand.a);
    if (opcode === Opcode.preempt) this.#link(point, this.entry(operand, cpu));
    const { pageFault } = boot.system;
    const isUserAccess = PROGRAM_OPS[opcode]?.footprint === 'user';
    if (isUserAccess && pageFault !== undefined) this.#link(point, this.entry(pageFault.index, cpu));
    this.bits.ofOp(this.#machine, this.#automaton.operands, node * OP_STRIDE, (bit) => this.#set(point, bit));
  }

  #numbered(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const point = this.#before.push([]) - 1;
    this.#numbers.set(name, point);
    if ((point + 1) * this.bits.width > this.#rows.length) {
      this.#rows = grown(this.#rows);
      this.#relied = grown(this.#relied);
    }
    return point;
  }

  #grow(): void {
    this.#depths = grown(this.#depths);
    this.#frames = grown(this.#frames);
  }

  #link(from: number, to: number): void {
    const before = this.#before[to] as number[];
    if (from === to || before.includes(from)) return;
    before.push(from);
    if (this.#merge(from, to)) this.#spread(from);
  }

  #set(point: number, bit: number): void {
    if (this.has(point, bit)) return;
    this.#add(point, bit >>> 5, 1 << (bit & 31));
    this.#spread(point);
  }

  /** Tells all points from which this one is reached what it has learned. */
  #spread(point: number): void {
    const changed = [point];
    for (let each = changed.pop(); each !== undefined; each = changed.pop())
      for (const before of this.#before[each] as number[]) if (this.#merge(before, each)) changed.push(before);
  }

  #merge(into: number, from: number): boolean {
    const { width } = this.bits;
    let isChanged = false;
    for (let i = 0; i < width; i++) {
      const added = (this.#rows[from * width + i] as number) & ~(this.#rows[into * width + i] as number);
      if (added === 0) continue;
      this.#add(into, i, added);
      isChanged = true;
    }
    return isChanged;
  }

  #add(point: number, index: number, added: number): void {
    const at = point * this.bits.width + index;
    this.#rows[at] = (this.#rows[at] as number) | added;
    if (point >= this.#settled) return;
    this.version++;
    if (((this.#relied[at] as number) & added) !== 0) this.breaks++;
  }
}
