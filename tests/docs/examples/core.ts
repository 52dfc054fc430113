import { Boot, Machine, type MachineShape } from '@shootdown/core';

const shape: MachineShape = {
  cpuCount: 2,
  virtualPages: 1,
  levels: 2,
  levelBits: 1,
  tables: 2,
  frames: 1,
  asids: 1,
  pcid: false,
  pti: false,
  invpcid: false,
  storeBufferDepth: 4,
  clusterSize: 8,
  icrWriteDrainsStores: true,
};
const boot = new Boot(shape);
const x = boot.records('x', ['value'], 1);
const store = boot.program('store', function* (cpu) {
  yield* cpu.store(x.value(0), 7);
});
boot.thread('writer', 0, store, []);

export const machine: Machine = new Machine(boot);
machine.execute(0, 0);
/** 0: the store waits in the store buffer of CPU 0 until the action `drain` makes it visible. */
export const inMemory: number | undefined = machine.state[x.value(0)];
