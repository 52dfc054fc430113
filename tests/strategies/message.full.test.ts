import { describe, expect, it } from 'vitest';
import { deaf, early, exploreMessage, type MessageCell, told, unfenced } from './message-cells.js';

type Row = readonly [title: string, cell: MessageCell, expected: string];

const clean = (states: number, transitions: number): string =>
  `clean, complete: ${states} states, ${transitions} transitions`;

/** Counts under TSO, by state of the target. */
const TSO: readonly Row[] = [
  ['unmap', 'user', 4_111, 9_469],
  ['unmap', 'lazy', 13_289, 32_369],
  ['unmap', 'idle', 15_832, 38_652],
  ['unmap', 'switching', 14_475, 33_351],
  ['protect', 'user', 3_352, 7_502],
  ['protect', 'lazy', 7_578, 17_832],
  ['protect', 'idle', 9_094, 21_695],
  ['protect', 'switching', 8_679, 19_544],
  ['remap', 'user', 5_313, 12_579],
  ['remap', 'lazy', 16_621, 41_510],
  ['remap', 'idle', 19_525, 48_799],
  ['remap', 'switching', 20_807, 50_407],
  ['clean-dirty', 'user', 3_424, 7_680],
  ['clean-dirty', 'lazy', 7_678, 18_077],
  ['clean-dirty', 'idle', 9_258, 22_087],
  ['clean-dirty', 'switching', 8_791, 19_808],
  ['free-table', 'user', 4_971, 10_573],
  ['free-table', 'lazy', 13_800, 31_196],
  ['free-table', 'idle', 19_108, 43_277],
  ['free-table', 'switching', 15_585, 33_050],
  ['reclaim', 'user', 2_293, 4_910],
  ['reclaim', 'lazy', 6_879, 15_582],
  ['reclaim', 'idle', 8_217, 18_550],
  ['reclaim', 'switching', 7_389, 15_744],
].map(([scenario, targets, states, transitions]) => [
  `${scenario}, ${targets}`,
  { scenario, targets, memory: 'tso' } as MessageCell,
  clean(Number(states), Number(transitions)),
]);

const ROWS: readonly Row[] = [
  ['two unmap', { initiators: 2 }, clean(13_760, 28_869)],
  ['two protect', { scenario: 'protect', initiators: 2 }, clean(24_471, 56_628)],
  ['two protect a page each', { scenario: 'two-pages', initiators: 2 }, clean(18_446, 43_746)],
  ['a reclaimer beside one that protects', { scenario: 'reclaim-protect', initiators: 2 }, clean(8_574, 17_469)],
  ['an NMI', { scenario: 'reclaim', nmis: 1, memory: 'tso' }, clean(7_655, 18_869)],
  ['walks at any time', { walker: 'saturated', memory: 'tso' }, clean(3_699, 8_465)],
  ['walks through a freed table', { scenario: 'free-table', walker: 'saturated', memory: 'tso' }, clean(3_800, 7_875)],
  ['left to the tick', { scenario: 'reclaim', options: { wake: 'tick' } }, clean(3_481, 14_839)],
  [
    'monitors that reply before they flush: nobody is back in user mode without having caught up',
    { steps: early },
    clean(3_936, 8_117),
  ],
];

describe('message on two CPUs', { timeout: 600_000 }, () => {
  it.each([...TSO, ...ROWS])('%s: clean', (_title, cell, expected) => {
    expect(told(exploreMessage(cell))).toBe(expected);
  });

  it('has two initiators wait for each other when those who wait do not serve', () => {
    expect(told(exploreMessage({ scenario: 'protect', initiators: 2, steps: deaf }))).toBe(
      'C6 deadlock after 78 moves: no fair move is left: CPU 0 is at wait reply[1].done equal 1; CPU 1 is at wait reply[2].done equal 1',
    );
  });

  it('loses a ring when a CPU turns away by a plain store, under TSO only', () => {
    const cell = { scenario: 'protect', initiators: 2, steps: unfenced } as const;
    expect(told(exploreMessage({ ...cell, memory: 'sc' }))).toBe(clean(24_471, 56_628));
    expect(told(exploreMessage({ ...cell, memory: 'tso' }))).toBe(
      'C6 deadlock after 228 moves: no fair move is left: CPU 1 is at wait any of reply[2].done, monitor[1].bell',
    );
  });
});
