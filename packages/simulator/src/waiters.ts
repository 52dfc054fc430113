/** CPUs asleep on lines, first come first woken. Nodes are pooled; nothing is allocated once the pool has grown. */
export class Waiters {
  /** Per line: first node + 1. Untouched lines cost no memory. */
  readonly #heads: Int32Array;
  #next: Int32Array = new Int32Array(64);
  #cpus: Int32Array = new Int32Array(64);
  #free = -1;
  #used = 0;
  /** Per CPU: lines it sleeps on. */
  readonly #lines: number[][];

  constructor(lineCount: number, cpuCount: number) {
    this.#heads = new Int32Array(lineCount);
    this.#lines = Array.from({ length: cpuCount }, () => []);
  }

  isEmpty(line: number): boolean {
    return this.#heads[line] === 0;
  }

  add(line: number, cpu: number): void {
    const node = this.#take();
    this.#cpus[node] = cpu;
    this.#next[node] = 0;
    (this.#lines[cpu] as number[]).push(line);
    let at = this.#heads[line] as number;
    if (at === 0) {
      this.#heads[line] = node + 1;
      return;
    }
    while (this.#next[at - 1] !== 0) at = this.#next[at - 1] as number;
    this.#next[at - 1] = node + 1;
  }

  /** The CPU sleeps on the line of each of these words, in their order; words of one line follow each other. */
  addAll(words: readonly number[], cpu: number): void {
    let previous = -1;
    for (const word of words) {
      if (word >> 3 !== previous) this.add(word >> 3, cpu);
      previous = word >> 3;
    }
  }

  /** The CPU that has slept longest on the line, removed from every line it sleeps on; -1 when nobody does. */
  takeFirst(line: number): number {
    const head = this.#heads[line] as number;
    if (head === 0) return -1;
    const cpu = this.#cpus[head - 1] as number;
    this.remove(cpu);
    return cpu;
  }

  remove(cpu: number): void {
    const lines = this.#lines[cpu] as number[];
    for (const line of lines) this.#unlink(line, cpu);
    lines.length = 0;
  }

  #unlink(line: number, cpu: number): void {
    let previous = -1;
    for (let at = (this.#heads[line] as number) - 1; at >= 0; at = (this.#next[at] as number) - 1) {
      if (this.#cpus[at] === cpu) {
        if (previous < 0) this.#heads[line] = this.#next[at] as number;
        else this.#next[previous] = this.#next[at] as number;
        this.#next[at] = this.#free + 1;
        this.#free = at;
        return;
      }
      previous = at;
    }
  }

  #take(): number {
    if (this.#free >= 0) {
      const node = this.#free;
      this.#free = (this.#next[node] as number) - 1;
      return node;
    }
    if (this.#used === this.#next.length) {
      const next = new Int32Array(this.#used * 2);
      next.set(this.#next);
      this.#next = next;
      const cpus = new Int32Array(this.#used * 2);
      cpus.set(this.#cpus);
      this.#cpus = cpus;
    }
    return this.#used++;
  }
}
