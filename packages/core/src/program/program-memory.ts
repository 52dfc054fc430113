import { OP_STRIDE } from './opcode.js';

/** Opcode of a frame whose program has returned; operand a holds the result. */
export const RETURNED = -1;
/** Opcode of a node at which a program asks how far the sealed values at the places a and b are apart; what it receives is the answer. */
export const DIFFERENCE = -2;
/** Integers from one op to the next: the op, and for a node its links. A node fills a cache line of the host. */
export const NODE_STRIDE = 16;
/** Offset behind the op of a frame that lies in the place of the frame: the node at which memory serves it, 0 when its generator does. */
export const SERVED_BY: number = OP_STRIDE;
/** Offsets within a node, behind the op. A start node has parent 0 and the number of its key as what it received. */
const Link = {
  parent: 8,
  received: 9,
  firstValue: 10,
  first: 11,
  secondValue: 12,
  second: 13,
  /** Start node of the program that a call or become node goes to. */
  target: 14,
  /** Next node in the same bucket. */
  chain: 15,
} as const;
/** Integers of a start's key: program, CPU, six arguments. */
const KEY = 8;
type Arguments = readonly [number, number, number, number, number, number];
/** Nodes that are kept; what comes later is run and forgotten. */
const MAX_NODES = 2 ** 18;
const FIRST_BUCKETS = 2 ** 12;

/**
 * What programs did before: each node is a program on a CPU with its arguments and the results it has received, and holds the op
 * that it yields then. A node is named by its offset in `ops`; 0 names none.
 *
 * Successors for the two values met first lie in the node itself, others and starts are found by hashing.
 */
export class ProgramMemory {
  /** Pending ops: a reserved part for the runner, which begins with the constant op 0, then the nodes. Replaced when it grows. */
  ops: Int32Array;
  readonly #reserved: number;
  #end: number;
  #keys: Int32Array = new Int32Array(64 * KEY);
  #keyCount = 0;
  #buckets: Int32Array = new Int32Array(FIRST_BUCKETS);
  #hashed = 0;

  /** @param reserved integers of `ops` that the runner uses for itself; a multiple of `NODE_STRIDE`. */
  constructor(reserved: number) {
    this.#reserved = reserved;
    this.#end = reserved;
    this.ops = new Int32Array(reserved + 64 * NODE_STRIDE);
  }

  /** Nodes on record. */
  get size(): number {
    return (this.#end - this.#reserved) / NODE_STRIDE;
  }

  /** The node of a program started on a CPU with these six arguments. */
  start(program: number, cpu: number, given: readonly number[]): number {
    const [a, b, c, d, e, f] = given as Arguments;
    const { ops } = this;
    let node = this.#buckets[this.#startBucket(program, cpu, a, b, c, d, e, f)] as number;
    for (; node !== 0; node = ops[node + Link.chain] as number) {
      if (ops[node + Link.parent] !== 0) continue;
      const key = ops[node + Link.received] as number;
      const keys = this.#keys;
      if (keys[key] !== program || keys[key + 1] !== cpu || keys[key + 2] !== a || keys[key + 3] !== b) continue;
      if (keys[key + 4] === c && keys[key + 5] === d && keys[key + 6] === e && keys[key + 7] === f) return node;
    }
    return 0;
  }

  /** Records a start with these six arguments that is not on record, with the op at `op` of `ops`. Returns its node, 0 when there is no room. */
  addStart(op: number, program: number, cpu: number, given: readonly number[]): number {
    const node = this.#append(op, 0, this.#keyCount * KEY);
    if (node === 0) return 0;
    if (this.#keyCount * KEY === this.#keys.length) this.#keys = doubled(this.#keys);
    this.#keys.set([program, cpu, ...given], this.#keyCount++ * KEY);
    this.#hash(node);
    return node;
  }

  /** The node after this one has received a value. */
  next(node: number, value: number): number {
    const { ops } = this;
    if (ops[node + Link.firstValue] === value) return ops[node + Link.first] as number;
    if (ops[node + Link.secondValue] === value && ops[node + Link.second] !== 0)
      return ops[node + Link.second] as number;
    return ops[node + Link.second] === 0 ? 0 : this.#hashedNext(node, value);
  }

  /** Records what follows when a node receives a value for the first time: the op at `op` of `ops`. Returns its node, or 0. */
  add(parent: number, value: number, op: number): number {
    const node = this.#append(op, parent, value);
    if (node === 0) return 0;
    const { ops } = this;
    if (ops[parent + Link.first] === 0) {
      ops[parent + Link.firstValue] = value;
      ops[parent + Link.first] = node;
    } else if (ops[parent + Link.second] === 0) {
      ops[parent + Link.secondValue] = value;
      ops[parent + Link.second] = node;
    } else {
      this.#hash(node);
    }
    return node;
  }

  /** Start node of what a call or become node goes to, once it is known. */
  target(node: number): number {
    return this.ops[node + Link.target] as number;
  }
  setTarget(node: number, start: number): void {
    this.ops[node + Link.target] = start;
  }

  /** True when the op at this node is the one at `op` of `ops`. */
  isSameOp(node: number, op: number): boolean {
    for (let i = 0; i < OP_STRIDE; i++) if (this.ops[node + i] !== this.ops[op + i]) return false;
    return true;
  }

  /** The nodes from the start of the program to this one. */
  pathTo(node: number): readonly number[] {
    const path: number[] = [];
    for (let at = node; at !== 0; at = this.ops[at + Link.parent] as number) path.push(at);
    return path.reverse();
  }
  /** What led to a node that is no start. */
  received(node: number): number {
    return this.ops[node + Link.received] as number;
  }
  /** Arguments of a start node. */
  argumentsOf(start: number): Int32Array {
    const key = this.received(start);
    return this.#keys.subarray(key + 2, key + KEY);
  }

  #hashedNext(node: number, value: number): number {
    const { ops } = this;
    let child = this.#buckets[this.#childBucket(node, value)] as number;
    for (; child !== 0; child = ops[child + Link.chain] as number) {
      if (ops[child + Link.parent] === node && ops[child + Link.received] === value) return child;
    }
    return 0;
  }

  #append(op: number, parent: number, received: number): number {
    if (this.size >= MAX_NODES) return 0;
    if (this.#end === this.ops.length) this.ops = doubled(this.ops);
    const node = this.#end;
    this.#end += NODE_STRIDE;
    this.ops.copyWithin(node, op, op + OP_STRIDE);
    this.ops[node + Link.parent] = parent;
    this.ops[node + Link.received] = received;
    return node;
  }

  #hash(node: number): void {
    if (this.#hashed++ > 2 * this.#buckets.length) this.#rehash();
    this.#enter(node);
  }

  #enter(node: number): void {
    const { ops } = this;
    const bucket = this.#bucketOf(node);
    ops[node + Link.chain] = this.#buckets[bucket] as number;
    this.#buckets[bucket] = node;
  }

  #bucketOf(node: number): number {
    const { ops } = this;
    const parent = ops[node + Link.parent] as number;
    if (parent !== 0) return this.#childBucket(parent, ops[node + Link.received] as number);
    const [program = 0, cpu = 0, a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = this.#keys.subarray(
      ops[node + Link.received] as number,
    );
    return this.#startBucket(program, cpu, a, b, c, d, e, f);
  }

  #rehash(): void {
    const old = this.#buckets;
    this.#buckets = new Int32Array(old.length * 4);
    for (const first of old) {
      for (let node = first; node !== 0; ) {
        const following = this.ops[node + Link.chain] as number;
        this.#enter(node);
        node = following;
      }
    }
  }

  #childBucket(node: number, value: number): number {
    return this.#bucket(mix(node, value));
  }

  #startBucket(program: number, cpu: number, a: number, b: number, c: number, d: number, e: number, f: number): number {
    return this.#bucket(mix(mix(mix(mix(program, cpu), mix(a, b)), mix(c, d)), mix(e, f)));
  }

  #bucket(hash: number): number {
    return (hash ^ (hash >>> 15)) & (this.#buckets.length - 1);
  }
}

function mix(a: number, b: number): number {
  return Math.imul(Math.imul(a, 0x9e3779b1) ^ (b + 0x7f4a7c15), 0x85ebca6b) ^ (a >>> 13);
}

function doubled(array: Int32Array): Int32Array {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
