import { Boot, type KernelCpu, Machine, makePte, type Program, Pte } from '@shootdown/core';
import { SafetyMonitor } from '@shootdown/safety';
import { describe, expect, it } from 'vitest';
import { type Exploration, explore, type MachineFactory, REDUCTIONS } from '../src/index.js';
import { ONE_PAGE } from './one-page.js';

/** CPU 0 flushes, and on one way has changed the page table behind the call. CPU 1 drops its translation meanwhile, and uses the page. */
const make: MachineFactory = (options) => {
  const boot = new Boot({ ...ONE_PAGE, cpuCount: 2 });
  const leaf = boot.tableEntry(0, 0);
  boot.memory.initial(leaf, makePte(0, Pte.writable | Pte.accessed | Pte.dirty));
  const flush = boot.program('flush', function* (cpu: KernelCpu): Program {
    yield* cpu.markCover(0, 0, 1);
    yield* cpu.markCall('unmap');
    if (yield* cpu.choose(2)) {
      yield* cpu.store(leaf, 0);
      yield* cpu.fence();
    }
    yield* cpu.markReturn();
  });
  const use = boot.program('use', function* (cpu: KernelCpu): Program {
    for (let turn = 0; turn < 4; turn++) yield* cpu.work(1 + turn);
    yield* cpu.invlpg(0);
    yield* cpu.userLoad(0);
  });
  boot.initialFrameOwner.fill(0);
  boot.system = {
    pageFault: boot.program(
      'pageFault',
      function* (cpu: KernelCpu, _page: number, _isStore: number, _fromUser: number): Program {
        yield* cpu.exchange(leaf, makePte(1, Pte.writable | Pte.accessed | Pte.dirty));
      },
    ),
  };
  boot.thread('flush', 0, flush, [], {});
  boot.thread('use', 1, use, [], {});
  const monitor = new SafetyMonitor(boot, { flushes: 1, rootOf: () => 0, ownsFrames: true });
  return new Machine(boot, { ...options, monitor, walker: 'saturated' });
};

const told = ({ states, transitions, violations }: Exploration): unknown => ({
  states,
  transitions,
  violations: violations.map(({ contract, form, text, count }) => ({ contract, form, text, count })),
});

describe('remembered moves', () => {
  it('are asked of the state before the move whose store buffers the monitors look into', () => {
    for (const reductions of [[], REDUCTIONS])
      expect(told(explore(make, { reductions, checkRemembered: true }))).toEqual(
        told(explore(make, { reductions, rememberMoves: 0 })),
      );
  });
});
