/** When a run is given up: so much simulated time, so many program ops, without the end of an operation. */
export interface RunLimits {
  readonly maxTimePs: number;
  readonly maxOps: number;
}

/** The time and the op at which a run is given up; each operation that ends moves both. */
export class Watchdog {
  lastPs = 0;
  lastOp = 0;
  readonly limits: RunLimits;

  constructor(limits: RunLimits) {
    this.limits = limits;
    this.progressed(0, 0);
  }

  progressed(nowPs: number, ops: number): void {
    this.lastPs = nowPs + this.limits.maxTimePs;
    this.lastOp = ops + this.limits.maxOps;
  }
}
