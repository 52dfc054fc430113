import type { MachineFactory } from '@shootdown/checker';
import {
  Boot,
  type KernelCpu,
  Machine,
  type MachineShape,
  makePte,
  type Monitor,
  noMonitor,
  commonLookout,
  type Program,
  type Vector,
} from '@shootdown/core';
import fc from 'fast-check';
import {
  GLANCES,
  HAND_OFF,
  handOffOf,
  type Instruction,
  INTERRUPTS,
  type Kind,
  LEAF_FLAGS,
  MEMORY,
  MMU,
  MODES,
  perform,
  SYSTEM,
  type Words,
} from './random-instruction.js';

const SHAPE: Omit<MachineShape, 'cpuCount' | 'storeBufferDepth'> = {
  virtualPages: 1,
  levels: 2,
  levelBits: 1,
  tables: 3,
  frames: 2,
  asids: 1,
  pcid: false,
  pti: false,
  invpcid: false,
  clusterSize: 8,
  icrWriteDrainsStores: false,
};
const MOST_CPUS = 3;

/** A small machine with random programs. */
export interface RandomMachine {
  readonly sequentiallyConsistent: boolean;
  readonly storeBufferDepth: number;
  readonly nmiBudget: number;
  readonly probeBudget: number;
  readonly threads: readonly (readonly Instruction[])[];
  /** Threads begin in user mode. */
  readonly inUserMode: boolean;
  readonly handler: readonly Instruction[];
  /** The handler of the vector with the higher priority. */
  readonly higher: readonly Instruction[];
  /** Local timers run down: without end, so that the machine comes to none. */
  readonly ticks: boolean;
  /** What the handler puts above the first thread that it meets on a CPU; undefined: nothing. */
  readonly preempting: readonly Instruction[] | undefined;
  /** What another thread does to which that one switches, and which switches back; undefined: there is none. */
  readonly scheduled: readonly Instruction[] | undefined;
  readonly nmi: readonly Instruction[];
  readonly probe: readonly Instruction[];
}

function program(kinds: readonly Kind[], atMost: number): fc.Arbitrary<readonly Instruction[]> {
  const bit = fc.nat(1);
  return fc.array(fc.record({ kind: fc.constantFrom(...kinds), a: bit, b: bit }), { maxLength: atMost });
}

const bodies = (atMost: number): fc.Arbitrary<readonly Instruction[]> =>
  fc.oneof(
    program([...MEMORY, ...SYSTEM], atMost),
    program([...MEMORY, ...HAND_OFF, 'ipi'], atMost),
    program([...MEMORY, ...HAND_OFF, ...SYSTEM], atMost),
    program([...MEMORY, ...SYSTEM, ...MODES, ...MODES], atMost),
  );
const userBodies = (atMost: number): fc.Arbitrary<readonly Instruction[]> =>
  program([...MMU, ...MMU, 'store', 'load', 'ipi', 'private'], atMost);
/** Nothing waits in a handler, and none of them enables interrupts. */
const handlers = program(
  ['load', 'store', 'store', 'exchange', 'private', 'payload', 'read', 'give', 'fence', 'choose', 'blame', 'pay'],
  3,
);
const accesses = program(['load', 'load', 'store', 'store', 'private', 'exchange', 'userLoad', 'userStore'], 3);

function machines(threads: fc.Arbitrary<RandomMachine['threads']>): fc.Arbitrary<RandomMachine> {
  return fc.record({
    sequentiallyConsistent: fc.boolean(),
    storeBufferDepth: fc.constantFrom(1, 2, 4),
    nmiBudget: fc.constantFrom(0, 0, 1),
    probeBudget: fc.constantFrom(0, 0, 1),
    threads,
    inUserMode: fc.boolean(),
    handler: handlers,
    higher: fc.constant([]),
    ticks: fc.constant(false),
    preempting: fc.option(bodies(3), { nil: undefined }),
    scheduled: fc.option(bodies(2), { nil: undefined }),
    nmi: handlers,
    probe: handlers,
  });
}

export const programs: fc.Arbitrary<RandomMachine> = machines(
  fc.oneof(
    fc.array(bodies(5), { minLength: 2, maxLength: 2 }),
    fc.array(bodies(3), { minLength: 3, maxLength: 3 }),
    fc.array(userBodies(3), { minLength: 2, maxLength: 2 }),
  ),
);

/** Into user mode and out of it, on one machine in two without anything to be judged for. */
const toAndFro = (debts: readonly Kind[]): fc.Arbitrary<readonly Instruction[]> =>
  program(['enter', 'leave', 'exchange', 'store', 'load', 'private', 'ipi', 'ipi', 'halt', ...debts], 4);

/** CPUs mostly in user mode, with interrupts and several NMIs that often come to nothing. */
export const exposed: fc.Arbitrary<RandomMachine> = fc
  .oneof(
    fc.array(toAndFro([]), { minLength: 2, maxLength: 2 }),
    fc.array(toAndFro(['blame', 'blame', 'pay', 'read', 'give']), { minLength: 2, maxLength: 2 }),
  )
  .chain((threads) =>
    fc
      .tuple(
        machines(fc.constant(threads)),
        fc.oneof(program([...GLANCES], 2), program([...GLANCES, 'exchange', 'store', 'pay', 'userLoad'], 3)),
        program(['private', 'exchange', 'load', 'glance', 'ask', 'pay'], 2),
        fc.constantFrom(1, 1, 2),
        fc.constantFrom(true, true, false),
      )
      .map(([machine, nmi, handler, nmiBudget, inUserMode]) => ({
        ...machine,
        nmi,
        handler,
        nmiBudget,
        inUserMode,
        preempting: undefined,
        scheduled: undefined,
      })),
  );

/** Few programs, for ticks come again and again. */
export const ticking: fc.Arbitrary<RandomMachine> = machines(fc.array(bodies(2), { minLength: 2, maxLength: 2 })).map(
  (machine) => ({ ...machine, ticks: true, probeBudget: 0 }),
);

/** Programs that go through the MMU only; an NMI at most. */
export const users: fc.Arbitrary<RandomMachine> = fc
  .tuple(
    machines(fc.array(program([...MMU, 'ipi'], 3), { minLength: 2, maxLength: 2 })),
    program(['userLoad', 'userStore', 'load'], 2),
  )
  .map(([machine, nmi]) => ({ ...machine, nmi, probeBudget: 0, preempting: undefined }));

/** Short programs, handlers of two vectors and NMIs that use the page too, so that walks wait for what they have buffered. */
export const interrupted: fc.Arbitrary<RandomMachine> = fc
  .tuple(
    machines(
      fc.tuple(
        program([...MEMORY, ...SYSTEM, 'userLoad', 'invlpg'], 3),
        program([...INTERRUPTS, ...INTERRUPTS, 'exchange', 'exchange', 'load', 'wait', 'userStore', 'setPte'], 4),
      ),
    ),
    fc.tuple(accesses, accesses, accesses),
  )
  .map(([machine, [handler, higher, nmi]]) => ({
    ...machine,
    handler,
    higher,
    nmi,
    nmiBudget: 1,
    probeBudget: 0,
    inUserMode: false,
    preempting: undefined,
    scheduled: undefined,
  }));

/** Who touches a record that is another's, and who executes user code while it is in debt. */
const watching: Monitor = {
  ...noMonitor,
  words: MOST_CPUS,
  lookout: {
    ...commonLookout,
    mark: (_machine, _cpu, _mark, debtor, _isOwed, onlooker) => {
      onlooker.common();
      onlooker.mode(debtor);
    },
  },
  foreignAccess: (machine, cpu, _word, _owner, isWrite) => {
    machine.report('C8', isWrite ? 'written' : 'read', cpu, 'foreign access');
  },
  mark: (machine, _cpu, _mark, debtor, isOwed) => {
    machine.state[machine.layout.monitor + debtor] = isOwed;
    if (isOwed === 1 && machine.inUserMode(debtor)) watching.exposed(machine, debtor);
  },
  exposed: (machine, cpu) => {
    if (machine.state[machine.layout.monitor + cpu] !== 0) machine.report('C1', 'exposed', cpu, 'in debt');
  },
};

/** Boots the machine. `walker` and `translationWays` are those of the exploration. */
export function factoryOf(
  spec: RandomMachine,
  walker: { readonly walker?: 'saturated'; readonly translationWays?: number } = {},
): MachineFactory {
  return (options) => {
    const boot = bootOf(spec);
    const { nmiBudget, probeBudget, sequentiallyConsistent } = spec;
    const monitor = watching;
    return new Machine(boot, { ...options, ...walker, monitor, nmiBudget, probeBudget, sequentiallyConsistent });
  };
}

function bootOf(spec: RandomMachine): Boot {
  const cpuCount = spec.threads.length;
  const boot = new Boot({ ...SHAPE, cpuCount, storeBufferDepth: spec.storeBufferDepth });
  const shared = boot.records('shared', ['word'], 2);
  const own = boot.records('own', ['word'], cpuCount, { wordClass: 'cpu', home: (index) => index });
  const noted = boot.records('noted', ['word'], 64, { stride: 1 });
  const mask = boot.mask('mask');
  boot.memory.initial(mask, 2);
  boot.memory.initial(boot.tableEntry(0, 0), makePte(1, LEAF_FLAGS));
  boot.memory.initial(boot.tableEntry(1, 0), makePte(0, LEAF_FLAGS));
  boot.memory.initial(boot.frameRecords.data(1), 1);
  let vector: Vector | undefined;
  let higher: Vector | undefined;
  const words: Words = {
    boot,
    shared: shared.word,
    own: own.word,
    noted: noted.word,
    handOff: handOffOf(boot),
    mask,
    vector: () => vector as Vector,
    higher: () => higher as Vector,
  };
  const register = (name: string, body: readonly Instruction[], first: number, end?: (cpu: KernelCpu) => Program) =>
    boot.program(name, function* (cpu: KernelCpu): Program {
      for (const [index, instruction] of body.entries()) yield* perform(cpu, words, instruction, first + index);
      if (end !== undefined) yield* end(cpu);
    });
  const { preempting = [] } = spec;
  const met = boot.records('met', ['word'], cpuCount, { wordClass: 'cpu', home: (index) => index });
  const above = boot.program('above', function* (cpu: KernelCpu, _argument: number, wasUser: number): Program {
    for (const [index, instruction] of preempting.entries())
      yield* perform(cpu, words, instruction, 8 * cpuCount + 24 + index);
    if (spec.scheduled !== undefined) yield* cpu.switchTo(cpuCount + cpu.id);
    yield* cpu.resumePreempted(wasUser);
  });
  const handler = register('handler', spec.handler, 8 * cpuCount, function* (cpu): Program {
    yield* cpu.endOfInterrupt();
    if (spec.preempting === undefined || (yield* cpu.exchange(met.word(cpu.id), 1)) !== 0) return;
    yield* cpu.preempt(above, 0);
  });
  vector = boot.vector('poke', handler);
  higher =
    spec.higher.length === 0
      ? vector
      : boot.vector('higher', register('higher', spec.higher, 8 * cpuCount + 28, endOf));
  const timer = spec.ticks ? { timer: boot.vector('timer', handler), maximumTickSkew: 1 } : {};
  boot.system = {
    ...timer,
    nmi: register('nmi', spec.nmi, 8 * cpuCount + 8),
    probe: register('probe', spec.probe, 8 * cpuCount + 16),
    pageFault: boot.program(
      'pageFault',
      function* (cpu: KernelCpu, _page: number, _isStore: number, _fromUser: number): Program {
        yield* cpu.exchange(boot.tableEntry(1, 0), makePte(0, LEAF_FLAGS));
      },
    ),
  };
  spec.threads.forEach((body, cpu) => {
    boot.thread(`t${cpu}`, cpu, register(`t${cpu}`, body, 8 * cpu), [], { user: spec.inUserMode });
  });
  const { scheduled } = spec;
  if (scheduled === undefined) return boot;
  const other = register('other', scheduled, 8 * cpuCount + 32, function* (cpu): Program {
    yield* cpu.switchTo(cpu.id);
  });
  spec.threads.forEach((_, cpu) => {
    boot.thread(`other${cpu}`, cpu, other, [], { asleep: true, daemon: true });
  });
  return boot;
}

function* endOf(cpu: KernelCpu): Program {
  yield* cpu.endOfInterrupt();
}
