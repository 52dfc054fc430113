/** No move; straight-line code of the kernel, which is no move of the schedule. */
export const NOTHING = -1;
export const SOFTWARE = -2;

/** An engine under way through its moves. */
export class EngineState {
  readonly cpu: number;
  readonly #queue: readonly number[];
  #next = 0;
  /** When it has ended what it did last. */
  freePs: number;
  /** What it is at, and until when. */
  busyWith: number = NOTHING;
  endPs = 0;
  /** Since when its next move is enabled; -1: it is not. Undefined before anybody has looked. */
  enabledPs: number | undefined;
  /** It is at a wait that had to wait when it began. */
  isWaiting = false;
  /** When that wait has read its line, the last time that it has begun to. */
  readPs = 0;
  /** Kernel code that it has executed since its last move. */
  softwarePs = 0;

  constructor(cpu: number, queue: readonly number[], startPs: number) {
    this.cpu = cpu;
    this.#queue = queue;
    this.freePs = startPs;
  }

  /** Its next move; `NOTHING` at the end. */
  get head(): number {
    return this.#queue[this.#next] ?? NOTHING;
  }

  /** When it can be interrupted: free, and not in the middle of a read of what it waits for. */
  get leavablePs(): number {
    return this.isWaiting ? Math.max(this.freePs, this.readPs) : this.freePs;
  }

  /** In the middle of a read of what it waits for. */
  isReading(nowPs: number): boolean {
    return this.isWaiting && this.readPs > nowPs;
  }

  get isBusy(): boolean {
    return this.busyWith !== NOTHING;
  }

  begin(what: number, endPs: number): void {
    this.busyWith = what;
    this.endPs = endPs;
    if (what === SOFTWARE) return;
    this.#next++;
    this.softwarePs = 0;
  }

  end(nowPs: number): void {
    this.busyWith = NOTHING;
    this.freePs = nowPs;
    this.enabledPs = undefined;
    this.isWaiting = false;
  }
}
