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
  /** Its next move is a wait that has read its line and found that it has to wait. */
  isWaiting = false;
  /** Somebody's write has woken that wait: when it has read the line again; -1: nobody's has. */
  rereadPs = -1;
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
    this.rereadPs = -1;
  }
}
