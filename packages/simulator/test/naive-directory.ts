import type { Topology } from '@shootdown/core';
import type { DirectoryCosts } from '../src/directory-costs.js';

interface Line {
  readonly holders: Set<number>;
  isExclusive: boolean;
  isModified: boolean;
  busyUntilPs: number;
  grantedPs: number;
  writtenPs: number;
}

/** What one request did, in words. */
export interface Outcome {
  readonly kind: 'hit' | 'cold' | 'sharedRead' | 'upgrade' | 'readTransfer' | 'writeTransfer';
  readonly distance: number;
  readonly invalidated: number;
  readonly queuedPs: number;
  readonly completionPs: number;
}

/** The specification of the directory, on maps and sets. */
export class NaiveDirectory {
  private readonly lines = new Map<number, Line>();
  private readonly topology: Topology;
  private readonly costs: DirectoryCosts;

  constructor(topology: Topology, costs: DirectoryCosts) {
    this.topology = topology;
    this.costs = costs;
  }

  line(line: number): Line {
    const known = this.lines.get(line);
    if (known !== undefined) return known;
    const fresh = {
      holders: new Set<number>(),
      isExclusive: false,
      isModified: false,
      busyUntilPs: 0,
      grantedPs: 0,
      writtenPs: 0,
    };
    this.lines.set(line, fresh);
    return fresh;
  }

  request(isWrite: boolean, number: number, cpu: number, nowPs: number): Outcome {
    const line = this.line(number);
    const others = [...line.holders]
      .filter((holder) => holder !== cpu)
      .map((holder) => this.topology.distance(cpu, holder));
    const holds = line.holders.has(cpu);
    const { kind, latencyPs, busyPs } = this.classify(isWrite, line, holds, others);
    const invalidated = isWrite ? others.length : 0;
    if (isWrite) line.holders.clear();
    line.holders.add(cpu);
    const isOwnerHit = kind === 'hit' && line.isExclusive;
    line.isExclusive = line.holders.size === 1;
    line.isModified = isWrite || (line.isExclusive && line.isModified);
    const hitFromPs = Math.max(nowPs, isOwnerHit ? line.grantedPs : line.writtenPs);
    const startPs = kind === 'hit' ? hitFromPs : Math.max(nowPs, line.busyUntilPs);
    const completionPs = kind === 'hit' ? startPs + latencyPs : Math.max(startPs + latencyPs, line.grantedPs + 1);
    line.busyUntilPs = busyPs > 0 ? startPs + busyPs : line.busyUntilPs;
    line.grantedPs = Math.max(line.grantedPs, completionPs);
    if (isWrite) line.writtenPs = completionPs;
    return {
      kind,
      distance: Math.max(0, ...others),
      invalidated,
      queuedPs: completionPs - nowPs - latencyPs,
      completionPs,
    };
  }

  private classify(
    isWrite: boolean,
    line: Line,
    holds: boolean,
    others: number[],
  ): { kind: Outcome['kind']; latencyPs: number; busyPs: number } {
    const { costs } = this;
    const far = Math.max(0, ...others);
    const near = Math.min(4, ...others);
    const busy = (latencyPs: number): number => Math.round(latencyPs * costs.lineBusyFraction);
    const cleanPs = near <= 2 ? costs.sharedReadPs : costs.readPs[near]!;
    if (holds && (!isWrite || others.length === 0)) return { kind: 'hit', latencyPs: costs.l1HitPs, busyPs: 0 };
    if (others.length === 0) return { kind: 'cold', latencyPs: costs.memoryReadPs, busyPs: busy(costs.memoryReadPs) };
    if (others.length === 1 && line.isExclusive) {
      const latencyPs = (isWrite ? costs.transferPs : costs.readPs)[far]!;
      return { kind: isWrite ? 'writeTransfer' : 'readTransfer', latencyPs, busyPs: busy(latencyPs) };
    }
    if (!isWrite) return { kind: 'sharedRead', latencyPs: cleanPs, busyPs: 0 };
    const invalidatePs = costs.upgradePs[far]!;
    if (holds) return { kind: 'upgrade', latencyPs: invalidatePs, busyPs: busy(invalidatePs) };
    return { kind: 'writeTransfer', latencyPs: Math.max(invalidatePs, cleanPs), busyPs: busy(invalidatePs) };
  }
}
