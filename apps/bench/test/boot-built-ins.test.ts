import type { MachineShape } from '@shootdown/core';
import { bootKernel, NO_COSTS } from '@shootdown/kernel';
import { describe, expect, it } from 'vitest';
import { builtInStrategies } from '../src/built-in-strategies.js';

describe('a kernel with the built-in strategies', () => {
  const shape: MachineShape = {
    cpuCount: 2,
    virtualPages: 4,
    levels: 2,
    levelBits: 2,
    tables: 8,
    frames: 8,
    asids: 2,
    pcid: true,
    pti: false,
    invpcid: true,
    storeBufferDepth: 4,
    clusterSize: 8,
    icrWriteDrainsStores: true,
  };

  it.each(builtInStrategies.strategies.map((strategy) => ({ strategy, name: strategy.name })))(
    'boots $name',
    ({ strategy }) => {
      const { boot } = bootKernel({ shape, costs: NO_COSTS, strategy });
      expect(boot.programs.some(({ owner }) => owner === strategy.name)).toBe(true);
    },
  );

  it('refuses wrong options of a strategy', () => {
    const options = { ack: 'never' };
    const boot = (): unknown =>
      bootKernel({ shape, costs: NO_COSTS, strategy: builtInStrategies.find('async-inline'), options });
    expect(boot).toThrow(expect.objectContaining({ code: 'INVALID_OPTIONS' }));
  });
});
