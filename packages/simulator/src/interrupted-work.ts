/** What is left of the work at which each context was interrupted, in picoseconds. A thread that is preempted has a frame above that work, with work of its own. */
export class InterruptedWork {
  /** -1: nothing. */
  readonly #leftPs: Float64Array;
  readonly #belowPs: Float64Array;

  constructor(contexts: number) {
    this.#leftPs = new Float64Array(contexts).fill(-1);
    this.#belowPs = new Float64Array(contexts).fill(-1);
  }

  isLeft(context: number): boolean {
    return (this.#leftPs[context] as number) >= 0;
  }

  interrupted(context: number, leftPs: number): void {
    this.#leftPs[context] = leftPs;
  }

  /** The work goes on: returns how long it takes yet. */
  goOn(context: number): number {
    const left = this.#leftPs[context] as number;
    this.#leftPs[context] = -1;
    return left;
  }

  /** The thread has got a frame above the op at which it was interrupted. */
  setAside(thread: number): void {
    this.#belowPs[thread] = this.goOn(thread);
  }

  /** That frame is over. */
  bringBack(thread: number): void {
    this.#leftPs[thread] = this.#belowPs[thread] as number;
  }
}
