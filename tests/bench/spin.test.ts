import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { exploreSmall, type SmallShootdown } from './shootdown.js';
import { missingForSpin, SpinVerifier } from './spin.js';

const MODEL = fileURLToPath(new URL('shootdown.pml', import.meta.url));
const missing = missingForSpin();

type Row = readonly [
  cpus: number,
  ack: 'late' | 'early',
  nmis: number,
  states: number,
  moves: number,
  violating: number,
];
/** Pinned output of the checker; the comparison with Spin is what says that it is right. */
const ROWS: readonly Row[] = [
  [2, 'late', 0, 109, 231, 0],
  [2, 'late', 1, 678, 1732, 0],
  [2, 'early', 0, 133, 286, 0],
  [2, 'early', 1, 811, 2093, 1],
  [3, 'late', 0, 4255, 15_979, 0],
  [3, 'late', 1, 32_382, 136_051, 0],
  [3, 'early', 0, 5747, 21_606, 0],
  [3, 'early', 1, 43_047, 181_236, 22],
];

describe.each(ROWS)('%i CPUs, %s acknowledgement, %i NMIs', { timeout: 120_000 }, (cpus, ack, nmis, ...sizes) => {
  const protocol: SmallShootdown = { cpus, acksEarly: ack === 'early', nmis };

  it('has a pinned number of states, moves and violating moves', () => {
    const found = exploreSmall(protocol);
    const violating = found.violations.reduce((sum, { count }) => sum + count, 0);
    expect([found.states, found.transitions, violating]).toEqual(sizes);
  });

  it('has as many in a hand-written model, explored by Spin', ({ skip }) => {
    skip(missing !== undefined, `${missing} is not installed`);
    const verifier = new SpinVerifier(MODEL, protocol, ['-O0']);
    const { states, transitions, errors } = verifier.run('whole').result;
    verifier.remove();
    // Spin counts the arrival at the initial state as a transition.
    expect([states, transitions - 1, errors]).toEqual(sizes);
  });
});
