/** A result with the CPU time of this process and the wall time that it took. */
export interface Timed<Result> {
  readonly result: Result;
  /** CPU time: what another program of the host takes away is not in it. */
  readonly seconds: number;
  readonly wallSeconds: number;
}

export function timed<Result>(work: () => Result): Timed<Result> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const result = work();
  const { user, system } = process.cpuUsage(cpu);
  return { result, seconds: (user + system) / 1e6, wallSeconds: (performance.now() - start) / 1000 };
}
