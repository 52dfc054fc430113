import { resolveOptions } from '@shootdown/host';
import { describe, expect, it } from 'vitest';
import { builtInStrategies } from '../src/built-in-strategies.js';
import { makeLaboratory } from '../src/make-laboratory.js';
import { cli, fakeComparison } from './fixtures/laboratory.js';

const { find, strategies } = builtInStrategies;

describe('the built-in strategies', () => {
  it('are the three of the 2019 thread, the baseline first, and what hardware and other kernels do', () => {
    expect(strategies.map(({ name }) => name)).toEqual([
      'sync',
      'concurrent',
      'async-inline',
      'broadcast',
      'scoreboard',
      'latr',
      'message',
    ]);
  });

  it.each([
    ['sync', {}],
    ['concurrent', {}],
    ['async-inline', { ack: 'early', freedTables: 'sync', nmiGuard: true }],
    ['latr', { records: 64, ticks: 2, reclaim: 'afterTicks' }],
    ['broadcast', { globalAsid: 'earned', activeCpus: 4, considerEvery: 32 }],
  ])('%s has the options %j by default', (name, options) => {
    expect(resolveOptions(find(name), {})).toEqual(options);
  });

  it('take the protocol as first posted', () => {
    expect(resolveOptions(find('async-inline'), { ack: 'none' })).toMatchObject({ ack: 'none' });
  });

  it('refuse an option that is none of theirs with what would be right', () => {
    const wrong = (): unknown => resolveOptions(find('async-inline'), { ack: 'never' });
    expect(wrong).toThrow(/ack must be equal to one of the allowed values: early, late, none/);
    expect(() => resolveOptions(find('sync'), { ack: 'none' })).toThrow(/must NOT have additional properties: ack/);
  });

  it('refuse an unknown name with the nearest one', () => {
    expect(() => find('async-inlin')).toThrow(/No strategy is named "async-inlin"\. Did you mean async-inline\?/);
  });
});

describe('the command line', () => {
  const laboratory = makeLaboratory(strategies, fakeComparison());

  it('lists them in order', async () => {
    const { exitCode, stdout } = await cli(['list', 'strategies'], { laboratory });
    expect(exitCode).toBe(0);
    expect(stdout.split('\n').map((line) => line.split(' ')[0])).toEqual([...strategies.map(({ name }) => name), '']);
  });

  it('shows the options of one with defaults and values', async () => {
    const { stdout } = await cli(['show', 'strategy', 'async-inline'], { laboratory });
    expect(stdout).toMatch(/ack +early +early \| late \| none/);
    expect(stdout).toMatch(/nmiGuard +true +boolean/);
  });
});
