import { describe, expect, it } from 'vitest';
import { deaf, early, exploreMessage, type MessageCell, told, unfenced } from './message-cells.js';

type Row = readonly [title: string, cell: MessageCell, expected: string];

const clean = (states: number, transitions: number): string =>
  `clean, complete: ${states} states, ${transitions} transitions`;

/** Counts under TSO, by state of the target. */
const TSO: readonly Row[] = [
  ['unmap', 'user', 19_837, 46_330],
  ['unmap', 'lazy', 65_615, 158_798],
  ['unmap', 'idle', 74_549, 177_957],
  ['unmap', 'switching', 74_902, 173_751],
  ['protect', 'user', 18_515, 42_218],
  ['protect', 'lazy', 43_577, 101_109],
  ['protect', 'idle', 49_937, 115_721],
  ['protect', 'switching', 51_964, 117_407],
  ['remap', 'user', 24_630, 56_256],
  ['remap', 'lazy', 78_774, 186_627],
  ['remap', 'idle', 88_718, 207_755],
  ['remap', 'switching', 105_522, 240_827],
  ['clean-dirty', 'user', 18_515, 42_218],
  ['clean-dirty', 'lazy', 43_577, 101_109],
  ['clean-dirty', 'idle', 49_937, 115_721],
  ['clean-dirty', 'switching', 51_964, 117_407],
  ['free-table', 'user', 23_522, 52_753],
  ['free-table', 'lazy', 60_637, 137_483],
  ['free-table', 'idle', 82_434, 186_688],
  ['free-table', 'switching', 76_877, 170_750],
  ['reclaim', 'user', 9_987, 21_779],
  ['reclaim', 'lazy', 35_446, 82_945],
  ['reclaim', 'idle', 37_281, 83_762],
  ['reclaim', 'switching', 37_929, 82_901],
].map(([scenario, targets, states, transitions]) => [
  `${scenario}, ${targets}`,
  { scenario, targets, memory: 'tso' } as MessageCell,
  clean(Number(states), Number(transitions)),
]);

const ROWS: readonly Row[] = [
  ['two unmap', { initiators: 2 }, clean(80_944, 161_698)],
  ['two protect', { scenario: 'protect', initiators: 2 }, clean(132_896, 280_768)],
  ['two protect a page each', { scenario: 'two-pages', initiators: 2 }, clean(108_132, 230_646)],
  ['a reclaimer beside one that protects', { scenario: 'reclaim-protect', initiators: 2 }, clean(29_587, 54_419)],
  ['an NMI', { scenario: 'reclaim', nmis: 1, memory: 'tso' }, clean(37_898, 104_219)],
  ['walks at any time', { walker: 'saturated', memory: 'tso' }, clean(30_934, 71_297)],
  [
    'walks through a freed table',
    { scenario: 'free-table', walker: 'saturated', memory: 'tso' },
    clean(25_721, 57_185),
  ],
  ['left to the tick', { scenario: 'reclaim', options: { wake: 'tick' } }, clean(7_471, 25_156)],
  [
    'monitors that reply before they flush: nobody is back in user mode without having caught up',
    { steps: early },
    clean(15_448, 31_633),
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
    expect(told(exploreMessage({ ...cell, memory: 'sc' }))).toBe(clean(132_896, 280_768));
    expect(told(exploreMessage({ ...cell, memory: 'tso' }))).toBe(
      'C6 deadlock after 228 moves: no fair move is left: CPU 1 is at wait any of reply[2].done, monitor[1].bell',
    );
  });
});
