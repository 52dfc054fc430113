import { grown, VectorTable } from '../search/vector-table.js';

/** Columns of a node: what is asked there, one answer to it and what that leads to. Other answers are in a table. */
const Node = { question: 0, answer: 1, child: 2 } as const;
const NODE = 3;

/** The answer to a question, now. */
export type Answer = (question: number) => number;

/** Nothing is known that holds for these answers. */
export const UNKNOWN = 0;

/**
 * What is known under which answers: questions are asked one after the other, each answer leads to the next one or to a leaf. A tree is named
 * by its root: `UNKNOWN`, a node, or a leaf `~n`.
 */
export class DecisionTrees {
  #nodes = new Int32Array(1024 * NODE);
  #count = 1;
  /** Node and answer, and by the number of such a pair what it leads to. */
  readonly #others = new VectorTable(0, 2);
  #children = new Int32Array(1024);
  readonly #pair = new Int32Array(2);

  get bytes(): number {
    return this.#nodes.byteLength + this.#others.bytes + this.#children.byteLength;
  }

  /** Nodes, and children beyond the first one of a node. */
  get size(): number {
    return this.#count + this.#others.count;
  }

  /** The leaf that these answers lead to, `~n`, or `UNKNOWN`. */
  find(root: number, answer: Answer): number {
    let at = root;
    while (at > 0) {
      const node = at * NODE;
      const value = answer(this.#nodes[node + Node.question] as number);
      at =
        this.#nodes[node + Node.answer] === value ? (this.#nodes[node + Node.child] as number) : this.#other(at, value);
    }
    return at;
  }

  /** Adds a leaf for the answers to these questions, which were asked in this order. The root of the tree from now on. */
  add(root: number, questions: Int32Array, count: number, answer: Answer, leaf: number): number {
    let top = root;
    let at = root;
    let before = 0;
    let value = 0;
    for (let index = 0; index <= count; index++) {
      const question = index < count ? (questions[index] as number) : UNKNOWN;
      if (index === count) at = ~leaf;
      else if (at <= 0 || this.#nodes[at * NODE + Node.question] !== question) at = this.#node(question);
      if (before === 0) top = at;
      else this.#link(before, value, at);
      if (index === count) break;
      before = at;
      value = answer(question);
      at = this.#child(at, value);
    }
    return top;
  }

  #node(question: number): number {
    if ((this.#count + 1) * NODE > this.#nodes.length) this.#nodes = grown(this.#nodes);
    this.#nodes[this.#count * NODE + Node.question] = question;
    return this.#count++;
  }

  #child(node: number, value: number): number {
    if (this.#nodes[node * NODE + Node.answer] === value) return this.#nodes[node * NODE + Node.child] as number;
    return this.#other(node, value);
  }

  #other(node: number, value: number): number {
    this.#pair[0] = node;
    this.#pair[1] = value;
    const id = this.#others.find(this.#pair);
    return id < 0 ? UNKNOWN : (this.#children[id] as number);
  }

  #link(node: number, value: number, child: number): void {
    const at = node * NODE;
    if (this.#nodes[at + Node.child] === 0) this.#nodes[at + Node.answer] = value;
    if (this.#nodes[at + Node.answer] === value) {
      this.#nodes[at + Node.child] = child;
      return;
    }
    this.#pair[0] = node;
    this.#pair[1] = value;
    const id = this.#others.intern(this.#pair);
    if (id >= this.#children.length) this.#children = grown(this.#children);
    this.#children[id] = child;
  }
}
