import { Boot, type KernelCpu, Machine, type Monitor, noMonitor, type Program, replay } from '@shootdown/core';
import { explore, type Exploration, type MachineFactory, scheduleOf, startExploration } from '@shootdown/checker';
import { describe, expect, it } from 'vitest';
import { EnabledMoves } from '../src/search/enabled-moves.js';
import { applyMove } from '../src/search/move.js';
import { LITMUS_SHAPE, litmusMachine, type LitmusThread, record, X, Y } from './litmus.js';
import { automatonMachine } from '../src/explore.js';

const machineOf = (...threads: readonly LitmusThread[]): MachineFactory =>
  litmusMachine({ name: 'test', memory: 'tso', threads });

/** CPU 0 sends an interrupt whose handler writes a word that CPU 0 waits for; CPU 1 may have interrupts off for ever. */
function interrupting(isMasked: boolean): MachineFactory {
  return (options) => {
    const boot = new Boot(LITMUS_SHAPE);
    const words = boot.records('word', ['x'], 1);
    const handler = boot.program('handler', function* (cpu: KernelCpu): Program {
      yield* cpu.store(words.x(0), 1);
      yield* cpu.endOfInterrupt();
    });
    const vector = boot.vector('poke', handler);
    const sender = boot.program('sender', function* (cpu: KernelCpu): Program {
      yield* cpu.sendIpi(1, vector);
      yield* cpu.waitUntil(words.x(0), 'equal', 1);
    });
    const target = boot.program('target', function* (cpu: KernelCpu): Program {
      if (isMasked) yield* cpu.disableInterrupts();
      yield* cpu.work(1);
    });
    boot.thread('sender', 0, sender, []);
    boot.thread('target', 1, target, []);
    return new Machine(boot, options);
  };
}

/** CPU 0 writes a record of CPU 1 at any time, and CPU 1 reads one of CPU 0 in the end. */
const touching: MachineFactory = (options) => {
  const boot = new Boot(LITMUS_SHAPE);
  const records = boot.records('record', ['payload'], 2, { wordClass: 'handoff', home: (index) => index });
  const reader = boot.program('reader', function* (cpu: KernelCpu): Program {
    yield* cpu.work(1);
    yield* cpu.load(records.payload(0));
  });
  const writer = boot.program('writer', function* (cpu: KernelCpu): Program {
    yield* cpu.store(records.payload(1), 1);
  });
  boot.thread('writer', 0, writer, []);
  boot.thread('reader', 1, reader, []);
  const monitor: Monitor = {
    ...noMonitor,
    foreignAccess: (machine, cpu, _word, _owner, isWrite) => {
      machine.report('C8', isWrite ? 'write' : 'read', cpu, 'foreign access');
    },
  };
  return new Machine(boot, { ...options, monitor });
};

const sizes = (found: Exploration): readonly unknown[] => [
  found.verdict,
  found.isComplete,
  found.states,
  found.transitions,
  found.terminalStates,
];

describe('search', () => {
  it('delivers interrupts at every point', () => {
    expect(sizes(explore(interrupting(false)))).toEqual(['clean', true, 45, 69, 1]);
  });

  it('reports a deadlock as C6 with who waits for what, and a shortest way to it', () => {
    const found = explore(interrupting(true), { stopAtFirst: true });
    const [violation] = found.violations;
    expect([found.verdict, found.isComplete]).toEqual(['violated', false]);
    expect([violation?.contract, violation?.form, violation?.text]).toEqual([
      'C6',
      'deadlock',
      'no fair move is left: CPU 0 is at wait word.x equal 1',
    ]);
    expect(violation?.trace.map((step) => `${step.cpu} ${step.programs.join('>')} ${step.text}`)).toEqual([
      '0 sender icr → cpu 1: poke',
      '1 target cli',
      '1 target work 1 cycles',
      '1  iret',
      '1  poke arrives at the local APIC',
    ]);
  });

  it('branches over every choice', () => {
    const choosing = machineOf(function* (cpu) {
      yield* record(cpu, 0, yield* cpu.choose(3));
    });
    const found = explore(choosing, { project: (machine) => String(machine.state[machine.layout.monitor]) });
    expect([...found.outcomes]).toEqual([
      ['1', 1],
      ['2', 1],
      ['3', 1],
    ]);
    expect(sizes(found)).toEqual(['clean', true, 10, 9, 3]);
  });

  it('takes NMIs only within the budget of the machine, in every place', () => {
    const make =
      (nmiBudget: number): MachineFactory =>
      (options) => {
        const boot = new Boot({ ...LITMUS_SHAPE, cpuCount: 1 });
        const words = boot.records('word', ['x'], 1);
        boot.system = {
          nmi: boot.program('nmi', function* (cpu: KernelCpu): Program {
            yield* cpu.fetchAdd(words.x(0), 1);
          }),
        };
        boot.thread(
          'P0',
          0,
          boot.program('P0', function* (cpu: KernelCpu): Program {
            yield* cpu.disableInterrupts();
          }),
          [],
        );
        return new Machine(boot, { ...options, nmiBudget });
      };
    expect([0, 1, 2].map((budget) => explore(make(budget)).states)).toEqual([3, 12, 21]);
  });

  it('is inconclusive when a limit cuts it', () => {
    const loads = machineOf(function* (cpu, lab) {
      yield* cpu.load(lab.x);
      yield* cpu.load(lab.y);
    });
    const cut = explore(loads, { maxStates: 2 });
    expect([cut.verdict, cut.isComplete, cut.limit]).toEqual(['inconclusive', false, 'maxStates']);
    const endless: MachineFactory = machineOf(
      ...[X, Y].map(
        (page): LitmusThread =>
          function* (cpu) {
            for (let round = 0; round < 8; round++) yield* cpu.userStore(page, round);
          },
      ),
    );
    const late = explore(endless, { expired: () => true, actions: { speculativePages: [X, Y] } });
    expect([late.verdict, late.isComplete, late.limit, late.states > 4096]).toEqual([
      'inconclusive',
      false,
      'expired',
      true,
    ]);
  });

  it('stays as it is when its counterexamples are told', () => {
    const search = startExploration(touching);
    while (!search.advance(1000));
    const { states } = search.progress();
    const { isComplete, violations } = search.finish();
    expect([isComplete, violations.map(({ form, count }) => `${form} ${count}`)]).toEqual([
      true,
      ['write 2', 'read 1'],
    ]);
    expect(sizes(search.finish())).toEqual(['violated', true, states, 4, 0]);
  });

  it('finds the same violation when its trace is run on live programs', () => {
    const stale: readonly LitmusThread[] = [
      function* (cpu, lab) {
        yield* cpu.store(lab.leaf(X), 0);
        yield* cpu.fence();
      },
      function* (cpu) {
        yield* cpu.userLoad(X);
        yield* cpu.userLoad(Y);
        yield* cpu.userLoad(X);
      },
    ];
    const found = explore(machineOf(...stale), { actions: { evictablePages: [X] }, stopAtFirst: true });
    const machine = machineOf(...stale)({} as never);
    replay(machine, scheduleOf(found.violations[0]?.trace ?? []));
    expect(machine.violations).toEqual([expect.objectContaining({ contract: 'fault', form: 'unhandled', cpu: 1 })]);
  });

  it('counts what a depth-first search over text keys counts', () => {
    const threads: readonly LitmusThread[] = [
      function* (cpu) {
        yield* cpu.userStore(X, 1);
        yield* cpu.userLoad(Y);
      },
      function* (cpu, lab) {
        yield* cpu.exchange(lab.leaf(X), 0x103);
        yield* cpu.userStore(Y, 2);
      },
    ];
    const actions = { evictablePages: [X, Y], evictPagingStructures: true };
    const found = explore(machineOf(...threads), { actions });
    expect([found.states, found.transitions]).toEqual(depthFirst(machineOf(...threads), actions));
    const plain = explore(machineOf(...threads), { actions, store: 'plain' });
    const { bytes, bytesOf, elementaryMoves } = plain;
    expect({ ...found, bytes, bytesOf, elementaryMoves }).toEqual(plain);
    expect(found.elementaryMoves).toBeLessThan(elementaryMoves / 2);
    expect(found.bytes).toBeLessThan(plain.bytes);
  });
});

/** States and transitions, by the simplest search there is. */
function depthFirst(
  factory: MachineFactory,
  actions: ConstructorParameters<typeof EnabledMoves>[1],
): readonly [states: number, transitions: number] {
  const { machine } = automatonMachine(factory);
  const enabled = new EnabledMoves(machine, actions);
  const seen = new Set([machine.state.join()]);
  const pending = [Int32Array.from(machine.state)];
  let transitions = 0;
  for (let state = pending.pop(); state !== undefined; state = pending.pop()) {
    machine.state.set(state);
    enabled.collect();
    for (const move of Array.from(enabled.moves.subarray(0, enabled.count))) {
      machine.state.set(state);
      applyMove(machine, move);
      transitions++;
      const key = machine.state.join();
      if (seen.has(key)) continue;
      seen.add(key);
      pending.push(Int32Array.from(machine.state));
    }
  }
  return [seen.size, transitions];
}
