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
  [2, 'late', 0, 113, 238, 0],
  [2, 'late', 1, 702, 1784, 0],
  [2, 'early', 0, 144, 310, 0],
  [2, 'early', 1, 873, 2250, 2],
  [3, 'late', 0, 4271, 16_019, 0],
  [3, 'late', 1, 32_510, 136_435, 0],
  [3, 'early', 0, 5868, 22_013, 0],
  [3, 'early', 1, 43_927, 184_553, 44],
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
