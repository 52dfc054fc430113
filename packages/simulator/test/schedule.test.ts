import {
  Action,
  Boot,
  type BroadcastShape,
  cyclesToPs,
  costTable,
  FIRST_ACTION,
  type KernelCpu,
  Machine,
  machineProfile,
  type MachineShape,
  Opcode,
  type Program,
  Schedule,
  type Vector,
  type Word,
} from '@shootdown/core';
import type { KernelCosts } from '@shootdown/kernel';
import { describe, expect, it } from 'vitest';
import { timeSchedule } from '../src/schedule/time-schedule.js';
import { SMALL } from './small.js';

const HASWELL = machineProfile('haswell');
const COSTS = costTable(HASWELL);
/** An xAPIC is made ready for a write first; the published figure counts from the write. */
const DELIVERY_PS = COSTS.icrPreparePs + COSTS.ipiDeliverySocketPs;

type Body = (cpu: KernelCpu) => Program;

/** A CPU for each body, and a word. */
function machine(bodies: readonly ((word: Word, ipi: Vector) => Body)[], shape: Partial<MachineShape> = {}): Machine {
  const boot = new Boot({ ...SMALL, ...shape, cpuCount: bodies.length });
  const word = boot.records('shared', ['value'], 1).value(0);
  const ipi = boot.vector(
    'ipi',
    boot.program('handler', function* (cpu: KernelCpu): Program {
      yield* cpu.endOfInterrupt();
    }),
  );
  bodies.forEach((body, cpu) => {
    boot.thread(`t${cpu}`, cpu, boot.program(`t${cpu}`, body(word, ipi)), []);
  });
  return new Machine(boot, { sequentiallyConsistent: true });
}

type Row = readonly [cpu: number, move: number, choice?: number, result?: number];

function scheduleOf(rows: readonly Row[]): Schedule {
  const schedule = new Schedule();
  for (const [cpu, move, choice = 0, result = 0] of rows) schedule.add(cpu, move, choice, result);
  return schedule;
}

/** CPU 0 works and adds; CPU 1 adds. */
const adder =
  (cycles: number) =>
  (word: Word): Body =>
    function* (cpu) {
      if (cycles > 0) yield* cpu.work(cycles);
      yield* cpu.fetchAdd(word, 1);
    };
const racing = (): Machine => machine([adder(1000), adder(0)]);

describe('what a schedule needs of luck', () => {
  it('is nothing where costs alone give its order', () => {
    const schedule = scheduleOf([
      [0, Opcode.work],
      [1, Opcode.fetchAdd, 0, 0],
      [0, Opcode.fetchAdd, 0, 1],
    ]);
    const { moves } = timeSchedule({ schedule, makeMachine: racing, profile: HASWELL });
    expect(moves.map(({ heldPs }) => heldPs)).toEqual([0, 0, 0]);
  });

  it('is nothing where it is enough that a CPU begins later', () => {
    const schedule = scheduleOf([
      [0, Opcode.work],
      [0, Opcode.fetchAdd, 0, 0],
      [1, Opcode.fetchAdd, 0, 1],
    ]);
    const { moves, beginPs } = timeSchedule({ schedule, makeMachine: racing, profile: HASWELL });
    expect(moves.map(({ heldPs }) => heldPs)).toEqual([0, 0, 0]);
    expect(beginPs).toEqual([0, cyclesToPs(COSTS, 1000)]);
  });

  it('is how much later a move has to come than it would, whenever its CPU begins', () => {
    const twice = (word: Word): Body =>
      function* (cpu) {
        yield* cpu.fetchAdd(word, 1);
        yield* cpu.fetchAdd(word, 1);
      };
    const between = (word: Word): Body =>
      function* (cpu) {
        yield* cpu.waitUntil(word, 'equal', 1);
        yield* cpu.work(1000);
        yield* cpu.fetchAdd(word, 1);
      };
    const schedule = scheduleOf([
      [1, Opcode.fetchAdd, 0, 0],
      [0, Opcode.waitUntil],
      [0, Opcode.work],
      [0, Opcode.fetchAdd, 0, 1],
      [1, Opcode.fetchAdd, 0, 2],
    ]);
    const makeMachine = (): Machine => machine([between, twice]);
    const { moves, beginPs } = timeSchedule({ schedule, makeMachine, profile: HASWELL });
    expect(beginPs).toEqual([0, 0]);
    expect(moves[4]).toMatchObject({ behind: 3, holder: 'kernel' });
    expect(moves[4]?.heldPs).toBe((moves[3]?.startPs ?? 0) - (moves[0]?.endPs ?? 0));
    expect(moves[4]?.heldPs).toBeGreaterThan(cyclesToPs(COSTS, 1000));
  });

  it('is nothing for moves that do not conflict, in whatever order the schedule has them', () => {
    const own = (): Machine => {
      const boot = new Boot({ ...SMALL, cpuCount: 2 });
      const words = boot.records('own', ['value'], 2);
      [1000, 0].forEach((cycles, cpu) => {
        boot.thread(`t${cpu}`, cpu, boot.program(`t${cpu}`, adder(cycles)(words.value(cpu))), []);
      });
      return new Machine(boot);
    };
    const schedule = scheduleOf([
      [0, Opcode.work],
      [0, Opcode.fetchAdd, 0, 0],
      [1, Opcode.fetchAdd, 0, 0],
    ]);
    const { moves } = timeSchedule({ schedule, makeMachine: own, profile: HASWELL });
    expect(moves[2]).toMatchObject({ startPs: 0, heldPs: 0 });
  });
});

const sender = (_word: Word, ipi: Vector): Body =>
  function* (cpu) {
    yield* cpu.sendIpi(1, ipi);
    yield* cpu.work(10_000);
  };
const SECOND_WORK = 500;
const worker = (cycles: number) => (): Body =>
  function* (cpu) {
    yield* cpu.work(cycles);
    yield* cpu.work(SECOND_WORK);
  };
const take: readonly Row[] = [
  [0, Opcode.sendIpi],
  [1, FIRST_ACTION + Action.deliver],
  [1, FIRST_ACTION + Action.takeInterrupt],
];

describe('an IPI', () => {
  const timed = (rows: readonly Row[], cycles: number) =>
    timeSchedule({
      schedule: scheduleOf(rows),
      makeMachine: () => machine([sender, worker(cycles)]),
      profile: HASWELL,
    });

  it('takes from the beginning of the ICR write to the handler what was published', () => {
    const { moves } = timed(take, 10_000);
    expect(moves[2]?.endPs).toBe(DELIVERY_PS);
    expect(moves.map(({ heldPs }) => heldPs)).toEqual([0, 0, 0]);
  });

  it('that is on its way at the end longer than costs explain needs luck', () => {
    const { unmade, totalPs, moves } = timed(
      [
        [0, Opcode.sendIpi],
        [0, Opcode.work],
      ],
      10_000,
    );
    expect(unmade.find(({ holder }) => holder === 'ipi')).toEqual({
      cpu: 1,
      holder: 'ipi',
      heldPs: totalPs - DELIVERY_PS,
    });
    expect(totalPs).toBe((moves[0]?.endPs ?? 0) + cyclesToPs(COSTS, 10_000));
  });

  it('finds straight-line code where it is, which goes on afterwards', () => {
    const handler: readonly Row[] = [
      [1, Opcode.endOfInterrupt],
      [1, Opcode.finished],
      [1, Opcode.work],
    ];
    const { moves, totalPs } = timed([...take, ...handler], 10_000);
    const away = (moves[4]?.endPs ?? 0) - (moves[1]?.endPs ?? 0);
    expect(totalPs).toBe(cyclesToPs(COSTS, 10_000) + away);
  });

  it('that has arrived is taken late when its CPU begins something else first', () => {
    const past: readonly Row[] = [...take.slice(0, 2), [1, Opcode.work], [1, Opcode.work], ...take.slice(2)];
    const { moves } = timed(past, 10_000);
    expect(moves[4]).toMatchObject({ heldPs: cyclesToPs(COSTS, SECOND_WORK), holder: 'interrupt' });
  });
});

const waiting = (word: Word): Body =>
  function* (cpu) {
    yield* cpu.waitUntil(word, 'equal', 1);
  };

describe('an IPI during something else', () => {
  const twice = (_word: Word, ipi: Vector): Body =>
    function* (cpu) {
      yield* cpu.sendIpi(1, ipi);
      yield* cpu.sendIpi(1, ipi);
    };

  it('that arrives while a CPU enters the handler of another one keeps nothing up', () => {
    const schedule = scheduleOf([
      [0, Opcode.sendIpi],
      [1, FIRST_ACTION + Action.deliver],
      [0, Opcode.sendIpi],
      [1, FIRST_ACTION + Action.deliver],
      [1, FIRST_ACTION + Action.takeInterrupt],
    ]);
    const makeMachine = (): Machine => machine([twice, worker(10_000)]);
    const { moves } = timeSchedule({ schedule, makeMachine, profile: HASWELL });
    expect(moves[3]?.endPs).toBeLessThan(moves[4]?.endPs ?? 0);
    expect(moves[4]?.startPs).toBe(moves[1]?.endPs);
    expect(moves.map(({ heldPs }) => heldPs)).toEqual([0, 0, 0, 0, 0]);
  });

  it('is taken by each CPU when it has arrived there, whoever is first in the schedule', () => {
    const both = (_word: Word, ipi: Vector): Body =>
      function* (cpu) {
        yield* cpu.sendIpi(1, ipi);
        yield* cpu.sendIpi(2, ipi);
      };
    const schedule = scheduleOf([
      [0, Opcode.sendIpi],
      [0, Opcode.sendIpi],
      ...[2, 1].flatMap((cpu): Row[] => [
        [cpu, FIRST_ACTION + Action.deliver],
        [cpu, FIRST_ACTION + Action.takeInterrupt],
      ]),
    ]);
    const makeMachine = (): Machine => machine([both, worker(10_000), worker(10_000)]);
    const { moves } = timeSchedule({ schedule, makeMachine, profile: HASWELL });
    expect(moves.map(({ heldPs }) => heldPs)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('is taken by a CPU that waits when that has read the line of what it waits for', () => {
    const makeMachine = (): Machine => machine([sender, waiting]);
    const read = { ...HASWELL.parameters.memoryReadNs, value: 10_000 };
    const slow = { ...HASWELL, parameters: { ...HASWELL.parameters, memoryReadNs: read } };
    const { moves } = timeSchedule({ schedule: scheduleOf(take), makeMachine, profile: slow, warmUps: 0 });
    expect(moves[2]).toMatchObject({ startPs: 1000 * read.value, heldPs: 0 });
  });

  it('is the move that the straight-line code before it belongs to', () => {
    const working = (costs: KernelCosts) => (): Body =>
      function* (cpu) {
        if (costs.madviseWorkCycles > 0) yield* cpu.work(10_000);
        yield* cpu.disableInterrupts();
      };
    const handler: readonly Row[] = [
      [1, Opcode.endOfInterrupt],
      [1, Opcode.finished],
      [1, Opcode.disableInterrupts],
    ];
    const makeMachine = (costs: KernelCosts): Machine => machine([sender, working(costs)]);
    const { moves } = timeSchedule({ schedule: scheduleOf([...take, ...handler]), makeMachine, profile: HASWELL });
    expect(moves[2]?.softwarePs).toBe(moves[2]?.startPs);
    expect((moves[2]?.softwarePs ?? 0) + (moves[5]?.softwarePs ?? 0)).toBe(cyclesToPs(COSTS, 10_000));
  });
});

describe('a wait', () => {
  it('whose line is being read when somebody writes it finds what was written', () => {
    const storing = (word: Word): Body =>
      function* (cpu) {
        yield* cpu.store(word, 1);
      };
    const schedule = scheduleOf([
      [0, Opcode.store],
      [1, Opcode.waitUntil],
    ]);
    const makeMachine = (): Machine => machine([storing, waiting]);
    const { moves } = timeSchedule({ schedule, makeMachine, profile: HASWELL, warmUps: 0 });
    expect((moves[1]?.endPs ?? 0) - (moves[0]?.endPs ?? 0)).toBeLessThan(COSTS.l1HitPs);
  });

  it('that could go on counts as due since then, not since it began', () => {
    const writing = (word: Word): Body =>
      function* (cpu) {
        yield* cpu.work(10_000);
        yield* cpu.fetchAdd(word, 1);
        yield* cpu.work(10_000);
      };
    const schedule = scheduleOf([
      [1, Opcode.work],
      [1, Opcode.fetchAdd, 0, 0],
      [1, Opcode.work],
    ]);
    const makeMachine = (): Machine => machine([waiting, writing]);
    const { unmade, moves, totalPs } = timeSchedule({ schedule, makeMachine, profile: HASWELL });
    const [due] = unmade;
    expect(due).toMatchObject({ cpu: 0, holder: 'kernel' });
    expect(due?.heldPs).toBeLessThan(totalPs - (moves[1]?.endPs ?? 0));
  });
});

describe('a schedule that cannot be timed', () => {
  it('has a program that looks at its costs', () => {
    const looking = (costs: KernelCosts) => (): Body =>
      function* (cpu) {
        if (costs.madviseWorkCycles > 0) yield* cpu.fence();
        yield* cpu.disableInterrupts();
      };
    const makeMachine = (costs: KernelCosts): Machine => machine([looking(costs)]);
    const schedule = scheduleOf([[0, Opcode.disableInterrupts]]);
    expect(() => timeSchedule({ schedule, makeMachine, profile: HASWELL })).toThrow('must not look at them');
  });

  const broadcast: BroadcastShape = { outstanding: 1, pagesPerInvlpgb: 1, globalAsids: 1 };
  const invlpgb = (): Body =>
    function* (cpu) {
      yield* cpu.invlpgb(0, 0, 1);
    };

  it('needs an instruction that the machine lacks', () => {
    const makeMachine = (): Machine => machine([invlpgb], { broadcast });
    const schedule = scheduleOf([[0, Opcode.invlpgb]]);
    expect(() => timeSchedule({ schedule, makeMachine, profile: HASWELL })).toThrow(
      expect.objectContaining({
        code: 'NOT_TIMEABLE',
        message: expect.stringContaining("it needs invlpgb, which machine 'haswell' lacks"),
      }),
    );
    expect(timeSchedule({ schedule, makeMachine, profile: machineProfile('milan') }).totalPs).toBeGreaterThan(0);
  });

  it('has more CPUs than the machine', () => {
    const topology = { ...HASWELL.topology, sockets: 1, complexesPerSocket: 1, coresPerComplex: 1, threadsPerCore: 1 };
    const request = { schedule: scheduleOf([[1, Opcode.fetchAdd]]), makeMachine: racing };
    expect(() => timeSchedule({ ...request, profile: { ...HASWELL, topology } })).toThrow('it has 2 CPUs and machine');
  });

  it('is one of a saturated walker', () => {
    const makeMachine = (): Machine => new Machine(racing().boot, { walker: 'saturated' });
    expect(() => timeSchedule({ schedule: scheduleOf([]), makeMachine, profile: HASWELL })).toThrow('saturated');
  });

  it('is one that the machine does not make', () => {
    const schedule = scheduleOf([[1, Opcode.fetchAdd, 0, 7]]);
    expect(() => timeSchedule({ schedule, makeMachine: racing, profile: HASWELL })).toThrow('recorded was 7');
  });
});
