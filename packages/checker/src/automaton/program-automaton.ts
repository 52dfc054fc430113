import {
  type Boot,
  OP_STRIDE,
  Opcode,
  OPCODE_NAMES,
  Operand,
  type ProgramStep,
  ProgramTable,
  ShootdownError,
  type WordLists,
} from '@shootdown/core';

/** Opcode of a node at which the program has returned; operand a holds the result. */
export const RETURNED = -1;

/** How a node is reached from nothing: a program with its arguments, and the results it received since. */
export interface NodePath {
  readonly program: number;
  readonly cpu: number;
  readonly args: readonly number[];
  readonly values: readonly number[];
}

export interface AutomatonOptions {
  /** Nodes one program may unfold into before it is refused. */
  readonly maxNodesPerProgram: number;
  /** How a micro-op reads, for messages; `base` is its offset into `operands`. */
  describe(base: number): string;
}

/**
 * The programs of a machine as one automaton. A program is a deterministic function of the values it has received, so
 * a node is (program, CPU, arguments, values received) and holds what the program does next: a micro-op, a call, a
 * `become` or its return. A generator is re-run only for a (node, value) pair that was never met before, and every op
 * on the way is compared with the one on record.
 *
 * Node numbers are in order of discovery: they are never persisted nor compared between two automata. Node 0 is the
 * finished context.
 */
export class ProgramAutomaton {
  /** What each node does next, `OP_STRIDE` integers a node. Replaced when it grows. */
  operands: Int32Array = new Int32Array(64 * OP_STRIDE);
  readonly table: ProgramTable;
  /** Generators run so far. */
  runs = 0;
  readonly #options: AutomatonOptions;
  readonly #cpuCount: number;
  readonly #nodesOfProgram: Int32Array;
  readonly #program: number[] = [0];
  readonly #cpu: number[] = [0];
  /** Node before this one, or 0 for a start; then the value received there. */
  readonly #parent: number[] = [0];
  readonly #received: number[] = [0];
  /** Arguments of start nodes. */
  readonly #arguments: (readonly number[] | undefined)[] = [undefined];
  /** Successor for the first value met at a node, beside the others. Call and become nodes keep their target here. */
  readonly #firstValue: number[] = [0];
  readonly #firstChild: number[] = [0];
  readonly #otherChildren: (Map<number, number> | undefined)[] = [undefined];
  readonly #targets: number[] = [0];
  readonly #starts = new Map<string, number>();
  readonly #plainStarts: Int32Array;

  constructor(boot: Boot, lists: WordLists, options: AutomatonOptions) {
    this.table = new ProgramTable(boot, lists);
    this.#options = options;
    this.#cpuCount = boot.shape.cpuCount;
    this.#nodesOfProgram = new Int32Array(boot.programs.length);
    this.#plainStarts = new Int32Array(boot.programs.length * this.#cpuCount);
    this.operands[0] = Opcode.finished;
  }

  /** Nodes so far, node 0 included. */
  get size(): number {
    return this.#program.length;
  }

  opcode(node: number): number {
    return this.operands[node * OP_STRIDE] as number;
  }

  operand(node: number, offset: number): number {
    return this.operands[node * OP_STRIDE + offset] as number;
  }

  programOf(node: number): number {
    return this.#program[node] as number;
  }

  /** The node before this one; 0 for the start of a program. */
  parentOf(node: number): number {
    return this.#parent[node] as number;
  }

  /** The CPU on which the program of the node runs. */
  cpuOf(node: number): number {
    return this.#cpu[node] as number;
  }

  /** `Program 'flush' of kernel`. */
  nameOf(program: number): string {
    return this.table.place(program, -1);
  }

  /** How the details of an error name a program. */
  details(program: number): { readonly program: string; readonly strategy: string } {
    const entry = this.table.entries[program];
    return { program: entry?.name ?? '?', strategy: entry?.owner ?? '?' };
  }

  /** The node of a program started on a CPU with these arguments. */
  start(program: number, cpu: number, args: readonly number[]): number {
    const key = `${program},${cpu},${args.join()}`;
    const known = this.#starts.get(key);
    if (known !== undefined) return known;
    const node = this.#derive([], program, cpu, args, [0]);
    this.#arguments[node] = args;
    this.#starts.set(key, node);
    return node;
  }

  /** As `start` for a program without arguments: an interrupt handler. */
  startPlain(program: number, cpu: number): number {
    const slot = program * this.#cpuCount + cpu;
    const known = this.#plainStarts[slot] as number;
    if (known !== 0) return known;
    const node = this.start(program, cpu, [0, 0, 0, 0, 0, 0]);
    this.#plainStarts[slot] = node;
    return node;
  }

  /** The first node of what a call or become node on this CPU goes to. */
  target(node: number, cpu: number): number {
    const known = this.#targets[node] as number;
    if (known !== 0 && this.#cpu[known] === cpu) return known;
    const base = node * OP_STRIDE;
    const target = this.start(this.operand(node, 1), cpu, [...this.operands.subarray(base + 2, base + 8)]);
    this.#targets[node] = target;
    return target;
  }

  /** The node after this one has received a value. */
  child(node: number, value: number): number {
    const known = this.#knownChild(node, value);
    return known === 0 ? this.#deriveBehind(node, [value]) : known;
  }

  /** The same where it is known; else 0. */
  #knownChild(node: number, value: number): number {
    const first = this.#firstChild[node] as number;
    if (first === 0 || this.#firstValue[node] === value) return first;
    return this.#otherChildren[node]?.get(value) ?? 0;
  }

  #link(node: number, value: number, child: number): void {
    if (this.#firstChild[node] === 0) {
      this.#firstValue[node] = value;
      this.#firstChild[node] = child;
      return;
    }
    const others = this.#otherChildren[node] ?? new Map<number, number>();
    this.#otherChildren[node] = others;
    others.set(value, child);
  }

  /** How the node is reached from the start of its program. */
  pathOf(node: number): NodePath {
    const steps = this.#steps(node);
    const start = steps[0] as number;
    const values = steps.slice(1).map((step) => this.#received[step] as number);
    return {
      program: this.programOf(node),
      cpu: this.#cpu[node] as number,
      args: this.#arguments[start] ?? [],
      values,
    };
  }

  /** The node at the end of a path. What is not known of it is derived by one generator. */
  follow(path: NodePath): number {
    let node = this.start(path.program, path.cpu, path.args);
    for (let index = 0; index < path.values.length; index++) {
      const child = this.#knownChild(node, path.values[index] as number);
      if (child === 0) return this.#deriveBehind(node, path.values.slice(index));
      node = child;
    }
    return node;
  }

  /** The nodes from the start of the program to this one. */
  #steps(node: number): number[] {
    const steps: number[] = [];
    for (let step = node; step !== 0; step = this.#parent[step] as number) steps.push(step);
    return steps.reverse();
  }

  #deriveBehind(node: number, values: readonly number[]): number {
    const steps = this.#steps(node);
    const args = this.#arguments[steps[0] as number] ?? [];
    return this.#derive(steps, this.programOf(node), this.#cpu[node] as number, args, values);
  }

  /** Re-runs a program along known nodes, then records what it does after each of some more values. The last node. */
  #derive(
    steps: readonly number[],
    program: number,
    cpu: number,
    args: readonly number[],
    values: readonly number[],
  ): number {
    this.runs++;
    const generator = this.table.open(program, cpu, args);
    const scratch = new Int32Array(OP_STRIDE);
    for (const step of steps) {
      this.#capture(this.table.step(generator, program, cpu, this.#received[step] as number), program, cpu, scratch);
      this.#compare(step, scratch);
    }
    let node = steps.at(-1) ?? 0;
    for (const value of values) {
      this.#capture(this.table.step(generator, program, cpu, value), program, cpu, scratch);
      const next = this.#add(program, cpu, node, value, scratch);
      if (node !== 0) this.#link(node, value, next);
      node = next;
    }
    return node;
  }

  /** Writes what the program does next, with unused operands 0. */
  #capture(step: ProgramStep, program: number, cpu: number, into: Int32Array): void {
    const file = this.table.registers.file;
    if (step.done === true) {
      into.fill(0);
      into[0] = RETURNED;
      into[Operand.a] = this.table.resultOf(program, cpu, step.value);
      return;
    }
    into.set(file);
    file[Operand.group] = 0;
    if ((into[0] as number) >= Opcode.call) return;
    into[5] = 0;
    if (into[Operand.group] === 0) into[Operand.owner] = 0;
  }

  #compare(node: number, found: Int32Array): void {
    const base = node * OP_STRIDE;
    for (let i = 0; i < OP_STRIDE; i++) {
      if (this.operands[base + i] !== found[i]) throw this.#unrepeatable(node, found[0] as number);
    }
  }

  #unrepeatable(node: number, found: number): ShootdownError {
    const program = this.nameOf(this.programOf(node));
    const first = this.text(node);
    const second = OPCODE_NAMES[found] ?? 'return';
    const message = `${program}, run again with the same arguments and results, did '${second}' with other operands where it had done '${first}'. Keep all state in machine words.`;
    return new ShootdownError('NONDETERMINISM', message, {
      details: { ...this.details(this.programOf(node)), op: first },
    });
  }

  /** How a node reads in messages. */
  text(node: number): string {
    const opcode = this.opcode(node);
    if (opcode === RETURNED) return `return ${this.operand(node, Operand.a)}`;
    if (opcode < Opcode.call) return this.#options.describe(node * OP_STRIDE);
    return `${OPCODE_NAMES[opcode] ?? '?'} ${this.table.entries[this.operand(node, 1)]?.name ?? '?'}`;
  }

  #add(program: number, cpu: number, parent: number, value: number, operands: Int32Array): number {
    const node = this.size;
    if ((node + 1) * OP_STRIDE > this.operands.length) this.#grow();
    this.operands.set(operands, node * OP_STRIDE);
    this.#program.push(program);
    this.#cpu.push(cpu);
    this.#parent.push(parent);
    this.#received.push(value);
    this.#arguments.push(undefined);
    this.#firstValue.push(0);
    this.#firstChild.push(0);
    this.#otherChildren.push(undefined);
    this.#targets.push(0);
    const count = (this.#nodesOfProgram[program] as number) + 1;
    this.#nodesOfProgram[program] = count;
    if (count > this.#options.maxNodesPerProgram) throw this.#unbounded(program);
    return node;
  }

  #grow(): void {
    const grown = new Int32Array(this.operands.length * 2);
    grown.set(this.operands);
    this.operands = grown;
  }

  #unbounded(program: number): ShootdownError {
    const counts = new Map<string, number>();
    for (let node = 1; node < this.size; node++) {
      if (this.programOf(node) === program) counts.set(this.text(node), (counts.get(this.text(node)) ?? 0) + 1);
    }
    const [op] = [...counts].reduce((most, entry) => (entry[1] > most[1] ? entry : most));
    const message = `${this.nameOf(program)} unfolds into more than ${this.#options.maxNodesPerProgram} nodes; '${op}' repeats most. End each round of a loop with return yield* cpu.become(…) and arguments from a small range.`;
    return new ShootdownError('UNBOUNDED_PROGRAM', message, { details: { ...this.details(program), op } });
  }
}
