import { describe, expect, it } from 'vitest';
import { deaf, early, exploreMessage, type MessageCell, told, unfenced } from './message-cells.js';

type Row = readonly [title: string, cell: MessageCell, expected: string];

const clean = (states: number, transitions: number): string =>
  `clean, complete: ${states} states, ${transitions} transitions`;

/** Counts under TSO, by state of the target. */
const TSO: readonly Row[] = [
  ['unmap', 'user', 5_188, 12_083],
  ['unmap', 'lazy', 17_541, 42_953],
  ['unmap', 'idle', 20_339, 49_974],
  ['unmap', 'switching', 22_490, 52_572],
  ['protect', 'user', 4_227, 9_515],
  ['protect', 'lazy', 10_196, 24_103],
  ['protect', 'idle', 11_848, 28_390],
  ['protect', 'switching', 13_809, 31_642],
  ['remap', 'user', 6_606, 15_052],
  ['remap', 'lazy', 21_551, 51_720],
  ['remap', 'idle', 24_711, 59_645],
  ['remap', 'switching', 32_483, 75_049],
  ['clean-dirty', 'user', 4_227, 9_515],
  ['clean-dirty', 'lazy', 10_196, 24_103],
  ['clean-dirty', 'idle', 11_848, 28_390],
  ['clean-dirty', 'switching', 13_809, 31_642],
  ['free-table', 'user', 5_732, 12_266],
  ['free-table', 'lazy', 16_432, 37_168],
  ['free-table', 'idle', 22_625, 51_306],
  ['free-table', 'switching', 24_315, 52_012],
  ['reclaim', 'user', 2_860, 6_201],
  ['reclaim', 'lazy', 9_124, 20_853],
  ['reclaim', 'idle', 10_754, 24_677],
  ['reclaim', 'switching', 11_469, 25_021],
].map(([scenario, targets, states, transitions]) => [
  `${scenario}, ${targets}`,
  { scenario, targets, memory: 'tso' } as MessageCell,
  clean(Number(states), Number(transitions)),
]);

const ROWS: readonly Row[] = [
  ['two unmap', { initiators: 2 }, clean(16_570, 34_705)],
  ['two protect', { scenario: 'protect', initiators: 2 }, clean(29_833, 68_361)],
  ['two protect a page each', { scenario: 'two-pages', initiators: 2 }, clean(26_353, 61_631)],
  ['a reclaimer beside one that protects', { scenario: 'reclaim-protect', initiators: 2 }, clean(10_532, 21_477)],
  ['an NMI', { scenario: 'reclaim', nmis: 1, memory: 'tso' }, clean(9_448, 23_102)],
  ['walks at any time', { walker: 'saturated', memory: 'tso' }, clean(6_273, 14_865)],
  ['walks through a freed table', { scenario: 'free-table', walker: 'saturated', memory: 'tso' }, clean(5_651, 11_958)],
  ['left to the tick', { scenario: 'reclaim', options: { wake: 'tick' } }, clean(3_848, 16_113)],
  [
    'monitors that reply before they flush: nobody is back in user mode without having caught up',
    { steps: early },
    clean(4_864, 10_053),
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
    expect(told(exploreMessage({ ...cell, memory: 'sc' }))).toBe(clean(29_833, 68_361));
    expect(told(exploreMessage({ ...cell, memory: 'tso' }))).toBe(
      'C6 deadlock after 228 moves: no fair move is left: CPU 1 is at wait any of reply[2].done, monitor[1].bell',
    );
  });
});
