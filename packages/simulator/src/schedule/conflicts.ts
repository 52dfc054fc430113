import { BUFFER_STRIDE, CpuField, type Machine, PROGRAM_OPS, type Schedule } from '@shootdown/core';
import { BufferNeed, bufferNeeds } from '../op-table.js';
import { pendingOpcode } from './enabled.js';
import { engineCount, engineNumber, engineOf } from './engines.js';
import { type Touches, touchedBy } from './touches.js';

/** What a schedule says of the order of its moves. */
export interface Conflicts {
  /** Per move: moves of other engines that have to take effect before it, because it would find or leave something else otherwise. */
  readonly before: readonly (readonly number[])[];
  /** Those of them that are in its way in memory: their lines are granted in the order of requests, so they have to begin before it too. */
  readonly requestedBefore: readonly (readonly number[])[];
  /** Per engine: its moves in order. */
  readonly ofEngine: readonly (readonly number[])[];
  /** Per move: the opcode that was pending on its CPU when it was made; -1 for none. */
  readonly pending: Int32Array;
}

/** Makes the moves of a schedule on a machine in its initial state, and tells which of them have to keep their order. */
export function conflictsOf(machine: Machine, schedule: Schedule): Conflicts {
  const finder = new Finder(machine);
  const pending = new Int32Array(schedule.length);
  for (let index = 0; index < schedule.length; index++) {
    pending[index] = pendingOpcode(machine, schedule.cpu(index));
    finder.next(schedule, index);
  }
  const { before, requestedBefore, ofEngine } = finder;
  return { before, requestedBefore, ofEngine, pending };
}

/** Of one place: the last move that wrote it, and those that have read it since. */
interface History {
  writer: number;
  readers: number[];
}

/** A store that was put into a buffer, and the moves that have got its value from there. */
interface Buffered {
  readonly move: number;
  readonly word: number;
  readonly readers: number[];
}

class Finder {
  readonly before: number[][] = [];
  readonly requestedBefore: number[][] = [];
  readonly ofEngine: number[][];
  readonly #machine: Machine;
  readonly #needs: Uint8Array;
  readonly #engine: number[] = [];
  readonly #history: Map<number, History> = new Map<number, History>();
  /** Per CPU: the stores of its buffer, drained ones included, and the moves that drained them. */
  readonly #stored: Buffered[][];
  readonly #drained: number[][];

  constructor(machine: Machine) {
    const { cpuCount } = machine.layout;
    this.#machine = machine;
    this.#needs = bufferNeeds(machine.shape);
    this.ofEngine = Array.from({ length: engineCount(cpuCount) }, () => []);
    this.#stored = Array.from({ length: cpuCount }, () => []);
    this.#drained = Array.from({ length: cpuCount }, () => []);
  }

  /** Makes the next move. */
  next(schedule: Schedule, index: number): void {
    const cpu = schedule.cpu(index);
    const move = schedule.move(index);
    const engine = engineNumber(cpu, engineOf(move));
    const stores = this.#buffered(cpu);
    const touches = touchedBy(this.#machine, schedule, index);
    const change = this.#buffered(cpu) - stores;
    const inMemory = this.#conflicting(touches, true);
    const others = [...this.#conflicting(touches, false), ...this.#throughBuffer(cpu, move, change)];
    this.#enter(touches, index, cpu, change);
    (this.ofEngine[engine] as number[]).push(index);
    this.#engine.push(engine);
    this.requestedBefore.push(this.#ofOthers(inMemory, engine));
    this.before.push(this.#ofOthers([...inMemory, ...others], engine));
  }

  #ofOthers(moves: readonly number[], engine: number): number[] {
    return [...new Set(moves)].filter((move) => this.#engine[move] !== engine).sort((a, b) => a - b);
  }

  #buffered(cpu: number): number {
    return this.#machine.state[this.#machine.layout.cpu(cpu) + CpuField.bufferCount] as number;
  }

  /** The word of the last store in the buffer. */
  #newest(cpu: number): number {
    const first = this.#machine.layout.cpu(cpu) + CpuField.buffer;
    return this.#machine.state[first + (this.#buffered(cpu) - 1) * BUFFER_STRIDE] as number;
  }

  #conflicting({ reads, writes }: Touches, inMemory: boolean): readonly number[] {
    const found: number[] = [];
    for (const place of [...reads, ...writes]) {
      if (place < this.#machine.layout.cpuBlock !== inMemory) continue;
      const { writer, readers } = this.#at(place);
      if (writer >= 0) found.push(writer);
      if (writes.has(place)) found.push(...readers);
    }
    return found;
  }

  /** A store drains after it was made and after its value was got from the buffer, a move that needs an empty buffer or room in it comes after the drain that made it so. */
  #throughBuffer(cpu: number, move: number, change: number): readonly number[] {
    const drained = this.#drained[cpu] as number[];
    const stored = this.#stored[cpu] as Buffered[];
    if (change < 0) {
      const { move: store, readers } = stored[drained.length] as Buffered;
      return [store, ...readers];
    }
    const full = stored.length - this.#machine.shape.storeBufferDepth;
    if (change > 0) return full < 0 ? [] : [drained[full] as number];
    return this.#needsEmptyBuffer(move) ? drained.slice(-1) : [];
  }

  #needsEmptyBuffer(move: number): boolean {
    return PROGRAM_OPS[move]?.drains === true || this.#needs[move] === BufferNeed.empty;
  }

  #enter({ reads, writes, forwarded }: Touches, index: number, cpu: number, change: number): void {
    for (const word of forwarded) this.#stored[cpu]?.findLast((store) => store.word === word)?.readers.push(index);
    for (const place of reads) this.#at(place).readers.push(index);
    for (const place of writes) this.#history.set(place, { writer: index, readers: [] });
    if (change > 0) (this.#stored[cpu] as Buffered[]).push({ move: index, word: this.#newest(cpu), readers: [] });
    if (change < 0) (this.#drained[cpu] as number[]).push(index);
  }

  #at(place: number): History {
    const known = this.#history.get(place);
    if (known !== undefined) return known;
    const fresh = { writer: -1, readers: [] };
    this.#history.set(place, fresh);
    return fresh;
  }
}
