import { ByteLog } from './byte-log.js';
import { grown } from './vector-table.js';

/** A state that is expanded, and the moves out of it; a higher number is a fair move to a known state, told by its distance. */
const Token = { state: 0, endState: 1, unfairToNew: 2, fairToNew: 3, fairToKnown: 4 } as const;
/** States that are read together. */
const BLOCK = 32;
/** A position is no small integer. */
const BYTES_OF_BLOCK = 16;

/** Some states in the order of their numbers, and the fair moves out of them. The next block that is read takes its place. */
export interface GraphBlock {
  first: number;
  count: number;
  /** By place in the block: 1 when all threads that ought to end have ended. */
  readonly isEnd: Uint8Array;
  /** By place in the block: the end of its targets, which begin where those before end. */
  readonly ends: Int32Array;
  targets: Int32Array<ArrayBuffer>;
}

/**
 * What a search has found out of each state. States are expanded in the order of their numbers and numbered in the order in which they
 * are met, so one list tells the fair moves and from where each state was met first. Most moves take one to three bytes.
 */
export class Graph {
  readonly #log = new ByteLog();
  /** Of each block: where its states begin, and how many states were known before. */
  readonly #positions: number[] = [];
  readonly #knownBefore: number[] = [];
  #expanded = 0;
  /** States met; the initial one from the beginning. */
  #known = 1;
  readonly #block: GraphBlock = {
    first: 0,
    count: 0,
    isEnd: new Uint8Array(BLOCK),
    ends: new Int32Array(BLOCK),
    targets: new Int32Array(1024),
  };

  get bytes(): number {
    return this.#log.bytes + BYTES_OF_BLOCK * this.#positions.length;
  }

  /** States that have been expanded. */
  get count(): number {
    return this.#expanded;
  }

  /** The moves told from here on leave the next state. `isEnd`: all threads that ought to end have ended in it. */
  begin(isEnd: boolean): void {
    if (this.#expanded % BLOCK === 0) this.#beginBlock();
    this.#log.add(isEnd ? Token.endState : Token.state);
    this.#expanded++;
  }

  #beginBlock(): void {
    this.#positions.push(this.#log.end);
    this.#knownBefore.push(this.#known);
  }

  /** A move out of the state begun last leads to this one. */
  leadsTo(state: number, isFair: boolean): void {
    if (state === this.#known) {
      this.#known++;
      this.#log.add(isFair ? Token.fairToNew : Token.unfairToNew);
    } else if (isFair) this.#log.add(Token.fairToKnown + zigzag(state - this.#expanded));
  }

  get blocks(): number {
    return Math.ceil(this.#expanded / BLOCK);
  }

  /** The states of this block and of no other. */
  rangeOf(block: number): readonly [first: number, end: number] {
    return [block * BLOCK, Math.min(this.#expanded, (block + 1) * BLOCK)];
  }

  read(index: number): GraphBlock {
    const block = this.#block;
    const end = this.#endOf(index);
    let known = this.#seek(index);
    let targets = 0;
    block.first = index * BLOCK;
    block.count = 0;
    while (this.#log.position < end) {
      const token = this.#log.next();
      if (token <= Token.endState) {
        block.isEnd[block.count++] = token;
      } else {
        const isNew = token < Token.fairToKnown;
        const distance = isNew ? 0 : unzigzag(token - Token.fairToKnown);
        if (token !== Token.unfairToNew)
          this.#putTarget(targets++, isNew ? known : distance + block.first + block.count);
        if (isNew) known++;
      }
      block.ends[block.count - 1] = targets;
    }
    return block;
  }

  #putTarget(at: number, state: number): void {
    if (at === this.#block.targets.length) this.#block.targets = grown(this.#block.targets);
    this.#block.targets[at] = state;
  }

  blockOf(state: number): number {
    return Math.floor(state / BLOCK);
  }

  /** The state from which this one was met first; -1 for the initial one. */
  parentOf(state: number): number {
    if (state === 0) return -1;
    const block = this.#blockThatMet(state);
    let known = this.#seek(block);
    let parent = block * BLOCK - 1;
    while (known <= state) {
      const token = this.#log.next();
      if (token <= Token.endState) parent++;
      else if (token <= Token.fairToNew) known++;
    }
    return parent;
  }

  /** The last block before which the state was not known. */
  #blockThatMet(state: number): number {
    let low = 0;
    let high = this.blocks - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#knownBefore[middle] as number) <= state) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Reads from this block on; the number of states known before it. */
  #seek(block: number): number {
    this.#log.seek(this.#positions[block] as number);
    return this.#knownBefore[block] as number;
  }

  #endOf(block: number): number {
    return block + 1 < this.blocks ? (this.#positions[block + 1] as number) : this.#log.end;
  }
}

/** Small numbers of either sign as small natural ones: 0, -1, 1, -2, … */
function zigzag(value: number): number {
  return (value << 1) ^ (value >> 31);
}

function unzigzag(value: number): number {
  return (value >>> 1) ^ -(value & 1);
}
