import { describe, expect, it } from 'vitest';
import { deaf, early, exploreMessage, type MessageCell, told, unfenced } from './message-cells.js';

type Row = readonly [title: string, cell: MessageCell, expected: string];

const clean = (states: number, transitions: number): string =>
  `clean, complete: ${states} states, ${transitions} transitions`;

/** Counts under TSO, by state of the target. */
const TSO: readonly Row[] = [
  ['unmap', 'user', 29_126, 69_169],
  ['unmap', 'lazy', 118_474, 287_815],
  ['unmap', 'idle', 139_197, 338_157],
  ['unmap', 'switching', 150_148, 355_877],
  ['protect', 'user', 26_899, 61_905],
  ['protect', 'lazy', 81_573, 191_001],
  ['protect', 'idle', 93_734, 220_619],
  ['protect', 'switching', 103_886, 237_817],
  ['remap', 'user', 36_177, 84_000],
  ['remap', 'lazy', 142_613, 338_859],
  ['remap', 'idle', 165_515, 393_737],
  ['remap', 'switching', 209_739, 487_574],
  ['clean-dirty', 'user', 26_899, 61_905],
  ['clean-dirty', 'lazy', 81_573, 191_001],
  ['clean-dirty', 'idle', 93_734, 220_619],
  ['clean-dirty', 'switching', 103_886, 237_817],
  ['free-table', 'user', 36_038, 82_662],
  ['free-table', 'lazy', 117_948, 271_535],
  ['free-table', 'idle', 158_095, 363_845],
  ['free-table', 'switching', 157_690, 361_144],
  ['reclaim', 'user', 14_997, 33_769],
  ['reclaim', 'lazy', 63_159, 148_244],
  ['reclaim', 'idle', 72_695, 169_750],
  ['reclaim', 'switching', 81_158, 185_678],
].map(([scenario, targets, states, transitions]) => [
  `${scenario}, ${targets}`,
  { scenario, targets, memory: 'tso' } as MessageCell,
  clean(Number(states), Number(transitions)),
]);

const ROWS: readonly Row[] = [
  ['two unmap', { initiators: 2 }, clean(149_412, 302_808)],
  ['two protect', { scenario: 'protect', initiators: 2 }, clean(282_694, 587_008)],
  ['two protect a page each', { scenario: 'two-pages', initiators: 2 }, clean(231_140, 481_024)],
  ['a reclaimer beside one that protects', { scenario: 'reclaim-protect', initiators: 2 }, clean(43_623, 78_966)],
  ['an NMI', { scenario: 'reclaim', nmis: 1, memory: 'tso' }, clean(104_871, 267_157)],
  ['walks at any time', { walker: 'saturated', memory: 'tso' }, clean(46_213, 108_166)],
  [
    'walks through a freed table',
    { scenario: 'free-table', walker: 'saturated', memory: 'tso' },
    clean(39_177, 88_912),
  ],
  ['left to the tick', { scenario: 'reclaim', options: { wake: 'tick' } }, clean(182_724, 602_010)],
  [
    'monitors that reply before they flush: nobody is back in user mode without having caught up',
    { steps: early },
    clean(21_981, 44_982),
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
    expect(told(exploreMessage({ ...cell, memory: 'sc' }))).toBe(clean(282_694, 587_008));
    expect(told(exploreMessage({ ...cell, memory: 'tso' }))).toBe(
      'C6 deadlock after 228 moves: no fair move is left: CPU 1 is at wait any of reply[2].done, monitor[1].bell',
    );
  });
});
