import { describe, expect, it } from 'vitest';
import { deaf, early, exploreMessage, type MessageCell, told, unfenced } from './message-cells.js';

type Row = readonly [title: string, cell: MessageCell, expected: string];

const clean = (states: number, transitions: number): string =>
  `clean, complete: ${states} states, ${transitions} transitions`;

/** Counts under TSO, by state of the target. */
const TSO: readonly Row[] = [
  ['unmap', 'user', 5_263, 12_253],
  ['unmap', 'lazy', 18_519, 45_712],
  ['unmap', 'idle', 21_407, 52_940],
  ['unmap', 'switching', 22_628, 52_874],
  ['protect', 'user', 4_305, 9_693],
  ['protect', 'lazy', 10_541, 25_028],
  ['protect', 'idle', 12_238, 29_420],
  ['protect', 'switching', 13_926, 31_897],
  ['remap', 'user', 6_681, 15_222],
  ['remap', 'lazy', 22_588, 54_627],
  ['remap', 'idle', 25_838, 62_759],
  ['remap', 'switching', 32_621, 75_351],
  ['clean-dirty', 'user', 4_305, 9_693],
  ['clean-dirty', 'lazy', 10_541, 25_028],
  ['clean-dirty', 'idle', 12_238, 29_420],
  ['clean-dirty', 'switching', 13_926, 31_897],
  ['free-table', 'user', 5_765, 12_339],
  ['free-table', 'lazy', 16_938, 38_440],
  ['free-table', 'idle', 23_164, 52_651],
  ['free-table', 'switching', 24_372, 52_125],
  ['reclaim', 'user', 2_885, 6_241],
  ['reclaim', 'lazy', 9_585, 22_061],
  ['reclaim', 'idle', 11_237, 25_920],
  ['reclaim', 'switching', 11_511, 25_085],
].map(([scenario, targets, states, transitions]) => [
  `${scenario}, ${targets}`,
  { scenario, targets, memory: 'tso' } as MessageCell,
  clean(Number(states), Number(transitions)),
]);

const ROWS: readonly Row[] = [
  ['two unmap', { initiators: 2 }, clean(16_834, 35_307)],
  ['two protect', { scenario: 'protect', initiators: 2 }, clean(32_413, 74_359)],
  ['two protect a page each', { scenario: 'two-pages', initiators: 2 }, clean(29_069, 67_949)],
  ['a reclaimer beside one that protects', { scenario: 'reclaim-protect', initiators: 2 }, clean(11_107, 22_795)],
  ['an NMI', { scenario: 'reclaim', nmis: 1, memory: 'tso' }, clean(11_918, 35_445)],
  ['walks at any time', { walker: 'saturated', memory: 'tso' }, clean(6_339, 15_056)],
  ['walks through a freed table', { scenario: 'free-table', walker: 'saturated', memory: 'tso' }, clean(5_661, 11_975)],
  ['left to the tick', { scenario: 'reclaim', options: { wake: 'tick' } }, clean(4_441, 18_158)],
  [
    'monitors that reply before they flush: nobody is back in user mode without having caught up',
    { steps: early },
    clean(4_921, 10_175),
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
    expect(told(exploreMessage({ ...cell, memory: 'sc' }))).toBe(clean(32_413, 74_359));
    expect(told(exploreMessage({ ...cell, memory: 'tso' }))).toBe(
      'C6 deadlock after 228 moves: no fair move is left: CPU 1 is at wait any of reply[2].done, monitor[1].bell',
    );
  });
});
