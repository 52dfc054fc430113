import { ShootdownError } from '@shootdown/core';

/** Kinds of events are 0 to 63, CPUs 0 to 1023: with 37 bits of sequence they fill the 53 bits that a Float64 holds exactly. */
const KINDS = 64;
const CPUS = 1024;
const SEQUENCES = 2 ** 37;

/**
 * Pending events in the order (time, kind, CPU, order of arrival), which is total: two runs pop the same events in the same order.
 * Times are integer picoseconds below 2^53.
 *
 * A binary heap on two Float64 keys, the time and a tie key that packs kind, CPU and sequence. The smaller child is chosen
 * without a branch, because its outcome is a coin toss that the host's branch predictor loses; only whether the two times are equal is a
 * branch, which is predicted well. Every slot behind the last event holds the time
 * +Infinity, so a lone left child needs no case of its own. `pop` leaves a hole at the root which the next `push` fills with one sift:
 * the usual step of a simulation, take an event and schedule the next, costs one descent instead of two.
 */
export class EventQueue {
  /** Kind of that event. */
  kind = 0;
  /** CPU of that event. */
  cpu = 0;

  private times: Float64Array;
  private ties: Float64Array;
  /** In typed arrays, because a Float64 in a field or an argument may cost an allocation: the clock; time and tie of the event to be placed. */
  private readonly clock: Float64Array = new Float64Array(1);
  private readonly placed: Float64Array = new Float64Array(2);
  /** Slots in use, a hole at the root included. */
  private count = 0;
  private hasHole = false;
  private sequence = 0;
  private readonly sequenceLimit: number;

  /**
   * @param capacity events that fit before the arrays grow.
   * @param sequenceLimit arrivals after which the pending events are renumbered; more than can ever be pending at once.
   */
  constructor(capacity: number = 64, sequenceLimit: number = SEQUENCES) {
    const slots = Math.max(4, capacity + 1);
    this.times = new Float64Array(slots).fill(Infinity);
    this.ties = new Float64Array(slots);
    this.sequenceLimit = sequenceLimit;
  }

  /** Time of the event that `pop` or `replaceTop` took last, in picoseconds; the clock of the simulation. */
  get timePs(): number {
    return this.clock[0] as number;
  }

  /** Events pending. */
  get size(): number {
    return this.hasHole ? this.count - 1 : this.count;
  }

  /** Time of the next event in picoseconds, +Infinity when none is pending. */
  peekTimePs(): number {
    return this.times[this.#firstSlot()] as number;
  }

  /** True when an event pushed now would be the next one popped: its CPU may run ahead without going through the queue. */
  wouldBeFirst(timePs: number, kind: number, cpu: number): boolean {
    const first = this.#firstSlot();
    const time = this.times[first] as number;
    if (timePs !== time) return timePs < time;
    return kind * CPUS + cpu < Math.floor((this.ties[first] as number) / SEQUENCES);
  }

  /**
   * Adds an event.
   * @throws ShootdownError INTERNAL when its time lies before the clock or is no number, or when kind or CPU is out of range.
   */
  push(timePs: number, kind: number, cpu: number): void {
    this.#place(timePs, this.#nextTie(timePs, kind, cpu));
    if (this.hasHole) {
      this.hasHole = false;
      this.#siftDown();
    } else {
      this.#siftUp();
    }
  }

  /** Takes the next event into `timePs`, `kind` and `cpu`. Returns false, and changes nothing, when none is pending. */
  pop(): boolean {
    if (this.hasHole) this.#closeHole();
    if (this.count === 0) return false;
    this.#takeRoot();
    this.hasHole = true;
    return true;
  }

  /**
   * Takes the next event into `timePs`, `kind` and `cpu`, and adds another, with one sift.
   * @returns false, with the event added and nothing taken, when none was pending.
   * @throws ShootdownError INTERNAL as `push` does; the queue is then unchanged.
   */
  replaceTop(timePs: number, kind: number, cpu: number): boolean {
    const tie = this.#nextTie(timePs, kind, cpu);
    if (this.hasHole) this.#closeHole();
    this.#place(timePs, tie);
    if (this.count === 0) {
      this.#siftUp();
      return false;
    }
    this.#takeRoot();
    this.#siftDown();
    return true;
  }

  #takeRoot(): void {
    const head = ((this.ties[0] as number) / SEQUENCES) | 0;
    this.clock[0] = this.times[0] as number;
    this.kind = (head / CPUS) | 0;
    this.cpu = head % CPUS;
  }

  /** The slot of the next event: the root, or the smaller of its children while the root is a hole. */
  #firstSlot(): number {
    if (!this.hasHole) return 0;
    const times = this.times;
    const ties = this.ties;
    const left = times[1] as number;
    const right = times[2] as number;
    return right < left || (right === left && (ties[2] as number) < (ties[1] as number)) ? 2 : 1;
  }

  #nextTie(timePs: number, kind: number, cpu: number): number {
    if (!(timePs >= this.timePs && kind >= 0 && kind < KINDS && cpu >= 0 && cpu < CPUS))
      this.#refuse(timePs, kind, cpu);
    if (this.sequence === this.sequenceLimit) this.#renumber();
    return (kind * CPUS + cpu) * SEQUENCES + this.sequence++;
  }

  #refuse(timePs: number, kind: number, cpu: number): never {
    throw new ShootdownError(
      'INTERNAL',
      `Event of kind ${kind} for CPU ${cpu} at ${timePs} ps, pushed at ${this.timePs} ps: give a time that is not past, a kind below ${KINDS} and a CPU below ${CPUS}.`,
      { details: { timePs, kind, cpu, nowPs: this.timePs } },
    );
  }

  #closeHole(): void {
    this.hasHole = false;
    const last = --this.count;
    this.#place(this.times[last] as number, this.ties[last] as number);
    this.times[last] = Infinity;
    if (last > 0) this.#siftDown();
  }

  #place(time: number, tie: number): void {
    this.placed[0] = time;
    this.placed[1] = tie;
  }

  /** Puts the event from the root downwards into its place; the root's own is overwritten. */
  #siftDown(): void {
    const time = this.placed[0] as number;
    const tie = this.placed[1] as number;
    const times = this.times;
    const ties = this.ties;
    const count = this.count;
    let slot = 0;
    let child = 1;
    while (child < count) {
      const left = times[child] as number;
      const right = times[child + 1] as number;
      if (right !== left) child += +(right < left);
      else child += +((ties[child + 1] as number) < (ties[child] as number));
      const childTime = times[child] as number;
      if (time < childTime || (time === childTime && tie < (ties[child] as number))) break;
      times[slot] = childTime;
      ties[slot] = ties[child] as number;
      slot = child;
      child = 2 * slot + 1;
    }
    times[slot] = time;
    ties[slot] = tie;
  }

  /** Appends the event and moves it up to its place. */
  #siftUp(): void {
    const time = this.placed[0] as number;
    const tie = this.placed[1] as number;
    if (this.count + 1 === this.times.length) this.#grow();
    const times = this.times;
    const ties = this.ties;
    let slot = this.count++;
    while (slot > 0) {
      const parent = (slot - 1) >> 1;
      const parentTime = times[parent] as number;
      if (parentTime < time || (parentTime === time && (ties[parent] as number) < tie)) break;
      times[slot] = parentTime;
      ties[slot] = ties[parent] as number;
      slot = parent;
    }
    times[slot] = time;
    ties[slot] = tie;
  }

  #grow(): void {
    const times = new Float64Array(2 * this.times.length).fill(Infinity);
    const ties = new Float64Array(times.length);
    times.set(this.times);
    ties.set(this.ties);
    this.times = times;
    this.ties = ties;
  }

  /** Gives the pending events the sequence numbers 0, 1, … in their present order. A sorted array is a heap, so no sift is needed. */
  #renumber(): void {
    if (this.hasHole) this.#closeHole();
    const times = this.times.slice(0, this.count);
    const ties = this.ties.slice(0, this.count);
    const order = Array.from(times.keys());
    order.sort((a, b) => (times[a] as number) - (times[b] as number) || (ties[a] as number) - (ties[b] as number));
    for (const [rank, slot] of order.entries()) {
      this.times[rank] = times[slot] as number;
      this.ties[rank] = Math.floor((ties[slot] as number) / SEQUENCES) * SEQUENCES + rank;
    }
    this.sequence = this.count;
  }
}
