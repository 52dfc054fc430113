import type { CostTable, Topology } from '@shootdown/core';

/** Farthest distance class within one socket. */
const SAME_SOCKET = 3;

/** CPUs that carry an INVLPGB out at the same time: those of the issuer's socket, or those of the others. */
export const Reach = { socket: 0, remote: 1 } as const;

/**
 * When INVLPGBs arrive. One after the other occupies the broadcast fabric of the machine; then the CPUs of the issuer's socket carry it
 * out, a little later those of the others. The INVLPGBs of one CPU arrive in their order.
 */
export class BroadcastTiming {
  readonly #topology: Topology;
  readonly #busyPs: number;
  readonly #pagePs: number;
  readonly #deliveryPs: readonly number[];
  #fabricFreePs = 0;
  /** Per issuer and reach: when the last one arrives. */
  readonly #lastPs: Float64Array;

  constructor(costs: CostTable, topology: Topology, cpuCount: number) {
    this.#topology = topology;
    this.#busyPs = costs.broadcastBusyPs;
    this.#pagePs = costs.broadcastPagePs;
    this.#deliveryPs = [costs.broadcastSocketPs, costs.broadcastSocketPs + costs.broadcastRemoteExtraPs];
    this.#lastPs = new Float64Array(2 * cpuCount);
  }

  /** When an INVLPGB that is issued now has the fabric to itself. */
  begins(nowPs: number): number {
    const begun = Math.max(nowPs, this.#fabricFreePs);
    this.#fabricFreePs = begun + this.#busyPs;
    return begun;
  }

  /** When the one that got the fabric then arrives at the CPUs of this reach. To be asked once for each. */
  arrival(issuer: number, reach: number, begunPs: number, pages: number): number {
    const due = begunPs + (this.#deliveryPs[reach] as number) + Math.max(0, pages - 1) * this.#pagePs;
    const last = 2 * issuer + reach;
    this.#lastPs[last] = Math.max(this.#lastPs[last] as number, due);
    return this.#lastPs[last] as number;
  }

  reach(issuer: number, cpu: number): number {
    return this.#topology.distance(issuer, cpu) > SAME_SOCKET ? Reach.remote : Reach.socket;
  }
}
