import { describe, expect, it } from 'vitest';
import {
  Action,
  Boot,
  type KernelCpu,
  Machine,
  MACHINE_ACTIONS,
  makePte,
  type Program,
  Pte,
  tlbTag,
  translation,
} from '../src/index.js';
import { SMALL } from './fixtures/small.js';

type Body = (cpu: KernelCpu) => Program;

/** One CPU with two PCIDs whose page 0 is mapped by a global entry and page 1 by an ordinary one, both cached under PCID 0. */
function machineAfter(body: Body): Machine {
  const boot = new Boot({ ...SMALL, pcid: true, asids: 2 });
  boot.memory.initial(boot.tableEntry(0, 0), makePte(1, Pte.writable));
  boot.memory.initial(boot.tableEntry(1, 0), makePte(0, Pte.writable | Pte.global));
  boot.memory.initial(boot.tableEntry(1, 1), makePte(1, Pte.writable));
  boot.thread('t', 0, boot.program('p', body), []);
  const machine = new Machine(boot);
  for (const page of [0, 1]) {
    for (const action of [Action.startWalk, Action.stepWalk, Action.stepWalk, Action.fill]) {
      const choice = action === Action.startWalk ? page : 0;
      if (MACHINE_ACTIONS[action]?.enabled(machine, 0, choice) === true)
        MACHINE_ACTIONS[action]?.apply(machine, 0, choice);
    }
  }
  while (machine.canExecute(0)) machine.execute(0, 0);
  return machine;
}

const cached = (machine: Machine, page: number): boolean => machine.state[translation(machine, 0, page)] !== 0;
const pages = (body: Body): readonly boolean[] => {
  const machine = machineAfter(body);
  return [cached(machine, 0), cached(machine, 1)];
};

describe('global translations', () => {
  it('are valid under every PCID and survive CR3 writes; others are not and do not', () => {
    const toOther: Body = function* (cpu) {
      yield* cpu.writeCr3(0, 1, false);
    };
    const there: Body = function* (cpu) {
      yield* cpu.writeCr3(0, 0, false);
    };
    expect(pages(toOther)).toEqual([true, false]);
    expect(pages(there)).toEqual([true, false]);
  });

  it('go with INVLPG and INVPCID type 2, not with types 0, 1 and 3', () => {
    const invpcid = (kind: 0 | 1 | 2 | 3): readonly boolean[] =>
      pages(function* (cpu) {
        yield* cpu.invpcid(kind, 0, 0);
      });
    expect(
      pages(function* (cpu) {
        yield* cpu.invlpg(0);
      }),
    ).toEqual([false, true]);
    expect([0, 1, 2, 3].map((kind) => invpcid(kind as 0 | 1 | 2 | 3))).toEqual([
      [true, true],
      [true, false],
      [false, false],
      [true, false],
    ]);
  });

  it('have a slot of their own that can be evicted', () => {
    const machine = machineAfter(function* (cpu) {
      yield* cpu.fence();
    });
    const tag = tlbTag(machine, 0, translation(machine, 0, 0));
    expect(tag).toBe(machine.layout.globalTag * machine.layout.pages);
    expect(MACHINE_ACTIONS[Action.evict]?.enabled(machine, 0, tag)).toBe(true);
    MACHINE_ACTIONS[Action.evict]?.apply(machine, 0, tag);
    expect(cached(machine, 0)).toBe(false);
  });
});
