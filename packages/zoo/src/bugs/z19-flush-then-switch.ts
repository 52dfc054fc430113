import type { KernelCpu, Program } from '@shootdown/core';
import type { SeparateEntry } from '../entry.js';
import { separate } from '../separate/small-machine.js';

const PCID = 0;

/** The CR3 write itself drops what is tagged with the PCID. */
const fixed = function* (cpu: KernelCpu, root: number): Program {
  yield* cpu.writeCr3(root, PCID, false);
};

const buggy = function* (cpu: KernelCpu, root: number): Program {
  yield* cpu.invpcid(1, PCID, 0);
  yield* cpu.writeCr3(root, PCID, true);
};

export const z19: SeparateEntry = separate({
  id: 'Z19',
  title: 'flush, then switch',
  source: 'Xen XSA-292',
  story:
    'A context switch flushes the PCID of the guest that it is about to enter, and changes CR3 afterwards. In between the walker, by speculation, brings entries of the old address space back under that PCID. One CPU suffices.',
  memory: 'sc',
  shape: { cpuCount: 1, pcid: true },
  actions: { speculativePages: [0] },
  build(small, variant) {
    small.thread('switch', 0, { mm: 0, user: true }, function* (cpu) {
      yield* cpu.userLoad(0);
      yield* cpu.enterKernel();
      yield* (variant === 'buggy' ? buggy : fixed)(cpu, small.root(1));
      yield* cpu.returnToUser();
      yield* cpu.userLoad(0);
    });
  },
});
