import { type KernelCpu, makePte, type Program, Pte } from '@shootdown/core';
import { describe, expect, it } from 'vitest';
import { FRAME, type Lab, type LitmusTest, type LitmusThread, record, runLitmus, X, Y } from './litmus.js';
import { EXPECTED } from './litmus-mmu.expected.js';

const READ_WRITE = Pte.writable | Pte.accessed;
const toA = makePte(FRAME.A, READ_WRITE);
const toB = makePte(FRAME.B, READ_WRITE);

const READ_ONLY = Pte.accessed;
const isDirty = (entry: number): number => ((entry & Pte.dirty) === 0 ? 0 : 1);
const dirty: LitmusTest['final'] = (machine, lab) => `D=${isDirty(machine.state[lab.leaf(X)] as number)}`;
const frames: LitmusTest['final'] = (machine, lab) =>
  `A=${String(machine.state[lab.frame(FRAME.A)])} B=${String(machine.state[lab.frame(FRAME.B)])}`;

const load = (page: number, register: number): LitmusThread =>
  function* (cpu) {
    yield* record(cpu, register, yield* cpu.userLoad(page, true));
  };
const storeThenLoad = (page: number, value: number, loaded: number, register: number): LitmusThread =>
  function* (cpu) {
    yield* cpu.userStore(page, value);
    yield* record(cpu, register, yield* cpu.userLoad(loaded, true));
  };

function unlinked(lab: Lab): void {
  lab.boot.memory.initial(lab.upper, 0);
  lab.boot.memory.initial(lab.leaf(X), 0);
}
function readOnly(lab: Lab): void {
  lab.boot.memory.initial(lab.leaf(X), makePte(FRAME.A, READ_ONLY));
}
function* mapB(cpu: KernelCpu, lab: Lab): Program {
  yield* cpu.exchange(lab.leaf(X), toB);
  yield* cpu.returnToUser();
}
function* retry(cpu: KernelCpu): Program {
  yield* record(cpu, 0, 1);
  yield* cpu.returnToUser();
}
function* readThenStore(cpu: KernelCpu): Program {
  yield* cpu.userLoad(X);
  yield* cpu.userStore(X, 1);
}
function* updateUnderCachedTable(cpu: KernelCpu, lab: Lab): Program {
  yield* cpu.userLoad(X);
  yield* cpu.store(lab.upper, 0);
  yield* cpu.fence();
  yield* cpu.store(lab.leaf(X), toA);
  yield* cpu.fence();
}
/** Root 2 and table 3 map page x to frame B; root 0 maps it to frame A. */
const TWO_ROOTS = {
  shape: { pcid: true, asids: 2 },
  init(lab: Lab): void {
    lab.boot.memory.initial(lab.boot.tableEntry(2, 0), makePte(3, READ_WRITE));
    lab.boot.memory.initial(lab.boot.tableEntry(3, X), toB);
  },
} as const;
const switchRoot = (pcid: number, keep: boolean): LitmusThread =>
  function* (cpu) {
    yield* cpu.userLoad(X);
    yield* cpu.writeCr3(2, pcid, keep);
    yield* record(cpu, 0, yield* cpu.userLoad(X, true));
  };

type Case = Omit<LitmusTest, 'memory'>;

/** Walks: what may be cached, and what an invalidation ends. */
const WALKS: readonly Case[] = [
  {
    name: 'E1 ptwalk2: after INVLPG the old frame is not read',
    actions: { speculativePages: [X] },
    threads: [
      function* (cpu, lab) {
        yield* cpu.store(lab.leaf(X), toB);
        yield* cpu.invlpg(X);
        yield* record(cpu, 0, yield* cpu.userLoad(X, true));
      },
    ],
  },
  {
    name: 'E2 ptwalk-noinv: without INVLPG the old frame may be read',
    actions: { evictablePages: [X] },
    threads: [
      function* (cpu, lab) {
        yield* cpu.userLoad(X);
        yield* cpu.store(lab.leaf(X), toB);
        yield* record(cpu, 0, yield* cpu.userLoad(X, true));
      },
    ],
  },
  {
    name: 'E3 ptwalk3: two reads may take two walks and agree',
    actions: { evictablePages: [X] },
    threads: [
      function* (cpu) {
        yield* record(cpu, 0, yield* cpu.userLoad(X, true));
        yield* record(cpu, 1, yield* cpu.userLoad(X, true));
      },
    ],
  },
  {
    name: 'E4 ptwalk/new: store and load both use the new frame',
    actions: { speculativePages: [X] },
    final: frames,
    threads: [
      function* (cpu, lab) {
        yield* cpu.store(lab.leaf(X), toB);
        yield* cpu.invlpg(X);
        yield* cpu.userStore(X, 1);
        yield* record(cpu, 0, yield* cpu.userLoad(X, true));
      },
    ],
  },
  {
    name: 'E5 tlbgap: old entry until INVLPG, never after',
    actions: { evictablePages: [X] },
    threads: [
      function* (cpu, lab) {
        yield* record(cpu, 0, yield* cpu.userLoad(X, true));
        yield* cpu.store(lab.leaf(X), toB);
        yield* record(cpu, 1, yield* cpu.userLoad(X, true));
        yield* cpu.invlpg(X);
        yield* record(cpu, 2, yield* cpu.userLoad(X, true));
      },
    ],
  },
  {
    name: 'E23 ROT: a leaf written before its table is linked is seen',
    actions: { speculativePages: [X] },
    init: unlinked,
    threads: [
      function* (cpu, lab) {
        yield* cpu.store(lab.leaf(X), toB);
        yield* cpu.store(lab.upper, makePte(1, READ_WRITE));
      },
      function* (cpu, lab) {
        yield* cpu.waitUntil(lab.upper, 'notEqual', 0);
        yield* load(X, 0)(cpu, lab);
      },
    ],
  },
  {
    name: 'E23 the other way round: the walk meets an absent leaf',
    actions: { speculativePages: [X] },
    init: unlinked,
    threads: [
      function* (cpu, lab) {
        yield* cpu.store(lab.upper, makePte(1, READ_WRITE));
        yield* cpu.store(lab.leaf(X), toB);
      },
      function* (cpu, lab) {
        yield* cpu.waitUntil(lab.upper, 'notEqual', 0);
        yield* load(X, 0)(cpu, lab);
      },
    ],
  },
];

/** The accessed and dirty flags. */
const DIRTY: readonly Case[] = [
  {
    name: 'E6 dirtybit: D is set before the store is visible',
    final: dirty,
    threads: [
      storeThenLoad(X, 1, X, 0),
      function* (cpu, lab) {
        yield* record(cpu, 1, yield* cpu.load(lab.frame(FRAME.A)));
        yield* record(cpu, 2, isDirty(yield* cpu.load(lab.leaf(X))));
      },
    ],
  },
  {
    name: 'E7 dirtybit2: D goes into the new entry only',
    final: dirty,
    threads: [
      function* (cpu, lab) {
        yield* cpu.userLoad(X);
        yield* record(cpu, 0, isDirty(yield* cpu.exchange(lab.leaf(X), toB)));
        yield* cpu.invlpg(X);
        yield* cpu.userStore(X, 1);
        yield* record(cpu, 1, yield* cpu.userLoad(X, true));
      },
    ],
  },
  {
    name: 'E8 intelbug: a load may pass a store whose D flag is being set',
    threads: [
      storeThenLoad(X, 1, Y, 0),
      function* (cpu, lab) {
        yield* cpu.store(lab.frame(FRAME.C), 31);
        yield* cpu.fence();
        yield* record(cpu, 1, yield* cpu.load(lab.frame(FRAME.A)));
      },
    ],
  },
  {
    name: 'E32 D lost: read, then plain store',
    final: frames,
    pageFault: mapB,
    threads: [
      function* (cpu, lab) {
        const entry = yield* cpu.load(lab.leaf(X));
        yield* cpu.store(lab.leaf(X), 0);
        yield* record(cpu, 0, isDirty(entry));
      },
      readThenStore,
    ],
  },
  {
    name: 'E32 D kept: exchange',
    final: frames,
    pageFault: mapB,
    threads: [
      function* (cpu, lab) {
        yield* record(cpu, 0, isDirty(yield* cpu.exchange(lab.leaf(X), 0)));
      },
      readThenStore,
    ],
  },
];

/** x86-TSO through the MMU: the walks are ghosts. */
const SHAPES: readonly Case[] = [
  {
    name: 'E9 mp',
    threads: [
      function* (cpu) {
        yield* cpu.userStore(X, 1);
        yield* cpu.userStore(Y, 1);
      },
      function* (cpu) {
        yield* record(cpu, 0, yield* cpu.userLoad(Y, true));
        yield* record(cpu, 1, yield* cpu.userLoad(X, true));
      },
    ],
  },
  { name: 'E10 sb', threads: [storeThenLoad(X, 1, Y, 0), storeThenLoad(Y, 1, X, 1)] },
  { name: 'E11 n5', threads: [storeThenLoad(X, 1, X, 0), storeThenLoad(X, 2, X, 1)] },
  {
    name: 'E12, E13, E14 synonyms: one location under two names',
    threads: [
      function* (cpu, lab) {
        yield* cpu.store(lab.leaf(Y), toA);
        yield* cpu.invlpg(Y);
        yield* storeThenLoad(X, 1, Y, 0)(cpu, lab);
      },
      function* (cpu, lab) {
        yield* cpu.invlpg(Y);
        yield* storeThenLoad(Y, 2, X, 1)(cpu, lab);
      },
    ],
  },
];

/** The paging-structure cache, permissions, and identity of contexts. */
const CONTEXTS: readonly Case[] = [
  {
    name: 'E24 UpdateFromTLB: a cached upper entry leads to the new leaf',
    actions: { evictablePages: [X], evictPagingStructures: true },
    init: readOnly,
    threads: [
      function* (cpu, lab) {
        yield* updateUnderCachedTable(cpu, lab);
        yield* cpu.userStore(X, 1);
        yield* record(cpu, 0, 1);
      },
    ],
  },
  {
    name: 'E24 after INVLPG: the store faults',
    actions: { evictablePages: [X], evictPagingStructures: true },
    init: readOnly,
    threads: [
      function* (cpu, lab) {
        yield* updateUnderCachedTable(cpu, lab);
        yield* cpu.invlpg(X);
        yield* cpu.userStore(X, 1);
        yield* record(cpu, 0, 1);
      },
    ],
  },
  {
    name: 'E25 EntryMerging: a spurious fault, never permissions of two entries',
    actions: { evictablePages: [X] },
    init: readOnly,
    final: frames,
    pageFault: retry,
    threads: [
      function* (cpu, lab) {
        yield* cpu.userLoad(X);
        yield* cpu.exchange(lab.leaf(X), toB);
        yield* cpu.userStore(X, 1);
      },
    ],
  },
  { name: 'E29 SwitchTable: the same PCID without a flush', ...TWO_ROOTS, threads: [switchRoot(0, true)] },
  { name: 'E29 SwitchTable: the same PCID with a flush', ...TWO_ROOTS, threads: [switchRoot(0, false)] },
  { name: 'E29 SwitchTable: a PCID of its own', ...TWO_ROOTS, threads: [switchRoot(1, true)] },
];

describe.each([...WALKS, ...DIRTY, ...SHAPES, ...CONTEXTS])('$name', (test) => {
  it.each(['tso', 'sc'] as const)('under %s', (memory) => {
    const found = runLitmus({ ...test, memory });
    expect({
      states: found.states,
      transitions: found.transitions,
      outcomes: [...found.outcomes.keys()],
      violations: found.violations.map((violation) => `${violation.contract} ${violation.form}`),
    }).toEqual(EXPECTED[test.name]?.[memory]);
  });
});
