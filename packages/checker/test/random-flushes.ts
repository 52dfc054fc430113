import {
  Boot,
  type KernelCpu,
  Machine,
  makePte,
  type Program,
  type ProgramRef,
  Pte,
  randomStream,
  type Vector,
} from '@shootdown/core';
import type { MachineFactory } from '@shootdown/checker';
import { SafetyMonitor } from '@shootdown/safety';
import { LITMUS_SHAPE } from './litmus.js';

const LINK = Pte.writable | Pte.accessed;
const FLAGS = [LINK, Pte.accessed, LINK | Pte.dirty, Pte.writable];

/** What a CPU does that no flush of its own is under way on. */
const QUIET = [
  'invlpg',
  'invlpg',
  'cr3',
  'cr3',
  'install',
  'link',
  'read',
  'write',
  'claim',
  'claimOther',
  'leave',
  'enter',
  'rely',
];
const BEFORE = [...QUIET, 'unlink', 'zap'];
const INSIDE = [
  'invlpg',
  'cr3',
  'ipi',
  'ipi',
  'answered',
  'claim',
  'install',
  'link',
  'owner',
  'read',
  'write',
  'rely',
];
const AFTER = ['install', 'link', 'owner', 'rely', 'release', 'hold', 'read', 'write', 'leave', 'invlpg', 'claim'];
const NMI = ['read', 'read', 'ask', 'write', 'invlpg', 'claim'];
const HANDLER = ['invlpg', 'invlpg', 'cr3', 'answer', 'answer', 'claim', 'read', 'install', 'rely'];

interface Instruction {
  readonly kind: string;
  readonly page: number;
  readonly which: number;
}
type Body = readonly Instruction[];

/** Which machine this is: one flush by CPU 0, and CPUs that drop translations, fill tables and use pages. */
interface RandomFlush {
  readonly storeBufferDepth: number;
  readonly isReleased: boolean;
  readonly hasClaims: boolean;
  readonly threads: readonly Body[];
  readonly inside: Body;
  readonly handler: Body;
  readonly nmi: Body;
  readonly nmiBudget: number;
  readonly flags: readonly number[];
  readonly isLinked: boolean;
}

function drawn(seed: number): RandomFlush {
  const random = randomStream(seed, 'random-flushes');
  const below = (end: number): number => Math.floor(random.next() * end);
  const some = (kinds: readonly string[], most: number): Body =>
    Array.from({ length: below(most + 1) }, () => ({
      kind: kinds[below(kinds.length)] as string,
      page: below(2),
      which: below(3),
    }));
  const flush = { kind: 'flush', page: below(2), which: below(3) };
  return {
    storeBufferDepth: [1, 2, 4][below(3)] as number,
    isReleased: below(3) === 0,
    hasClaims: below(2) === 0,
    threads: [[...some(BEFORE, 1), flush, ...some(AFTER, 2)], some(QUIET, 4)],
    inside: some(INSIDE, 3),
    handler: some(HANDLER, 3),
    nmi: some(NMI, 2),
    nmiBudget: [0, 0, 1][below(3)] as number,
    flags: [below(6), below(6)],
    isLinked: below(3) !== 0,
  };
}

export function randomFlush(seed: number): MachineFactory {
  const spec = drawn(seed);
  return (options) => {
    const boot = new Boot({ ...LITMUS_SHAPE, storeBufferDepth: spec.storeBufferDepth });
    const kernel = new Kernel(boot, spec);
    const guarantee = spec.isReleased ? { guarantee: { unmap: 'release' } as const } : {};
    const monitor = new SafetyMonitor(boot, { flushes: 2, rootOf: () => 0, ownsFrames: true, ...guarantee });
    if (spec.hasClaims) kernel.watch(monitor);
    return new Machine(boot, { ...options, walker: 'saturated', monitor, nmiBudget: spec.nmiBudget });
  };
}

class Kernel {
  readonly #boot: Boot;
  readonly #spec: RandomFlush;
  readonly #claim;
  readonly #generation;
  readonly #answer;
  readonly #vector: Vector;

  constructor(boot: Boot, spec: RandomFlush) {
    this.#boot = boot;
    this.#spec = spec;
    this.#claim = boot.records('claim', ['generation'], 2, { home: (cpu) => cpu }).generation;
    this.#generation = boot.records('mm', ['generation'], 1).generation(0);
    this.#answer = boot.records('answer', ['given'], 1).given(0);
    boot.initialFrameOwner.fill(0);
    if (spec.isLinked) boot.memory.initial(boot.tableEntry(0, 0), makePte(1, LINK));
    spec.flags.forEach((flags, page) => {
      if (flags < FLAGS.length) boot.memory.initial(this.#leaf(page), makePte(page, FLAGS[flags] as number));
    });
    this.#vector = boot.vector('flush', this.#program('handler', spec.handler, true));
    boot.system = { pageFault: this.#pageFault(), nmi: this.#program('nmi', spec.nmi, false) };
    for (const cpu of [0, 1])
      boot.thread(`t${cpu}`, cpu, this.#program(`t${cpu}`, spec.threads[cpu] as Body, false), []);
  }

  watch(monitor: SafetyMonitor): void {
    for (const cpu of [0, 1]) monitor.watchGeneration({ word: this.#claim(cpu), cpu, pcids: [0] });
    monitor.watchTlbGeneration(0, this.#generation);
  }

  #leaf(page: number): ReturnType<Boot['tableEntry']> {
    return this.#boot.tableEntry(1, page);
  }

  #program(name: string, body: Body, isHandler: boolean): ProgramRef<[]> {
    const perform = (cpu: KernelCpu, instruction: Instruction): Program => this.#perform(cpu, instruction);
    return this.#boot.program(name, function* (cpu: KernelCpu): Program {
      for (const instruction of body) yield* perform(cpu, instruction);
      if (isHandler) yield* cpu.endOfInterrupt();
    });
  }

  #pageFault(): ProgramRef<[page: number, isStore: number, fromUser: number]> {
    const leaf = (page: number) => this.#leaf(page);
    const top = this.#boot.tableEntry(0, 0);
    return this.#boot.program(
      'pageFault',
      function* (cpu: KernelCpu, page: number, _: number, fromUser: number): Program {
        if (yield* cpu.test(top, 'equal', 0)) yield* cpu.store(top, makePte(1, LINK));
        if (yield* cpu.test(leaf(page), 'equal', 0)) yield* cpu.store(leaf(page), makePte(2, LINK | Pte.dirty));
        else yield* cpu.exchange(leaf(page), makePte(page, LINK | Pte.dirty));
        if (fromUser) yield* cpu.returnToUser('fault');
      },
    );
  }

  *#perform(cpu: KernelCpu, { kind, page, which }: Instruction): Program {
    switch (kind) {
      case 'invlpg':
        return yield* cpu.invlpg(page);
      case 'cr3':
        return yield* cpu.writeCr3(0, 0, which === 0);
      case 'read':
        return void (yield* cpu.userLoad(page));
      case 'write':
        return yield* cpu.userStore(page, 1 + which);
      case 'leave':
        return yield* cpu.returnToUser();
      case 'enter':
        return yield* cpu.enterKernel();
      case 'ask':
        if (yield* cpu.load(this.#claim(cpu.id))) yield* cpu.userLoad(page);
        return;
      case 'ipi':
        return yield* cpu.sendIpi(1 - cpu.id, this.#vector);
      case 'answer':
        return yield* cpu.store(this.#answer, 1);
      case 'answered':
        return yield* cpu.waitUntil(this.#answer, 'equal', 1);
      case 'flush':
        return yield* this.#flush(cpu, page);
      default:
        return yield* this.#change(cpu, kind, page, which);
    }
  }

  *#change(cpu: KernelCpu, kind: string, page: number, which: number): Program {
    const top = this.#boot.tableEntry(0, 0);
    switch (kind) {
      case 'install':
        if (yield* cpu.test(this.#leaf(page), 'equal', 0))
          yield* cpu.store(this.#leaf(page), makePte(which, FLAGS[which] as number));
        return;
      case 'link':
        if (yield* cpu.test(top, 'equal', 0)) yield* cpu.store(top, makePte(1, LINK));
        return;
      case 'unlink':
        return void (yield* cpu.exchange(top, 0));
      case 'zap':
        return void (yield* cpu.exchange(this.#leaf(page), 0));
      case 'owner':
        return yield* cpu.setFrameOwner(which, page - 1);
      case 'claim':
        return yield* cpu.store(this.#claim(cpu.id), 1);
      case 'claimOther':
        return yield* cpu.store(this.#claim(1 - cpu.id), 1);
      case 'rely':
        return yield* cpu.markRely(0, page, 1);
      case 'hold':
        return yield* cpu.markHold(0);
      default:
        return yield* cpu.markRelease(which === 0 ? -1 : 0);
    }
  }

  *#flush(cpu: KernelCpu, page: number): Program {
    yield* cpu.exchange(this.#leaf(page), 0);
    const generation = 1 + (yield* cpu.fetchAdd(this.#generation, 1));
    yield* cpu.markCover(0, page, 1);
    if (this.#spec.hasClaims) yield* cpu.markGeneration(0, generation);
    yield* cpu.markCall('unmap');
    for (const instruction of this.#spec.inside) yield* this.#perform(cpu, instruction);
    yield* cpu.markReturn();
  }
}
