import type { KernelCpu, Program, Word } from '@shootdown/core';
import type { SeparateEntry } from '../entry.js';
import { separate } from '../separate/small-machine.js';

/** What a VM knows of its own tag: the generation in which it was given, and the tag. */
interface Vm {
  readonly generation: Word;
  readonly vmid: Word;
}

/** The tag is in place before its generation says that it is valid. */
const fixed = function* (cpu: KernelCpu, { generation, vmid }: Vm, current: number, given: number): Program {
  yield* cpu.store(vmid, given);
  yield* cpu.store(generation, current);
};

const buggy = function* (cpu: KernelCpu, { generation, vmid }: Vm, current: number, given: number): Program {
  yield* cpu.store(generation, current);
  yield* cpu.store(vmid, given);
};

export const z28: SeparateEntry = separate({
  id: 'Z28',
  title: 'a tag is taken for one of the new generation before it is replaced',
  source: 'KVM on Arm, update_vttbr',
  story:
    'After a roll-over one vCPU takes a new tag for its VM and publishes the generation first. Another vCPU of that VM sees the generation, goes on with the old tag, and meets entries of the VM that has the tag now.',
  memory: 'sc',
  shape: { pcid: true, asids: 2 },
  build(small, variant) {
    const vm: Vm = { generation: small.word('vmid_gen', 1), vmid: small.word('vmid', 0) };
    small.thread('vcpu0', 0, { mm: 0, user: false }, (cpu) => (variant === 'buggy' ? buggy : fixed)(cpu, vm, 2, 1));
    small.thread('vcpu1', 1, { mm: 1, user: true }, function* (cpu) {
      yield* cpu.userLoad(0);
      yield* cpu.enterKernel();
      yield* cpu.waitUntil(vm.generation, 'equal', 2);
      yield* cpu.writeCr3(small.root(0), yield* cpu.load(vm.vmid), true);
      yield* cpu.returnToUser();
      yield* cpu.userLoad(0);
    });
  },
});
