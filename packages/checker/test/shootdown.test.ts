import { Boot, type KernelCpu, Machine, makePte, type Program, Pte, replay, type Vector } from '@shootdown/core';
import { explore, type Exploration, type MachineFactory, scheduleOf } from '@shootdown/checker';
import { SafetyMonitor } from '@shootdown/safety';
import { describe, expect, it } from 'vitest';
import { LITMUS_SHAPE, X } from './litmus.js';

/** A shootdown of one page in its smallest form, and how it may go wrong. */
interface Protocol {
  /** When the target acknowledges: after its invalidation, before it, or never waited for. */
  readonly ack: 'late' | 'early' | 'none';
  readonly nmi?: 'nothing' | 'touches';
  /** The target spends its time with interrupts off, touching the page. */
  readonly isMasked?: boolean;
  /** The handler flushes only when it sees the request word (E36). */
  readonly asksFirst?: boolean;
  readonly icrWriteDrainsStores?: boolean;
}

interface Lab {
  readonly boot: Boot;
  readonly ack: ReturnType<typeof words>;
}
const words = (boot: Boot): ReturnType<typeof boot.records<'done' | 'request' | 'never'>> =>
  boot.records('ack', ['done', 'request', 'never'], 1);

function handler(lab: Lab, protocol: Protocol): Vector {
  const { ack } = lab;
  const program = lab.boot.program('flush', function* (cpu: KernelCpu): Program {
    yield* cpu.endOfInterrupt();
    if (protocol.ack === 'early') yield* cpu.store(ack.done(0), 1);
    if (protocol.asksFirst !== true || (yield* cpu.test(ack.request(0), 'equal', 1))) yield* cpu.invlpg(X);
    if (protocol.ack !== 'early') yield* cpu.store(ack.done(0), 1);
  });
  return lab.boot.vector('flush', program);
}

/** CPU 0 unmaps page x and shoots it down; CPU 1 uses the page for ever. */
function machineOf(protocol: Protocol): MachineFactory {
  return (options) => {
    const boot = new Boot({ ...LITMUS_SHAPE, icrWriteDrainsStores: protocol.icrWriteDrainsStores ?? true });
    const lab: Lab = { boot, ack: words(boot) };
    boot.memory.initial(boot.tableEntry(0, 0), makePte(1, Pte.writable));
    boot.memory.initial(boot.tableEntry(1, X), makePte(0, Pte.writable | Pte.accessed | Pte.dirty));
    const vector = handler(lab, protocol);
    boot.system = {
      pageFault: boot.program(
        'pageFault',
        function* (cpu: KernelCpu, _page: number, _isStore: number, _fromUser: number): Program {
          yield* cpu.enableInterrupts();
          yield* cpu.waitUntil(lab.ack.never(0), 'equal', 1);
        },
      ),
      nmi: boot.program('nmi', function* (cpu: KernelCpu): Program {
        if (protocol.nmi === 'touches') yield* cpu.userLoad(X);
      }),
    };
    const user = boot.program('user', function* (cpu: KernelCpu): Program {
      yield* cpu.userLoad(X);
      return yield* cpu.become(user);
    });
    boot.thread(
      'initiator',
      0,
      boot.program('unmap', (cpu: KernelCpu) => unmap(cpu, lab, protocol, vector)),
      [],
    );
    boot.thread('user', 1, protocol.isMasked === true ? maskedUser(boot) : user, [], { user: true, daemon: true });
    const monitor = new SafetyMonitor(boot, { flushes: 1, rootOf: () => 0 });
    return new Machine(boot, { ...options, monitor, nmiBudget: protocol.nmi === undefined ? 0 : 1 });
  };
}

function* unmap(cpu: KernelCpu, { boot, ack }: Lab, protocol: Protocol, vector: Vector): Program {
  yield* cpu.exchange(boot.tableEntry(1, X), 0);
  yield* cpu.markCover(0, X, 1);
  yield* cpu.markCall('unmap');
  yield* cpu.store(ack.request(0), 1);
  yield* cpu.sendIpi(1, vector);
  yield* cpu.invlpg(X);
  if (protocol.ack !== 'none') yield* cpu.waitUntil(ack.done(0), 'equal', 1);
  yield* cpu.markReturn();
}

function maskedUser(boot: Boot): ReturnType<typeof boot.program<[]>> {
  return boot.program('maskedUser', function* (cpu: KernelCpu): Program {
    yield* cpu.disableInterrupts();
    yield* cpu.userLoad(X);
    yield* cpu.userLoad(X);
    yield* cpu.enableInterrupts();
  });
}

const explored = (protocol: Protocol): Exploration =>
  explore(machineOf(protocol), { actions: { evictablePages: [X], speculativePages: [X] } });
const summary = (found: Exploration): readonly unknown[] => [
  found.verdict,
  found.violations.map((violation) => `${violation.contract} ${violation.form}`),
];

type Row = readonly [name: string, protocol: Protocol, violations: readonly string[]];

const SAFE: readonly Row[] = [
  ['E18 waits for the invalidation', { ack: 'late' }, []],
  ['E18 with an NMI that touches the page', { ack: 'late', nmi: 'touches' }, []],
  ['E20 acknowledges early, from inside the handler', { ack: 'early' }, []],
  ['E20 with an NMI that touches nothing', { ack: 'early', nmi: 'nothing' }, []],
  ['E35 the target runs with interrupts off for a while', { ack: 'late', isMasked: true }, []],
  ['E36 the ICR write drains the request', { ack: 'late', asksFirst: true }, []],
];
const UNSAFE: readonly Row[] = [
  ['nobody waits', { ack: 'none' }, ['C1 exposed']],
  [
    'E21 early acknowledgement and an NMI that touches the page',
    { ack: 'early', nmi: 'touches' },
    ['C1 exposed', 'C1 used'],
  ],
  ['E35 nobody waits for a CPU with interrupts off', { ack: 'none', isMasked: true }, ['C1 exposed']],
  [
    'E36 the ICR write does not drain the request',
    { ack: 'late', asksFirst: true, icrWriteDrainsStores: false },
    ['C1 exposed'],
  ],
];

/** E18 to E21, E35 and E36 of the enhanced litmus tests, with the safety contract as the judge. */
describe('one shootdown', () => {
  it.each(SAFE)('%s: clean', (_name, protocol, violations) => {
    const found = explored(protocol);
    expect([found.isComplete, ...summary(found)]).toEqual([true, 'clean', violations]);
  });

  it.each(UNSAFE)('%s: violated, and the counterexample replays on live programs', (_name, protocol, violations) => {
    const found = explored(protocol);
    expect(summary(found)).toEqual(['violated', violations]);
    for (const violation of found.violations) {
      const machine = machineOf(protocol)({} as never);
      replay(machine, scheduleOf(violation.trace));
      expect(machine.violations).toContainEqual({
        contract: violation.contract,
        form: violation.form,
        cpu: violation.cpu,
        text: violation.text,
      });
    }
  });

  it('prints the shortest way to the posted bug', () => {
    const [violation] = explored({ ack: 'none' }).violations;
    expect(violation?.trace.map((step) => `${step.cpu} ${step.programs.join(' > ')}: ${step.text}`)).toEqual([
      '0 unmap: xchg table[2].entry ← 0',
      '0 unmap: mark cover',
      '0 unmap: mark call',
      '0 unmap: store ack.request ← 1',
      '0 : drain one store',
      '0 unmap: icr → cpu 1: flush',
      '0 unmap: invlpg page 0',
      '0 unmap: mark return',
    ]);
  });

  it('goes beyond a form of violation when asked, and finds the use that follows the exposure', () => {
    const found = explore(machineOf({ ack: 'none' }), {
      actions: { speculativePages: [X] },
      expandBeyond: ['C1 exposed'],
    });
    expect(summary(found)).toEqual(['violated', ['C1 exposed', 'C1 used']]);
  });
});
