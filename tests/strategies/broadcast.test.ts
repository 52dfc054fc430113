import {
  cellMachine,
  explore,
  type Cell,
  type ExploreOptions,
  type MachineFactory,
  REDUCTIONS,
} from '@shootdown/checker';
import { Machine, type MachineShape } from '@shootdown/core';
import { resolveOptions } from '@shootdown/host';
import { addInitiator, addSpinner, addToucher, bootKernel, type InitiatorOptions, NO_COSTS } from '@shootdown/kernel';
import { safetyMonitor } from '@shootdown/safety';
import { broadcast, type BroadcastSteps, broadcastWith } from '@shootdown/strategy-broadcast';
import { sync } from '@shootdown/strategy-sync';
import { describe, expect, it } from 'vitest';
import { runToEnd } from '../../packages/kernel/test/drive.js';
import { timeCell, type TimedCell } from '../kit/timed.js';
import { replaysExactly } from '../replay/replays-exactly.js';
import { FOUR_PAGES } from './shapes.js';

const SHAPE: MachineShape = {
  ...FOUR_PAGES,
  broadcast: { outstanding: 2, pagesPerInvlpgb: 2, globalAsids: 1 },
};

interface Run {
  readonly options?: object;
  readonly operations?: number;
  readonly pages?: number;
  readonly operation?: InitiatorOptions['operation'];
  readonly kernelThread?: boolean;
  readonly shape?: Partial<MachineShape>;
}

/** Ops of the last flush of CPU 0, and everything that the other CPUs did during the run. */
function run({
  options = {},
  operations = 1,
  pages = 1,
  operation = 'madvise',
  kernelThread = false,
  shape = {},
}: Run) {
  const { kernel, boot } = bootKernel({
    shape: { ...SHAPE, ...shape },
    costs: NO_COSTS,
    strategy: broadcast,
    options: resolveOptions(broadcast, options),
  });
  const range = { mm: 0, firstPage: 0, pages };
  const thread = addInitiator(kernel, { ...range, cpu: 0, operation, touch: 'none', operations, kernelThread });
  for (let cpu = 1; cpu < 3; cpu++) addSpinner(kernel, cpu, 0);
  const lines = runToEnd(new Machine(boot), [thread]);
  const own = lines.filter((line) => line.startsWith('0: ')).map((line) => line.slice(3));
  return {
    flush: own.slice(own.lastIndexOf('mark call') + 1, own.lastIndexOf('mark return')),
    others: lines.filter((line) => !line.startsWith('0: ')),
  };
}

/** The lines that begin with one of the words, in order. */
const only = (lines: readonly string[], ...words: readonly string[]): string[] =>
  lines.filter((line) => words.some((word) => line.startsWith(word)));

const FROM_BOOT = { globalAsid: 'fromBoot' };

describe('broadcast: the steps of Linux of 2025', () => {
  it('increments tlb_gen, issues INVLPGB, and waits with TLBSYNC; nobody is interrupted', () => {
    const { flush } = run({ options: FROM_BOOT, operations: 3 });
    expect(only(flush, 'lock xadd', 'phase', 'invlpgb', 'icr', 'invlpg', 'test mm_context', 'tlbsync')).toEqual([
      'phase prepare',
      'lock xadd mm[1].tlb_gen + 1',
      'phase send',
      'invlpgb pages 0 … 0 of PCID 2',
      'test mm_context.asid_transition equal 0',
      'phase wait',
      'tlbsync',
    ]);
  });

  it('interrupts the CPUs that still run the mm under an ASID of their own, between INVLPGB and TLBSYNC', () => {
    const { flush, others } = run({ options: FROM_BOOT });
    expect(only(flush, 'invlpgb', 'wait cpu_tlbstate', 'icr', 'mov cr3', 'tlbsync')).toEqual([
      'invlpgb pages 0 … 0 of PCID 2',
      'wait cpu_tlbstate[0].loaded_mm notEqual -2',
      'icr → cluster 0: call_function',
      'mov cr3 root 0 pcid 2 (keep)',
      'tlbsync',
    ]);
    expect(only(others, '1: mov cr3', '2: mov cr3', '1: invlpg', '2: invlpg').sort()).toEqual([
      '1: mov cr3 root 0 pcid 2 (keep)',
      '2: mov cr3 root 0 pcid 2 (keep)',
    ]);
  });

  it('ends the transition when it has seen every CPU under the global ASID', () => {
    const { flush } = run({ options: FROM_BOOT, operations: 2 });
    expect(only(flush, 'wait cpu_tlbstate', 'store mm_context', 'icr')).toEqual([
      ...[0, 1, 2].map((cpu) => `wait cpu_tlbstate[${cpu}].loaded_mm notEqual -2`),
      'store mm_context.asid_transition ← 0',
    ]);
  });

  it('splits a range by what one INVLPGB can name, and takes the whole PCID beyond the ceiling', () => {
    const { flush } = run({ options: FROM_BOOT, operations: 3, pages: 3 });
    expect(only(flush, 'invlpgb')).toEqual(['invlpgb pages 0 … 1 of PCID 2', 'invlpgb pages 2 … 2 of PCID 2']);
  });

  it('names the user PCID too under PTI', () => {
    const { flush } = run({ options: FROM_BOOT, operations: 3, shape: { pti: true } });
    expect(only(flush, 'invlpgb')).toEqual(['invlpgb pages 0 … 0 of PCID 2', 'invlpgb pages 0 … 0 of PCID 5']);
  });

  it('flushes everything everywhere for a batch of reclaim', () => {
    const { flush } = run({ operation: 'reclaim', kernelThread: true });
    expect(only(flush, 'invlpgb', 'tlbsync', 'icr')).toEqual(['invlpgb every page of every PCID', 'tlbsync']);
  });

  it('flushes by IPI until the process has been active on enough CPUs, then gives it an ASID', () => {
    const earned = { activeCpus: 3, considerEvery: 2 };
    expect(only(run({ options: earned }).flush, 'invlpgb', 'icr', 'xchg', 'store mm_context')).toEqual([
      'icr → cluster 0: call_function',
    ]);
    const { flush } = run({ options: earned, operations: 2 });
    expect(only(flush, 'icr', 'store global', 'store mm_context')).toEqual([
      'icr → cluster 0: call_function',
      'store global_asids.next ← 3',
      'store mm_context.asid_transition ← 1',
      'store mm_context.global_asid ← 2',
      'store global_asids.lock ← 0',
    ]);
    expect(only(run({ options: earned, operations: 3 }).flush, 'invlpgb')).toHaveLength(1);
    expect(only(run({ options: { ...earned, activeCpus: 4 }, operations: 9 }).flush, 'invlpgb')).toEqual([]);
  });
});

const BOUNDS: ExploreOptions = {
  stopAtFirst: true,
  reductions: REDUCTIONS,
};

function found(makeMachine: MachineFactory): string {
  const { verdict, violations } = explore(makeMachine, BOUNDS);
  const [violation] = violations;
  return violation === undefined ? verdict : `${violation.contract} ${violation.form}`;
}

/** Two unmaps of a page that another CPU writes for ever: the second one finds everybody under the global ASID. */
function twice(steps: Partial<BroadcastSteps>): string {
  const strategy = broadcastWith(steps);
  return found((options) => {
    const shape = { ...SHAPE, cpuCount: 2, virtualPages: 1, levelBits: 1, frames: 2, asids: 1 };
    const booted = bootKernel({ shape, costs: NO_COSTS, strategy, options: FROM_BOOT, gatherPages: 1 });
    const page = { mm: 0, firstPage: 0, pages: 1 };
    addInitiator(booted.kernel, { ...page, cpu: 0, operation: 'madvise', touch: 'none', operations: 2 });
    addToucher(booted.kernel, { ...page, cpu: 1, access: 'read' });
    const monitor = safetyMonitor(booted, strategy, 1);
    return new Machine(booted.boot, { ...options, monitor, sequentiallyConsistent: true });
  });
}

/** The first violation of the cell under sequential consistency, or `clean`. */
function verdict(change: Partial<Cell>, steps: Partial<BroadcastSteps> = {}): string {
  const strategy = broadcastWith(steps);
  const cell: Cell = {
    scenario: 'unmap',
    targets: 'user',
    initiators: 1,
    cpus: 2,
    nmis: 0,
    walker: 'demand',
    strategy,
    options: resolveOptions(strategy, FROM_BOOT),
    ...change,
  };
  return found(cellMachine(cell, 'sc'));
}

const nothing: BroadcastSteps['synchronise'] = function* () {
  yield* [];
};

describe('broadcast on two CPUs, with its transition to the global ASID', () => {
  it.each(['unmap', 'protect', 'free-table', 'reclaim'])(
    '%s: clean',
    (scenario) => {
      expect(verdict({ scenario })).toBe('clean');
    },
    60_000,
  );

  it('exposes the others without TLBSYNC', () => {
    expect(verdict({ scenario: 'reclaim' }, { synchronise: nothing })).toBe('C1 exposed');
    expect(twice({ synchronise: nothing })).toBe('C1 exposed');
    expect(twice({})).toBe('clean');
  }, 60_000);

  it('exposes a CPU that runs the mm under an ASID of its own when nobody looks for it', () => {
    expect(verdict({}, { finishTransition: nothing })).toBe('C1 exposed');
  }, 60_000);
});

describe('broadcast on the machine milan', () => {
  const variant = (options: object): TimedCell['variant'] => ({
    title: 'broadcast',
    strategy: broadcast,
    options: resolveOptions(broadcast, options),
  });
  const cell = (options: object, scenario = 'madvise'): TimedCell => ({
    variant: variant(options),
    machine: 'milan',
    scenario,
    threads: 8,
    operations: 20,
    warmUp: 40,
  });

  it('interrupts nobody once the process has earned its ASID, and no violation is seen', () => {
    const { ipis, violations, opCounts } = timeCell(cell({}));
    expect([ipis, violations]).toEqual([0, []]);
    expect([opCounts['invlpgb'], opCounts['tlbsync']]).toEqual([20, 20]);
  });

  it('interrupts everybody when the process is not active enough', () => {
    expect(timeCell(cell({ activeCpus: 9 })).ipis).toBe(7 * 20);
  });

  it('is quicker than sync there with INVLPGB and TLBSYNC at the centre of their range', () => {
    const reference = { ...cell({}), variant: { title: 'sync', strategy: sync, options: {} } };
    expect(timeCell(cell({})).meanNs).toBeLessThan(timeCell(reference).meanNs);
  });

  it.each(['madvise', 'munmap', 'mprotect', 'kswapd', 'idle'])('%s replays on the abstract machine', (scenario) => {
    expect(replaysExactly({ ...cell(FROM_BOOT, scenario), warmUp: 1 }).length).toBeGreaterThan(100);
  });
});
