import { type KernelCpu, type Mask, maskBit, maskWord, type Program, type Word } from '@shootdown/core';
import type { SeparateEntry } from '../entry.js';
import { flushing, separate } from '../separate/small-machine.js';

/** Taken from the read of the mask to the last acknowledgement. */
interface Hotplug {
  readonly lock: Word;
  readonly mask: Mask;
}

/** Leaves the mask between two shootdowns, and takes interrupts until then. */
const fixed = function* (cpu: KernelCpu, { lock, mask }: Hotplug): Program {
  yield* cpu.waitAndExchange(lock, 'equal', 0, 1);
  yield* cpu.clearBits(maskWord(mask, cpu.id), maskBit(cpu.id));
  yield* cpu.store(lock, 0);
  yield* cpu.disableInterrupts();
};

const buggy = function* (cpu: KernelCpu, { mask }: Hotplug): Program {
  yield* cpu.disableInterrupts();
  yield* cpu.clearBits(maskWord(mask, cpu.id), maskBit(cpu.id));
};

export const z15: SeparateEntry = separate({
  id: 'Z15',
  title: 'an initiator waits for a CPU that goes down',
  source: 'review of seLe4n; Linux CPU hotplug, stop_machine',
  story:
    'A CPU turns its interrupts off for good and leaves the mask afterwards. An initiator that has read the mask in between waits for ever. The mask has to say who takes interrupts.',
  memory: 'sc',
  build(small, variant) {
    const hotplug = { lock: small.word('shootdown_lock'), mask: small.boot.mask('cpu_online_mask') };
    small.boot.memory.initial(maskWord(hotplug.mask, 0), maskBit(0) | maskBit(1));
    const done = small.word('done');
    const vector = small.vector('flush', function* (cpu) {
      yield* cpu.endOfInterrupt();
      yield* cpu.invlpg(0);
      yield* cpu.exchange(done, 1);
    });
    small.thread('initiator', 0, { mm: 0, user: false }, function* (cpu) {
      yield* cpu.waitAndExchange(hotplug.lock, 'equal', 0, 1);
      yield* cpu.exchange(small.leaf(0, 0), 0);
      yield* flushing(cpu, 'unmap', { mm: 0, page: 0 }, function* (it) {
        yield* it.invlpg(0);
        if ((yield* it.nextSetBit(hotplug.mask, 1)) < 0) return;
        yield* it.sendIpi(1, vector);
        yield* it.waitUntil(done, 'equal', 1);
      });
      yield* cpu.store(hotplug.lock, 0);
    });
    small.thread('dying', 1, { mm: 0, user: true }, function* (cpu) {
      yield* cpu.userLoad(0);
      yield* cpu.enterKernel();
      yield* (variant === 'buggy' ? buggy : fixed)(cpu, hotplug);
    });
  },
});
