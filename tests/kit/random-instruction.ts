import { type Boot, type KernelCpu, makePte, type Program, Pte, type Vector, type Word } from '@shootdown/core';

export const LEAF_FLAGS: number = Pte.writable | Pte.accessed;

/** What one instruction of a random program does; `a` and `b` are 0 or 1 and choose among words, values and CPUs. */
export const MEMORY = [
  'load',
  'store',
  'store',
  'exchange',
  'compareExchange',
  'fence',
  'private',
  'wait',
  'lock',
] as const;
export const HAND_OFF = ['payload', 'payload', 'read', 'give', 'take'] as const;
export const SYSTEM = ['ipi', 'ipi', 'mask', 'cli', 'sti', 'choose', 'work', 'phase', 'halt'] as const;
/** Into user mode and out of it, a debt that others make and one that is paid. */
export const MODES = ['enter', 'leave', 'blame', 'blame', 'pay'] as const;
/** With an interrupt that comes before the other one, and one to itself. */
export const INTERRUPTS = ['ipi', 'higher', 'self'] as const;
/** What leaves nothing behind but in the registers. */
export const GLANCES = ['glance', 'glance', 'ask', 'work', 'phase'] as const;
export const MMU = ['userLoad', 'userStore', 'setPte', 'clearPte', 'invlpg', 'cr3'] as const;
export type Kind = (
  | typeof MEMORY
  | typeof HAND_OFF
  | typeof SYSTEM
  | typeof MODES
  | typeof INTERRUPTS
  | typeof GLANCES
  | typeof MMU
)[number];
export interface Instruction {
  readonly kind: Kind;
  readonly a: number;
  readonly b: number;
}

/** What the instructions of a machine work on. */
export interface Words {
  readonly boot: Boot;
  readonly shared: (index: number) => Word;
  readonly own: (cpu: number) => Word;
  /** Where a context notes what it has read, by its number and the place in its program. */
  readonly noted: (place: number) => Word;
  readonly handOff: ReturnType<typeof handOffOf>;
  readonly mask: ReturnType<Boot['mask']>;
  readonly vector: () => Vector;
  readonly higher: () => Vector;
}

export function handOffOf(boot: Boot): ReturnType<typeof boot.records<'payload' | 'flag'>> {
  return boot.records('record', ['payload', 'flag'], 2, {
    wordClass: 'handoff',
    syncFields: ['flag'],
    home: (index) => index,
  });
}

/** Executes one instruction. What it reads is noted, so that it shows in the end. */
export function* perform(cpu: KernelCpu, words: Words, { kind, a, b }: Instruction, place: number): Program {
  const { boot, shared, own, noted, handOff, mask } = words;
  const leaf = boot.tableEntry(1, 0);
  const other = (cpu.id + 1 + a) % boot.shape.cpuCount;
  switch (kind) {
    case 'load':
      return yield* cpu.store(noted(place), 1 + (yield* cpu.load(shared(a))));
    case 'store':
      return yield* cpu.store(shared(a), 1 + b);
    case 'exchange':
      return yield* cpu.store(noted(place), 1 + (yield* cpu.exchange(shared(a), 3 + b)));
    case 'compareExchange':
      if (yield* cpu.compareExchange(shared(a), b, 5)) yield* cpu.store(noted(place), 1);
      return;
    case 'fence':
      return yield* cpu.fence();
    case 'private':
      if (b === 0) return yield* cpu.store(own(cpu.id), 1 + a);
      return yield* cpu.store(noted(place), 1 + (yield* cpu.load(own(cpu.id))));
    case 'wait':
      return yield* cpu.waitUntil(shared(a), 'equal', 1 + b);
    case 'lock':
      return yield* cpu.waitAndExchange(shared(a), 'equal', b, 1 - b);
    case 'payload':
      return yield* cpu.store(handOff.payload(a), 1 + b);
    case 'read':
      return yield* cpu.store(noted(place), 1 + (yield* cpu.load(handOff.payload(a))));
    case 'give':
      return yield* cpu.handOver(handOff.group(b), other).store(handOff.flag(b), 1);
    case 'take':
      yield* cpu.waitUntil(handOff.flag(a), 'equal', 1);
      if (b === 1) yield* cpu.handOver(handOff.group(a), cpu.id).exchange(handOff.flag(a), 2);
      return;
    case 'ipi':
      return yield* cpu.sendIpi(other, words.vector());
    case 'higher':
      return yield* cpu.sendIpi(other, words.higher());
    case 'self':
      return yield* cpu.sendIpi(cpu.id, b === 0 ? words.vector() : words.higher());
    case 'mask':
      return yield* cpu.sendIpiMask(mask, words.vector(), 0);
    case 'cli':
      return yield* cpu.disableInterrupts();
    case 'sti':
      return yield* cpu.enableInterrupts();
    case 'choose':
      return yield* cpu.store(noted(place), 1 + (yield* cpu.choose(2)));
    case 'work':
      return yield* cpu.work(1);
    case 'phase':
      return yield* cpu.phase('wait');
    case 'halt':
      return yield* cpu.halt();
    case 'userLoad':
      return yield* cpu.store(noted(place), 1 + (yield* cpu.userLoad(0, true)));
    case 'userStore':
      return void (yield* cpu.userStore(0, 2 + a));
    case 'setPte':
      return yield* cpu.store(leaf, makePte(a, LEAF_FLAGS));
    case 'clearPte':
      return yield* cpu.store(leaf, 0);
    case 'invlpg':
      return yield* cpu.invlpg(0);
    case 'cr3':
      return yield* cpu.writeCr3(0, 0, a === 1);
    default:
      return yield* lookOrChangeMode(cpu, words, { kind, a, b });
  }
}

function* lookOrChangeMode(cpu: KernelCpu, { boot, shared, own }: Words, { kind, a, b }: Instruction): Program {
  const word = b === 0 ? shared(a) : own(cpu.id);
  switch (kind) {
    case 'glance':
      return void (yield* cpu.load(word));
    case 'ask':
      if (yield* cpu.load(word)) yield* cpu.store(shared(1 - a), 6);
      return;
    case 'enter':
      return yield* cpu.enterKernel();
    case 'leave':
      return yield* cpu.returnToUser();
    case 'blame':
      return yield* cpu.markGeneration((cpu.id + 1 + a) % boot.shape.cpuCount, 1);
    default:
      return yield* cpu.markGeneration(cpu.id, 0);
  }
}
