import { Machine, type MachineShape } from '@shootdown/core';
import { createRegistry, loadConfig, validateProfile } from '@shootdown/host';
import { addInitiator, addSpinner, bootKernel, NO_COSTS } from '@shootdown/kernel';
import { defineStrategy, type Strategy } from '@shootdown/plugin';
import { sync } from '@shootdown/strategy-sync';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { CONFIGURABLE } from '../apps/bench/src/commands/configurable.js';
import { runToEnd } from '../packages/kernel/test/drive.js';
import { storeBuffering } from './docs/examples/checker.js';
import { inMemory, machine } from './docs/examples/core.js';
import { options, registry } from './docs/examples/host.js';
import { machineWith } from './docs/examples/kernel.js';
import { flushTlbFunc } from './docs/examples/mm.js';
import { asTable } from './docs/examples/reporter.js';
import { statements } from './docs/examples/safety.js';
import { reading } from './docs/examples/scenarios.js';
import { callOne } from './docs/examples/smp-call-function.js';
import { exploration } from './docs/explore-it.js';
import { shootdown } from './docs/shootdown.js';
import { result } from './docs/time-it.js';

const SHAPE: MachineShape = { ...machine.shape, tables: 4, frames: 2 };
const PAGE = { mm: 0, firstPage: 0, pages: 1 } as const;

describe('the strategy of the README', () => {
  it('runs in the simulator without a violation, one acknowledgement after the other', () => {
    expect(result.violations).toEqual([]);
    expect(result.latency.count).toBe(200);
    expect(result.ipis).toBe(3 * 200);
    expect(result.meanNs).toBeGreaterThan(1571);
  });

  it('has no violation in any interleaving of two CPUs', () => {
    expect(exploration).toMatchObject({ verdict: 'clean', isComplete: true });
  });
});

/** A strategy that flushes nothing but the first other CPU, by the example of the package. */
const callsOne: Strategy = defineStrategy({
  apiVersion: 1,
  name: 'calls-one',
  title: 'Calls one',
  summary: 'Asks CPU 1 alone.',
  references: ['test'],
  optionsSchema: { type: 'object', additionalProperties: false, properties: {} },
  create(env) {
    const call = callOne(env);
    return {
      *flush(cpu, { kind, mm, firstPage, pageCount }) {
        const generation = yield* cpu.call(env.kernel.nextGeneration, mm);
        yield* env.kernel.flushInfo.fill(cpu, mm, firstPage, pageCount, generation, kind === 'freeTable', true);
        yield* call(cpu, 1);
      },
    };
  },
});

describe('examples of the packages', () => {
  it('core: a store waits in the buffer', () => {
    expect(inMemory).toBe(0);
  });

  it('smp-call-function: one CPU is asked and answers', () => {
    const log = runToEnd(machineWith(callsOne, SHAPE), [0]);
    expect(log.filter((line) => line.includes('call_function_single'))).toHaveLength(1);
    expect(log).toContain('1: invlpg page 0');
  });

  it('mm: a replaced flush function is the one that runs', () => {
    const { kernel, boot } = bootKernel({ shape: SHAPE, costs: NO_COSTS, strategy: sync, programs: { flushTlbFunc } });
    addInitiator(kernel, { ...PAGE, cpu: 0, operation: 'madvise', touch: 'write', operations: 1 });
    addSpinner(kernel, 1, 0);
    const log = runToEnd(new Machine(boot), [0]);
    expect(log.filter((line) => line.includes('invlpg'))).toEqual([]);
    expect(log.filter((line) => /cr3/i.test(line)).map((line) => line[0])).toEqual(['0', '1']);
  });

  it('kernel: a page is unmapped and flushed on both CPUs', () => {
    const log = runToEnd(machineWith(sync, SHAPE), [0]);
    expect(log).toEqual(expect.arrayContaining(['0: invlpg page 0', '1: invlpg page 0']));
  });

  it('host: options are completed', () => {
    const { strategies } = registry;
    expect(strategies.map(({ name }) => name)).toEqual(['async-inline']);
    expect(options).toEqual({ ack: 'late', freedTables: 'sync', nmiGuard: true });
  });

  it('safety: the contract has its statements', () => {
    expect(statements).toContain('C1 no stale use');
  });

  it('scenarios: a scenario is data', () => {
    expect(reading).toMatchObject({ operation: 'madvise', touch: 'read', pages: 4 });
  });

  it('checker: store buffering reaches 0, 0', () => {
    const { outcomes } = storeBuffering(SHAPE);
    expect([...outcomes.keys()].sort()).toEqual(['0, 0', '0, 1', '1, 0', '1, 1']);
  });

  it('reporter: a document becomes a table', async () => {
    const words = ['--strategy', 'sync', '--threads', '1', '--iterations', '20', '--format', 'json'];
    const document = JSON.parse(await shootdown('compare', ...words)) as Parameters<typeof asTable>[0];
    expect(asTable(document)).toContain('madvise, 1 page');
  });

  it('the configuration: its strategy and its machine are what they must be', async () => {
    const directory = fileURLToPath(new URL('./docs/', import.meta.url));
    const { strategies, machines, defaults } = await loadConfig('shootdown.config.ts', directory, CONFIGURABLE);
    expect(createRegistry(strategies).find('one-by-one').title).toBe('One by one');
    const [machine] = machines.map((each) => validateProfile(each, 'the configuration'));
    expect(machine).toMatchObject({ name: defaults['compare']?.['machine'], features: { pti: true } });
  });

  it('bench: the command line knows one more strategy', async () => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const { shootdown: own } = await import('./docs/compare-it.js');
    const code = await own('list', 'strategies');
    const text = write.mock.calls.map(([chunk]) => String(chunk)).join('');
    write.mockRestore();
    expect(code).toBe(0);
    expect(text).toMatch(/sync, one-by-one: no violation seen \(1 schedule\)[\s\S]*^one-by-one /m);
  });
});
