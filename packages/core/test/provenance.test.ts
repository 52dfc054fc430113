import { describe, expect, it } from 'vitest';
import {
  Action,
  Boot,
  type KernelCpu,
  Machine,
  MACHINE_ACTIONS,
  type MachineShape,
  makePte,
  type Monitor,
  noMonitor,
  type Program,
  PscField,
  Pte,
  TlbField,
} from '../src/index.js';

const SHAPE: MachineShape = {
  cpuCount: 1,
  virtualPages: 2,
  levels: 2,
  levelBits: 1,
  tables: 2,
  frames: 2,
  asids: 1,
  pcid: false,
  pti: false,
  invpcid: true,
  storeBufferDepth: 2,
  clusterSize: 8,
  icrWriteDrainsStores: true,
};

/** Marks every walk that reads at `level` with `mark` and counts the fills it is told of. */
class Marking implements Monitor {
  speculated(): void {}
  readonly words = 0;
  readonly mark = noMonitor.mark;
  readonly access = noMonitor.access;
  readonly exposed = noMonitor.exposed;
  readonly invalidated = noMonitor.invalidated;
  readonly walkedFreed = noMonitor.walkedFreed;
  readonly frameGiven = noMonitor.frameGiven;
  readonly drained = noMonitor.drained;
  readonly foreignAccess = noMonitor.foreignAccess;
  readonly watched = noMonitor.watched;
  readonly home = noMonitor.home;
  readonly lookout = noMonitor.lookout;
  readonly readsBuffersOf = noMonitor.readsBuffersOf;
  readonly isOwnMatter = noMonitor.isOwnMatter;
  readonly level: number;
  fills = 0;

  constructor(level: number) {
    this.level = level;
  }
  provenance(_machine: Machine, _cpu: number, _pcid: number, _page: number, _word: number, level: number): number {
    return level === this.level ? 1 << level : 0;
  }
  filled(): void {
    this.fills++;
  }
}

function storeThrough(monitor: Marking): Machine {
  const boot = new Boot(SHAPE);
  boot.memory.initial(boot.tableEntry(0, 0), makePte(1, Pte.writable));
  boot.memory.initial(boot.tableEntry(1, 0), makePte(0, Pte.writable));
  const program = boot.program('p', function* (cpu: KernelCpu): Program {
    yield* cpu.userStore(0, 5);
  });
  boot.thread('t', 0, program, [], { user: true });
  const machine = new Machine(boot, { monitor });
  for (const action of [Action.startWalk, Action.stepWalk, Action.stepWalk, Action.fill])
    MACHINE_ACTIONS[action]?.apply(machine, 0, 0);
  return machine;
}

describe('provenance', () => {
  it('marks what a walk reads, from there on down', () => {
    const machine = storeThrough(new Marking(1));
    expect(machine.state[machine.layout.tlbSlot(0, 0, 0) + TlbField.marks]).toBe(2);
    expect(machine.state[machine.layout.pscSlot(0, 0, 0, 0) + PscField.marks]).toBe(2);
  });

  it('does not mark the tables above', () => {
    const machine = storeThrough(new Marking(0));
    expect(machine.state[machine.layout.tlbSlot(0, 0, 0) + TlbField.marks]).toBe(1);
    expect(machine.state[machine.layout.pscSlot(0, 0, 0, 0) + PscField.marks]).toBe(0);
  });

  it('is renewed with the entry when the D flag is set: the cached table and the leaf count', () => {
    const monitor = new Marking(0);
    const machine = storeThrough(monitor);
    machine.state[machine.layout.pscSlot(0, 0, 0, 0) + PscField.marks] = 4;
    machine.state[machine.layout.tlbSlot(0, 0, 0) + TlbField.marks] = 8;
    machine.execute(0, 0);
    expect(machine.state[machine.layout.tlbSlot(0, 0, 0) + TlbField.marks]).toBe(5);
    expect(monitor.fills).toBe(2);
  });
});
