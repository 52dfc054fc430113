import { grown } from '../search/vector-table.js';
import { PairTable } from '../search/pair-table.js';

/** Columns of a node: what is asked there, one answer to it and what that leads to. Other answers are in a table. */
const Node = { question: 0, answer: 1, child: 2 } as const;
const NODE = 3;

/** Knows the answers to questions, now. */
export interface Answering {
  of(question: number): number;
}

/** Nothing is known that holds for these answers. */
export const UNKNOWN = 0;

/**
 * What is known under which answers: questions are asked one after the other, each answer leads to the next one or to a leaf. A tree is named
 * by its root: `UNKNOWN`, a node, or a leaf `~n`.
 */
export class DecisionTrees {
  #nodes = new Int32Array(1024 * NODE);
  #count = 1;
  /** What other answers lead to, by node and answer. */
  readonly #others = new PairTable();

  get bytes(): number {
    return this.#nodes.byteLength + this.#others.bytes;
  }

  /** Nodes, and children beyond the first one of a node. */
  get size(): number {
    return this.#count + this.#others.count;
  }

  /** The leaf that these answers lead to, `~n`, or `UNKNOWN`. */
  find(root: number, answers: Answering): number {
    let at = root;
    while (at > 0) at = this.#child(at, answers.of(this.#nodes[at * NODE + Node.question] as number));
    return at;
  }

  /** Adds a leaf for the answers to these questions, those from `first` to before `end`, which were asked in this order. The root of the tree from now on. */
  add(root: number, questions: Int32Array, first: number, end: number, answers: Answering, leaf: number): number {
    if (first === end) return ~leaf;
    const top = this.#asking(root, questions[first] as number);
    let at = top;
    for (let next = first + 1; next <= end; next++) {
      const value = answers.of(questions[next - 1] as number);
      const child = next < end ? this.#asking(this.#child(at, value), questions[next] as number) : ~leaf;
      this.#link(at, value, child);
      at = child;
    }
    return top;
  }

  /** The node, if this is asked there, or a new one. */
  #asking(node: number, question: number): number {
    if (node > 0 && this.#nodes[node * NODE + Node.question] === question) return node;
    if ((this.#count + 1) * NODE > this.#nodes.length) this.#nodes = grown(this.#nodes);
    this.#nodes[this.#count * NODE + Node.question] = question;
    return this.#count++;
  }

  #child(node: number, value: number): number {
    const at = node * NODE;
    if (this.#nodes[at + Node.answer] === value) return this.#nodes[at + Node.child] as number;
    return this.#others.get(node, value);
  }

  #link(node: number, value: number, child: number): void {
    const at = node * NODE;
    if (this.#nodes[at + Node.child] === UNKNOWN) this.#nodes[at + Node.answer] = value;
    if (this.#nodes[at + Node.answer] === value) this.#nodes[at + Node.child] = child;
    else this.#others.set(node, value, child);
  }
}
