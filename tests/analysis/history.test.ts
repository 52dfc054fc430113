import { type Exploration, explore, type MachineFactory } from '@shootdown/checker';
import { Boot, type KernelCpu, Machine, type MachineShape, makePte, type Op, type Program, Pte } from '@shootdown/core';
import { SafetyMonitor } from '@shootdown/safety';
import { expect, it } from 'vitest';

const SHAPE: MachineShape = {
  cpuCount: 2,
  virtualPages: 1,
  levels: 2,
  levelBits: 1,
  tables: 2,
  frames: 2,
  asids: 1,
  pcid: false,
  pti: false,
  invpcid: false,
  storeBufferDepth: 2,
  clusterSize: 8,
  icrWriteDrainsStores: true,
};
const [A, B] = [makePte(0, Pte.writable | Pte.accessed), makePte(1, Pte.writable | Pte.accessed)];

/**
 * CPU 0 maps the page from frame A to B and back to A; CPU 1 reads it in the kernel. In between a flush of CPU 0 alone returns
 * (`completed`), or nobody claims that anything was flushed. Both execute the same ops but for the marks, which touch no word.
 */
function remapTwice(flush: 'completed' | 'unclaimed'): MachineFactory {
  return (options) => {
    const boot = new Boot(SHAPE);
    const leaf = boot.tableEntry(1, 0);
    boot.memory.initial(boot.tableEntry(0, 0), makePte(1, Pte.writable));
    boot.memory.initial(leaf, A);
    const mark = (cpu: KernelCpu, make: () => Op): Op => (flush === 'completed' ? make() : cpu.phase('finish'));
    const initiator = boot.program('remap twice', function* (cpu: KernelCpu): Program {
      yield* cpu.exchange(leaf, B);
      yield* mark(cpu, () => cpu.markCover(0, 0, 1));
      yield* mark(cpu, () => cpu.markCall('unmap'));
      yield* cpu.invlpg(0);
      yield* mark(cpu, () => cpu.markReturn());
      yield* cpu.exchange(leaf, A);
    });
    const reader = boot.program('reader', function* (cpu: KernelCpu): Program {
      yield* cpu.userLoad(0);
      yield* cpu.userLoad(0);
    });
    boot.thread('initiator', 0, initiator, []);
    boot.thread('reader', 1, reader, []);
    return new Machine(boot, { ...options, monitor: new SafetyMonitor(boot, { flushes: 1, rootOf: () => 0 }) });
  };
}

/** Every terminal state by all that is not history: memory, registers, store buffers, TLB and paging-structure entries. */
function machineWords({ state, layout }: Machine): string {
  const words = Array.from(state.subarray(0, layout.monitor));
  for (let cpu = 0; cpu < layout.cpuCount; cpu++) {
    const slot = layout.tlbSlot(cpu, 0, 0);
    words.splice(slot + 1, 2, 0, 0);
  }
  return words.join(' ');
}

const explored = (flush: 'completed' | 'unclaimed'): Exploration =>
  explore(remapTwice(flush), { project: machineWords, expandBeyond: ['C1 exposed', 'C1 used'] });

it('remap A → B → A across a completed flush: the same machine words at every end, and only one of the two cells is violated', () => {
  const [completed, unclaimed] = [explored('completed'), explored('unclaimed')];
  expect([...completed.outcomes.keys()]).toEqual([...unclaimed.outcomes.keys()]);
  expect(completed.outcomes.size).toBeGreaterThan(0);
  expect([unclaimed.verdict, completed.verdict]).toEqual(['clean', 'violated']);
  expect(completed.violations.map(({ contract, form }) => `${contract} ${form}`)).toEqual(['C1 exposed', 'C1 used']);
  expect(completed.states).toBeGreaterThan(unclaimed.states);
});
