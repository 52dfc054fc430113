import {
  Boot,
  commonLookout,
  type KernelCpu,
  Machine,
  makePte,
  type Monitor,
  noMonitor,
  type Program,
  Pte,
} from '@shootdown/core';
import { explore, type Exploration, type ExploreOptions, type MachineFactory } from '@shootdown/checker';

/** A small shootdown that `shootdown.pml` has too, written by hand for Spin. */
export interface SmallShootdown {
  readonly cpus: number;
  /** The handler acknowledges before it flushes. */
  readonly acksEarly: boolean;
  /** NMIs in the whole machine; the body touches the page. */
  readonly nmis: number;
}

const PAGE = 0;
const FORM = 'C1 used';

/** Judges an access through a translation after the initiator has gone on, which it marks. */
const judge: Monitor = {
  ...noMonitor,
  words: 1,
  lookout: commonLookout,
  mark(machine) {
    machine.state[machine.layout.monitor] = 1;
  },
  access(machine, cpu) {
    if (machine.state[machine.layout.monitor] !== 0)
      machine.report('C1', 'used', cpu, 'the page is used after the initiator has seen every acknowledgement');
  },
};

type Mailbox = ReturnType<typeof mailboxes>;
const mailboxes = (boot: Boot): ReturnType<typeof boot.records<'request' | 'done' | 'never'>> =>
  boot.records('mailbox', ['request', 'done', 'never'], boot.shape.cpuCount);

/** CPU 0 clears the entry of the page and shoots it down; the others use the page for ever, until they fault. */
export function smallShootdown({ cpus, acksEarly, nmis }: SmallShootdown): MachineFactory {
  return (options) => {
    const boot = bootOf(cpus);
    const mailbox = mailboxes(boot);
    const handler = boot.program('flush', (cpu: KernelCpu) => flush(cpu, mailbox, acksEarly));
    const vector = boot.vector('flush', handler);
    boot.system = {
      pageFault: boot.program(
        'pageFault',
        function* (cpu: KernelCpu, _page: number, _isStore: number, _fromUser: number): Program {
          yield* cpu.waitUntil(mailbox.never(cpu.id), 'equal', 1);
        },
      ),
      nmi: boot.program('nmi', function* (cpu: KernelCpu): Program {
        yield* cpu.userLoad(PAGE);
      }),
    };
    const user = boot.program('user', function* (cpu: KernelCpu): Program {
      yield* cpu.userLoad(PAGE);
      return yield* cpu.become(user);
    });
    const unmap = boot.program('unmap', function* (cpu: KernelCpu): Program {
      yield* cpu.store(boot.tableEntry(1, PAGE), 0);
      for (let target = 1; target < cpus; target++) {
        yield* cpu.store(mailbox.request(target), 1);
        yield* cpu.sendIpi(target, vector);
      }
      yield* cpu.invlpg(PAGE);
      for (let target = 1; target < cpus; target++) yield* cpu.waitUntil(mailbox.done(target), 'equal', 1);
      yield* cpu.markReturn();
    });
    boot.thread('initiator', 0, unmap, []);
    for (let cpu = 1; cpu < cpus; cpu++) boot.thread(`user ${cpu}`, cpu, user, [], { user: true, daemon: true });
    return new Machine(boot, { ...options, monitor: judge, nmiBudget: nmis, sequentiallyConsistent: true });
  };
}

function* flush(cpu: KernelCpu, mailbox: Mailbox, acksEarly: boolean): Program {
  yield* cpu.endOfInterrupt();
  yield* cpu.store(mailbox.request(cpu.id), 0);
  if (acksEarly) yield* cpu.store(mailbox.done(cpu.id), 1);
  yield* cpu.invlpg(PAGE);
  if (!acksEarly) yield* cpu.store(mailbox.done(cpu.id), 1);
}

/** One page under two levels of tables; the walker still has to set A in its entry. */
function bootOf(cpus: number): Boot {
  const boot = new Boot({
    cpuCount: cpus,
    virtualPages: 1,
    levels: 2,
    levelBits: 1,
    tables: 2,
    frames: 1,
    asids: 1,
    pcid: false,
    pti: false,
    invpcid: false,
    storeBufferDepth: 1,
    clusterSize: 8,
    icrWriteDrainsStores: true,
  });
  boot.memory.initial(boot.tableEntry(0, 0), makePte(1, Pte.writable | Pte.accessed));
  boot.memory.initial(boot.tableEntry(1, PAGE), makePte(0, Pte.writable));
  return boot;
}

/** Explores every interleaving, each op a move of its own, beyond every violation. */
export function exploreSmall(protocol: SmallShootdown, options: ExploreOptions = {}): Exploration {
  return explore(smallShootdown(protocol), { expandBeyond: [FORM], ...options });
}
