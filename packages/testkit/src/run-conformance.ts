import { type ErrorCode, ShootdownError } from '@shootdown/core';
import type { ConformanceCase, Tier } from './conformance-case.js';

/** What became of a case. */
export interface CaseOutcome {
  readonly id: string;
  readonly name: string;
  readonly anchor: string;
  readonly tier: Tier;
  readonly status: 'passed' | 'failed' | 'left out';
  /** Why the manifest leaves it out. */
  readonly reason?: string;
  /** `seen` is the part of the message that tells what was seen. */
  readonly error?: { readonly code: ErrorCode; readonly message: string; readonly seen?: string };
}

/** Runs a case. What the strategy does wrong is its outcome; what the laboratory does wrong is thrown. */
export async function runCase({ run, ...data }: ConformanceCase): Promise<CaseOutcome> {
  const { id, name, anchor, tier, skip } = data;
  const told = { id, name, anchor, tier };
  if (skip !== undefined) return { ...told, status: 'left out', reason: skip };
  try {
    await run();
    return { ...told, status: 'passed' };
  } catch (error) {
    if (!(error instanceof ShootdownError) || error.code === 'INTERNAL') throw error;
    const { code, message, details } = error;
    const seen = details['seen'];
    const failure = typeof seen === 'string' ? { code, message, seen } : { code, message };
    return { ...told, status: 'failed', error: failure };
  }
}
