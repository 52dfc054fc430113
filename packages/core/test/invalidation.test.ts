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
  Pte,
} from '../src/index.js';
import { SMALL } from './fixtures/small.js';

/** Four pages under two leaf tables. */
const TWO_TABLES: MachineShape = { ...SMALL, cpuCount: 1, virtualPages: 4, levelBits: 1, tables: 3, frames: 4 };

function boot(body: (cpu: KernelCpu) => Program): Boot {
  const made = new Boot(TWO_TABLES);
  for (const index of [0, 1]) made.memory.initial(made.tableEntry(0, index), makePte(1 + index, Pte.writable));
  for (let page = 0; page < 4; page++) {
    made.memory.initial(made.tableEntry(1 + (page >> 1), page & 1), page === 1 ? 0 : makePte(page, Pte.writable));
  }
  const fault = made.program(
    'pageFault',
    function* (cpu: KernelCpu, page: number, _store: number, _user: number): Program {
      yield* cpu.store(made.tableEntry(1 + (page >> 1), page & 1), makePte(page, Pte.writable));
      yield* cpu.returnToUser('fault');
    },
  );
  made.system = { pageFault: fault };
  made.thread('t', 0, made.program('body', body), [], { user: true });
  return made;
}

function act(machine: Machine, action: number, choice: number): void {
  expect(MACHINE_ACTIONS[action]?.enabled(machine, 0, choice)).toBe(true);
  MACHINE_ACTIONS[action]?.apply(machine, 0, choice);
}

function fillTlb(machine: Machine, page: number): void {
  act(machine, Action.startWalk, page);
  while (MACHINE_ACTIONS[Action.stepWalk]?.enabled(machine, 0, 0) === true) act(machine, Action.stepWalk, 0);
  act(machine, Action.fill, 0);
}

const cachedTables = ({ state, layout }: Machine): readonly boolean[] =>
  [0, 1].map((prefix) => state[layout.pscSlot(0, 0, 0, prefix)] !== 0);

describe('what an invalidation drops of the paging-structure cache (SDM 4.10.4.1)', () => {
  it('is everything under the PCID for INVLPG', () => {
    const machine = new Machine(
      boot(function* (cpu) {
        yield* cpu.invlpg(0);
      }),
    );
    for (const page of [0, 2]) fillTlb(machine, page);
    expect(cachedTables(machine)).toEqual([true, true]);
    machine.execute(0, 0);
    expect(cachedTables(machine)).toEqual([false, false]);
  });

  it('is only what leads to the address for a page fault', () => {
    const machine = new Machine(
      boot(function* (cpu) {
        yield* cpu.userLoad(1);
      }),
    );
    for (const page of [0, 2]) fillTlb(machine, page);
    machine.execute(0, 0);
    expect(cachedTables(machine)).toEqual([false, true]);
  });

  it('is only what leads to the address for INVPCID type 0', () => {
    const machine = new Machine(
      boot(function* (cpu) {
        yield* cpu.invpcid(0, 0, 2);
      }),
    );
    for (const page of [0, 2]) fillTlb(machine, page);
    machine.execute(0, 0);
    expect(cachedTables(machine)).toEqual([true, false]);
  });
});

describe('an access that needs a walk into a freed table', () => {
  it('is reported like a speculative one', () => {
    const walked: number[] = [];
    const monitor: Monitor = { ...noMonitor, walkedFreed: (_machine, _cpu, table) => void walked.push(table) };
    const machine = new Machine(
      boot(function* (cpu) {
        yield* cpu.setTableFreed(2, true);
        yield* cpu.userLoad(3);
      }),
      { monitor },
    );
    fillTlb(machine, 2);
    machine.execute(0, 0);
    machine.execute(0, 0);
    expect(walked).toEqual([2]);
  });
});

describe('word classes', () => {
  it('hold for waitAny and for the words of a mask too', () => {
    const foreign = new Boot({ ...SMALL, cpuCount: 2 });
    const place = { home: () => 1, wordClass: 'cpu' } as const;
    const word = foreign.records('private', ['flag'], 1, place).flag(0);
    const same = (made: Boot): void => {
      expect(made.records('private', ['flag'], 1, place).flag(0)).toBe(word);
    };
    const machineWith = (body: (cpu: KernelCpu) => Program): Machine => {
      const made = new Boot({ ...SMALL, cpuCount: 2 });
      same(made);
      made.thread('t', 0, made.program('body', body), []);
      return new Machine(made);
    };
    const wait = machineWith(function* (cpu) {
      yield* cpu.waitAny([word], 'equal', 0);
    });
    const search = machineWith(function* (cpu) {
      yield* cpu.nextSetBit(word as number as never, 0);
    });
    for (const machine of [wait, search]) {
      expect(() => machine.execute(0, 0)).toThrow(expect.objectContaining({ code: 'WORD_CLASS' }));
    }
  });
});
