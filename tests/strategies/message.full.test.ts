import { describe, expect, it } from 'vitest';
import { deaf, early, exploreMessage, type MessageCell, told, unfenced } from './message-cells.js';

type Row = readonly [title: string, cell: MessageCell, expected: string];

const clean = (states: number, transitions: number): string =>
  `clean, complete: ${states} states, ${transitions} transitions`;

/** Counts under TSO, by state of the target. */
const TSO: readonly Row[] = [
  ['unmap', 'user', 27_458, 65_395],
  ['unmap', 'lazy', 114_377, 278_467],
  ['unmap', 'idle', 134_496, 327_529],
  ['unmap', 'switching', 144_441, 342_874],
  ['protect', 'user', 26_899, 61_905],
  ['protect', 'lazy', 81_573, 191_001],
  ['protect', 'idle', 93_734, 220_619],
  ['protect', 'switching', 103_886, 237_817],
  ['remap', 'user', 34_337, 79_878],
  ['remap', 'lazy', 138_057, 328_580],
  ['remap', 'idle', 160_355, 382_178],
  ['remap', 'switching', 202_840, 471_862],
  ['clean-dirty', 'user', 26_899, 61_905],
  ['clean-dirty', 'lazy', 81_573, 191_001],
  ['clean-dirty', 'idle', 93_734, 220_619],
  ['clean-dirty', 'switching', 103_886, 237_817],
  ['free-table', 'user', 34_360, 78_864],
  ['free-table', 'lazy', 115_198, 265_358],
  ['free-table', 'idle', 153_295, 353_019],
  ['free-table', 'switching', 154_235, 353_409],
  ['reclaim', 'user', 14_085, 31_765],
  ['reclaim', 'lazy', 60_871, 143_146],
  ['reclaim', 'idle', 70_180, 164_242],
  ['reclaim', 'switching', 77_890, 178_376],
].map(([scenario, targets, states, transitions]) => [
  `${scenario}, ${targets}`,
  { scenario, targets, memory: 'tso' } as MessageCell,
  clean(Number(states), Number(transitions)),
]);

const ROWS: readonly Row[] = [
  ['two unmap', { initiators: 2 }, clean(113_094, 228_294)],
  ['two protect', { scenario: 'protect', initiators: 2 }, clean(240_690, 497_962)],
  ['two protect a page each', { scenario: 'two-pages', initiators: 2 }, clean(198_288, 411_538)],
  ['a reclaimer beside one that protects', { scenario: 'reclaim-protect', initiators: 2 }, clean(41_405, 74_920)],
  ['an NMI', { scenario: 'reclaim', nmis: 1, memory: 'tso' }, clean(98_763, 252_078)],
  ['walks at any time', { walker: 'saturated', memory: 'tso' }, clean(43_115, 101_044)],
  [
    'walks through a freed table',
    { scenario: 'free-table', walker: 'saturated', memory: 'tso' },
    clean(37_419, 84_918),
  ],
  ['left to the tick', { scenario: 'reclaim', options: { wake: 'tick' } }, clean(170_940, 564_096)],
  [
    'monitors that reply before they flush: nobody is back in user mode without having caught up',
    { steps: early },
    clean(20_638, 42_376),
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
    expect(told(exploreMessage({ ...cell, memory: 'sc' }))).toBe(clean(240_690, 497_962));
    expect(told(exploreMessage({ ...cell, memory: 'tso' }))).toBe(
      'C6 deadlock after 228 moves: no fair move is left: CPU 1 is at wait any of reply[2].done, monitor[1].bell',
    );
  });
});
