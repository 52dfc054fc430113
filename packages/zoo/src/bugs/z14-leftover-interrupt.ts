import type { KernelCpu, Program, Word } from '@shootdown/core';
import type { SeparateEntry } from '../entry.js';
import { flushing, separate } from '../separate/small-machine.js';

/** Words of the request: the page to drop + 1, and the acknowledgement. */
interface Channel {
  readonly request: Word;
  readonly ack: Word;
}

/** How a round begins, is acknowledged and awaited. */
interface Rounds {
  readonly begin: (cpu: KernelCpu, channel: Channel, request: number) => Program;
  readonly acknowledge: (cpu: KernelCpu, channel: Channel, request: number) => Program;
  readonly awaits: (cpu: KernelCpu, channel: Channel, request: number) => Program;
}

/** The acknowledgement names the round that it is for. */
const fixed: Rounds = {
  *begin(cpu, { request: word }, request) {
    yield* cpu.exchange(word, request);
  },
  *acknowledge(cpu, { ack }, request) {
    yield* cpu.exchange(ack, request);
  },
  *awaits(cpu, { ack }, request) {
    yield* cpu.waitUntil(ack, 'equal', request);
  },
};

const buggy: Rounds = {
  *begin(cpu, { request: word, ack }, request) {
    yield* cpu.exchange(ack, 0);
    yield* cpu.exchange(word, request);
  },
  *acknowledge(cpu, { ack }) {
    yield* cpu.exchange(ack, 1);
  },
  *awaits(cpu, { ack }) {
    yield* cpu.waitUntil(ack, 'equal', 1);
  },
};

export const z14: SeparateEntry = separate({
  id: 'Z14',
  title: 'a leftover interrupt acknowledges a later round',
  source: 'seLe4n (Rust HAL), repaired by acknowledgements that name their generation',
  story:
    'A target looks into the mailbox by itself and acknowledges; the interrupt of that round is still on its way. It arrives in the next round, between the reset of the flag and the new request, drops the old page once more and sets the flag: the initiator takes it for the answer to its new request.',
  memory: 'sc',
  build(small, variant) {
    const rounds = variant === 'buggy' ? buggy : fixed;
    const channel = { request: small.word('request'), ack: small.word('ack') };
    function* serve(cpu: KernelCpu): Program {
      const request = yield* cpu.load(channel.request);
      if (request === 0) return;
      yield* cpu.invlpg(request - 1);
      yield* rounds.acknowledge(cpu, channel, request);
    }
    const vector = small.vector('flush', function* (cpu) {
      yield* cpu.endOfInterrupt();
      yield* serve(cpu);
    });
    small.thread('initiator', 0, { mm: 0, user: false }, function* (cpu) {
      for (const page of [0, 1]) {
        yield* cpu.exchange(small.leaf(0, page), 0);
        yield* flushing(cpu, 'unmap', { mm: 0, page }, function* (it) {
          yield* rounds.begin(it, channel, page + 1);
          yield* it.sendIpi(1, vector);
          yield* it.invlpg(page);
          yield* rounds.awaits(it, channel, page + 1);
        });
      }
    });
    small.thread('target', 1, { mm: 0, user: true }, function* (cpu) {
      yield* cpu.enterKernel();
      yield* cpu.disableInterrupts();
      yield* serve(cpu);
      yield* cpu.enableInterrupts();
      yield* cpu.returnToUser();
    });
  },
});
