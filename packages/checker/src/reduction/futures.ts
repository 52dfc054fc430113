import { buffersEntry, BUFFER_STRIDE, BufferField, CpuField, isForwarded, type Machine } from '@shootdown/core';
import { FRAME_WORDS } from '../automaton/automaton-runner.js';
import { contextsOf } from '../automaton/contexts-of.js';
import type { ProgramAutomaton } from '../automaton/program-automaton.js';
import { recordsOf } from './future-bits.js';
import { ProgramPoints } from './program-points.js';
import type { Surroundings } from './surroundings.js';

/**
 * Who can still come to touch a word, or to interrupt a CPU, from the machine's present state on: by the frames of each context, by the
 * handlers that may be started, and by buffered stores. It is learned while a machine is explored, not declared (`ProgramPoints`). Whoever
 * asks and is told no relies on it; when that turns out to be false, what was explored so far may lack interleavings and `breaks` asks for
 * a new start with what has been learned. An exploration that ends without is one in which nothing relied upon was false.
 */
export class Futures {
  /**
   * Where moves are remembered, CPUs with the same future are not told apart: it relies on the bit for all points from which the CPU's
   * present future has been met, and will be. False: there is no such future, and the points of the CPU's frames alone are in question.
   */
  relyOnAlike: ((cpu: number, bit: number) => boolean) | undefined;
  readonly #machine: Machine;
  readonly #points: ProgramPoints;
  readonly #surroundings: Surroundings;
  /** The CPU whose moves are in question. */
  #asker = 0;
  /** Its program goes on meanwhile: the interrupts that it can come to send matter, too. */
  #goesOn = false;
  /** Contexts of each CPU. */
  readonly #contexts: readonly (readonly number[])[];
  /** Points before the handlers of each CPU's interrupts, its NMI, its probe and its host's programs. */
  readonly #interrupts: readonly number[];
  readonly #nmi: readonly number[];
  readonly #probe: readonly number[];
  readonly #host: readonly number[];

  constructor(machine: Machine, automaton: ProgramAutomaton, surroundings: Surroundings) {
    this.#machine = machine;
    this.#surroundings = surroundings;
    const points = new ProgramPoints(machine, automaton);
    this.#points = points;
    const { layout, boot } = machine;
    const { nmi, probe, vcpuPut, vcpuLoad } = boot.system;
    const cpus = Array.from({ length: layout.cpuCount }, (_, cpu) => cpu);
    const before = (name: string, programs: readonly (number | undefined)[]): readonly number[] =>
      cpus.map((cpu) => {
        const entries = programs.flatMap((program) => (program === undefined ? [] : [points.entry(program, cpu)]));
        return points.anyOf(`${name} of ${cpu}`, entries);
      });
    const handlers = boot.vectors.map(({ handler }) => handler);
    this.#interrupts = before('interrupts', handlers);
    this.#nmi = before('nmi', [nmi?.index]);
    this.#probe = before('probe', [probe?.index]);
    this.#host = before('host', [vcpuPut?.index, vcpuLoad?.index]);
    this.#contexts = cpus.map((cpu) => contextsOf(machine, cpu));
    points.learn();
  }

  /** How often something that was relied upon has turned out to be false. */
  get breaks(): number {
    this.#points.learn();
    return this.#points.breaks;
  }

  /** Grows when more has become known of points that were known. */
  get version(): number {
    return this.#points.version;
  }

  /** Integers of a row that `collect` fills. */
  get width(): number {
    return this.#points.bits.width;
  }

  /** The bit of a row that says that an interrupt is on its way to the CPU. */
  get pendingInterrupt(): number {
    return this.#points.bits.pendingInterrupt;
  }

  /** Nothing is relied upon any more, and no moves are remembered. What is known stays known. */
  restart(): void {
    this.#points.restart();
    this.relyOnAlike = undefined;
  }

  /** Another CPU may come to touch the word before the pending op of this one is made or, if it goes on meanwhile, at any time. */
  othersTouch(cpu: number, word: number, goesOn: boolean): boolean {
    this.#goesOn = goesOn;
    const may = this.#othersMay(cpu, word, this.#points.bits.touches(word));
    this.#goesOn = false;
    return may;
  }

  /** Another CPU may come to write the word. */
  othersWrite(cpu: number, word: number): boolean {
    return this.#othersMay(cpu, word, this.#points.bits.writes(word));
  }

  /** Another CPU may come to take away what walks find, or what monitors judge by (`FutureBits.revokes`). */
  othersRevoke(cpu: number): boolean {
    this.#points.learn();
    this.#asker = cpu;
    // It is not asked what a buffered store to a page table changes.
    return this.#othersDo(this.#points.bits.revokes, (other) => buffersEntry(this.#machine, other));
  }

  /** Another CPU may come to touch a word of the hand-off record, or to pass it on. */
  othersTouchRecord(cpu: number, group: number): boolean {
    this.#points.learn();
    this.#asker = cpu;
    return this.#othersDo(this.#points.bits.record(group), (other) => this.#buffersOfRecord(other, group));
  }

  /** What may get ahead of the pending op of the CPU may do so. */
  isRecordTouchedAhead(cpu: number, group: number): boolean {
    return this.#isAhead(cpu, this.#points.bits.record(group));
  }

  /** What may get ahead of the pending op of the CPU may touch the word. */
  isTouchedAhead(cpu: number, word: number): boolean {
    return this.#isAhead(cpu, this.#points.bits.touches(word));
  }

  /** What may get ahead of the pending op of the CPU may write the word. */
  isWrittenAhead(cpu: number, word: number): boolean {
    return this.#isAhead(cpu, this.#points.bits.writes(word));
  }

  /** An NMI of this CPU may touch the word. */
  nmiTouches(cpu: number, word: number): boolean {
    this.#points.learn();
    const point = this.#nmi[cpu] as number;
    const bit = this.#points.bits.touches(word);
    if (this.#points.has(point, bit)) return true;
    this.#points.rely(point, bit);
    return false;
  }

  /** An interrupt may be taken before the pending op of the CPU. */
  isOpenToInterrupts(cpu: number): boolean {
    const { state, layout } = this.#machine;
    const block = layout.cpu(cpu);
    if (state[block + CpuField.interruptFlag] === 0 || state[block + CpuField.interruptActive] !== 0) return false;
    if (state[block + CpuField.nmiActive] !== 0) return false;
    this.#asker = cpu;
    return this.#mayBeInterrupted(cpu);
  }

  /** Adds all that the CPU can come to do, but for handlers that have not been begun. */
  collect(cpu: number, row: Int32Array): void {
    this.#points.learn();
    const { bits } = this.#points;
    this.forFrames(cpu, (point) => this.#points.collect(point, row));
    this.#someStore(cpu, (word, group) => {
      setBit(row, bits.touches(word));
      setBit(row, bits.writes(word));
      if (this.#machine.isTableWord(word)) setBit(row, bits.revokes);
      for (const each of recordsOf(this.#machine, word, group)) setBit(row, bits.record(each));
      return false;
    });
    if (this.#isInterruptOnItsWay(cpu)) setBit(row, bits.pendingInterrupt);
  }

  #othersMay(cpu: number, word: number, bit: number): boolean {
    this.#points.learn();
    this.#asker = cpu;
    return this.#othersDo(bit, (other) => isForwarded(this.#machine, other, word));
  }

  /** Some other CPU than the asking one may still do this, or has buffered it; handlers are asked first, which most often cannot. */
  #othersDo(bit: number, hasBuffered: (cpu: number) => boolean): boolean {
    const { cpuCount } = this.#machine.layout;
    for (let other = 0; other < cpuCount; other++)
      if (other !== this.#asker && this.#handlersMay(other, bit)) return true;
    this.#surroundings.future(bit);
    for (let other = 0; other < cpuCount; other++)
      if (other !== this.#asker && (this.#framesMay(other, bit) || hasBuffered(other))) return true;
    this.#relyOnOthers(this.#asker, bit);
    return false;
  }

  #isAhead(cpu: number, bit: number): boolean {
    this.#points.learn();
    if (this.#points.has(this.#interrupts[cpu] as number, bit) && this.isOpenToInterrupts(cpu)) return true;
    if (this.#othersOf(cpu, bit)) return true;
    this.#relyOnHandlers(cpu, bit);
    return false;
  }

  /** A handler that may be started on this CPU, whatever it is doing now. */
  #handlersMay(cpu: number, bit: number): boolean {
    if (this.#points.has(this.#interrupts[cpu] as number, bit) && this.#mayBeInterrupted(cpu)) return true;
    return this.#othersOf(cpu, bit);
  }

  /** An NMI, a probe or the host may do it. */
  #othersOf(cpu: number, bit: number): boolean {
    const { state, layout, isVirtual } = this.#machine;
    const points = this.#points;
    this.#surroundings.nmis();
    this.#surroundings.probes();
    if (points.has(this.#nmi[cpu] as number, bit) && state[layout.nmiBudget] !== 0) return true;
    if (points.has(this.#probe[cpu] as number, bit) && state[layout.probeBudget] !== 0) return true;
    return isVirtual && points.has(this.#host[cpu] as number, bit);
  }

  #framesMay(cpu: number, bit: number): boolean {
    return this.#someFrame(cpu, (point) => this.#points.has(point, bit));
  }

  #someFrame(cpu: number, test: (point: number) => boolean): boolean {
    const { state, layout } = this.#machine;
    for (const context of this.#contexts[cpu] as readonly number[]) {
      const frames = layout.runner + context * FRAME_WORDS;
      const end = frames + (state[frames] as number);
      for (let at = frames + 1; at <= end; at++) if (test(this.#points.frame(state[at] as number))) return true;
    }
    return false;
  }

  #buffersOfRecord(cpu: number, record: number): boolean {
    return this.#someStore(cpu, (word, group) => recordsOf(this.#machine, word, group).includes(record));
  }

  #someStore(cpu: number, test: (word: number, group: number) => boolean): boolean {
    const { state, layout } = this.#machine;
    const first = layout.cpu(cpu) + CpuField.buffer;
    const end = first + (state[layout.cpu(cpu) + CpuField.bufferCount] as number) * BUFFER_STRIDE;
    for (let entry = first; entry < end; entry += BUFFER_STRIDE)
      if (test(state[entry + BufferField.word] as number, state[entry + BufferField.group] as number)) return true;
    return false;
  }

  /** An interrupt is on its way to the CPU, or may be sent to it, or its timer may run down. */
  #mayBeInterrupted(cpu: number): boolean {
    const { layout, boot } = this.#machine;
    if (layout.vectorCount === 0) return false;
    if (cpu !== this.#asker) this.#surroundings.arriving(cpu);
    if (boot.system.timer !== undefined || this.#isInterruptOnItsWay(cpu)) return true;
    this.#points.learn();
    const bit = this.#points.bits.interrupts(cpu);
    for (let other = 0; other < layout.cpuCount; other++) if (this.#handlersSend(other, bit)) return true;
    if (this.#goesOn) {
      this.#surroundings.ownFrames();
      if (this.#framesMay(this.#asker, bit)) return true;
    }
    this.#surroundings.future(bit);
    for (let other = 0; other < layout.cpuCount; other++)
      if (other !== this.#asker && this.#framesMay(other, bit)) return true;
    this.#relyOnOthers(this.#asker, bit);
    if (this.#goesOn) this.#relyOnFrames(this.#asker, bit);
    this.#relyOnHandlers(this.#asker, bit);
    return false;
  }

  /** That no other CPU than the asking one can still do this is relied upon. */
  #relyOnOthers(asker: number, bit: number): void {
    for (let cpu = 0; cpu < this.#machine.layout.cpuCount; cpu++) {
      if (cpu === asker) continue;
      if (this.relyOnAlike?.(cpu, bit) !== true) this.#relyOnFrames(cpu, bit);
      this.#relyOnHandlers(cpu, bit);
    }
  }

  #relyOnFrames(cpu: number, bit: number): void {
    this.forFrames(cpu, (point) => this.#points.rely(point, bit));
  }

  #relyOnHandlers(cpu: number, bit: number): void {
    for (const points of [this.#interrupts, this.#nmi, this.#probe, this.#host])
      this.#points.rely(points[cpu] as number, bit);
  }

  /** That these points lead to nothing that has this bit is relied upon. */
  relyOn(points: Iterable<number>, bit: number): void {
    for (const point of points) this.#points.rely(point, bit);
  }

  /** Names the points at which the frames of the CPU go on. */
  forFrames(cpu: number, name: (point: number) => void): void {
    this.#someFrame(cpu, (point) => {
      name(point);
      return false;
    });
  }

  /** Whether handlers that send interrupts are started themselves is not asked. */
  #handlersSend(cpu: number, bit: number): boolean {
    return this.#points.has(this.#interrupts[cpu] as number, bit) || this.#othersOf(cpu, bit);
  }

  #isInterruptOnItsWay(cpu: number): boolean {
    const { state, layout } = this.#machine;
    const block = layout.cpu(cpu);
    if (state[block + CpuField.irr] !== 0) return true;
    const first = block + layout.inFlight;
    for (let vector = 0; vector < layout.vectorCount; vector++) if (state[first + vector] !== 0) return true;
    return false;
  }
}

function setBit(row: Int32Array, bit: number): void {
  row[bit >>> 5] = (row[bit >>> 5] as number) | (1 << (bit & 31));
}
