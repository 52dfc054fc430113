import { Machine } from '@shootdown/core';
import { describe, expect, it } from 'vitest';
import { addSleeper, bootKernel, NO_COSTS, type Sleep } from '../src/index.js';
import { type Log, step } from './drive.js';
import { SHAPE } from './shape.js';
import { testStrategy } from './test-strategy.js';

/** What a sleeper alone on its CPU does in so many moves, and whether its CPU was ever out of mm_cpumask. */
function alone(sleep: Sleep): { readonly log: Log; readonly leftMask: boolean } {
  const kernel = bootKernel({ shape: SHAPE, costs: NO_COSTS, strategy: testStrategy(), mmCount: 2 });
  addSleeper(kernel.kernel, { cpu: 0, mm: 0, page: 0, access: 'read', sleep });
  const machine = new Machine(kernel.boot);
  const mask = kernel.kernel.mm.spaces.cpuMask(0);
  const log: Log = [];
  let leftMask = false;
  for (let move = 0; move < 200; move++) {
    step(machine, 0, log);
    if (machine.state[mask] === 0) leftMask = true;
  }
  expect(machine.violations).toEqual([]);
  return { log, leftMask };
}
const lines = (log: Log, pattern: RegExp): readonly string[] => log.filter((line) => pattern.test(line));

describe('a sleeper', () => {
  it.each([
    ['lazy', ['0: switch to kthread0', '0: switch to sleeper0'], false],
    ['idle', ['0: switch to kthread0', '0: switch to sleeper0'], true],
    ['other', ['0: switch to other0', '0: switch to sleeper0'], true],
  ] as const)('that is away (%s) comes back once and then uses its page for ever', (sleep, switches, leaves) => {
    const { log, leftMask } = alone(sleep);
    expect(lines(log, /switch to/)).toEqual(switches);
    expect(leftMask).toBe(leaves);
    expect(log[0]).toBe('0: read page 0');
    expect(new Set(log.slice(-20))).toEqual(new Set(['0: read page 0']));
  });

  it('changes CR3 twice for another mm, and never in lazy TLB mode', () => {
    expect(lines(alone('other').log, /mov cr3/)).toEqual([
      '0: mov cr3 root 3 pcid 1',
      '0: mov cr3 root 0 pcid 0 (keep)',
    ]);
    expect(lines(alone('lazy').log, /mov cr3/)).toEqual([]);
    expect(lines(alone('idle').log, /mov cr3/)).toHaveLength(2);
  });
});
