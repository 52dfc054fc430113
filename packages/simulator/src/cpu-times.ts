/**
 * Simulated times in integer picoseconds. They lie in typed arrays and are not handed around, because a Float64 that
 * a function receives or returns costs an allocation wherever the call is not inlined.
 */
export class CpuTimes {
  /** The clock, alone. */
  readonly clock: Float64Array = new Float64Array(1);
  /** Per CPU: when what it is busy with completes; -1 when it is free, or when that depends on somebody else. */
  readonly duePs: Float64Array;
  /** Per CPU: when its oldest buffered store becomes visible; -1 while its drain engine is idle. */
  readonly drainPs: Float64Array;

  constructor(cpuCount: number) {
    this.duePs = new Float64Array(cpuCount).fill(-1);
    this.drainPs = new Float64Array(cpuCount).fill(-1);
  }

  get nowPs(): number {
    return this.clock[0] as number;
  }
}
