import {
  Boot,
  FLUSH_KINDS,
  type FlushKind,
  type KernelCpu,
  Machine,
  makePte,
  type Program,
  type ProgramRef,
  Pte,
  randomStream,
  type Vector,
  type Word,
} from '@shootdown/core';
import { SafetyMonitor } from '@shootdown/safety';
import type { ActionPolicy, MachineFactory } from '../src/index.js';
import { LITMUS_SHAPE } from './litmus.js';

const LINK = Pte.writable | Pte.accessed;
const FLAGS = [LINK, Pte.accessed, LINK | Pte.dirty, Pte.writable, LINK | Pte.global];
/** Root tables of two address spaces, each with one leaf table behind it. */
const ROOTS = [0, 2];

const KINDS = [
  'invlpg',
  'cr3',
  'cr3',
  'invpcid',
  'read',
  'read',
  'write',
  'write',
  'observe',
  'leave',
  'enter',
  'claim',
  'claimOther',
  'grow',
  'rely',
  'hold',
  'release',
  'install',
  'zap',
  'link',
  'unlink',
  'store',
  'ipi',
  'ipi',
  'answer',
  'answered',
  'owner',
  'freeTable',
  'maybe',
  'maybeStore',
  'work',
  'fence',
  'take',
  'payload',
  'generation',
  'disable',
  'enable',
  'halt',
] as const;
const FLUSH = 'flush';
/** All that the monitors report, to go on behind it. */
export const CONTRACT_FORMS = [
  'C1 used',
  'C1 exposed',
  'C1 released',
  'C2 effects',
  'C2 late',
  'C2 released',
  'C3 walked',
  'C4 refilled',
  'C4 unpublished',
  'C5 used',
  'C7 used',
  'C7 effects',
  'C7 late',
  'C8 read',
  'C8 written',
  'C10 ahead',
  'C10 owes',
];
const HANDLING = [
  'invlpg',
  'cr3',
  'read',
  'write',
  'claim',
  'claimOther',
  'grow',
  'rely',
  'release',
  'hold',
  'install',
  'store',
  'answer',
  'answer',
  'owner',
  'maybe',
  'maybeStore',
  'fence',
  'ipi',
  'zap',
  'freeTable',
  'payload',
  'generation',
  FLUSH,
] as const;
const GLANCING = [
  'read',
  'read',
  'ask',
  'maybe',
  'write',
  'invlpg',
  'claim',
  'payload',
  'store',
  'rely',
  FLUSH,
] as const;

const ABOUT_CLAIMS = new Set<string>(['claim', 'claimOther', 'grow', 'generation', 'store', 'rely', 'ipi']);

interface Instruction {
  readonly kind: string;
  readonly page: number;
  readonly mm: number;
  readonly which: number;
  readonly flush: FlushKind;
  readonly inside: readonly Instruction[];
}
type Body = readonly Instruction[];

export interface RandomShootdown {
  readonly cpus: number;
  readonly pcids: number;
  readonly storeBufferDepth: number;
  readonly isReleased: boolean;
  readonly ownsFrames: boolean;
  readonly claims: number;
  readonly threads: readonly Body[];
  readonly second: Body | undefined;
  readonly handler: Body;
  readonly nmi: Body;
  readonly probe: Body;
  readonly nmiBudget: number;
  readonly probeBudget: number;
  readonly flags: readonly number[];
  readonly isLinked: boolean;
  readonly isUser: boolean;
  readonly sequentiallyConsistent: boolean;
  readonly walker: 'saturated' | 'explicit';
  readonly isVirtual: boolean;
  readonly ticks: boolean;
  readonly actions: ActionPolicy;
}

export function drawnShootdown(seed: number, salt = 'random-shootdowns'): RandomShootdown {
  const random = randomStream(seed, salt);
  const below = (end: number): number => Math.floor(random.next() * end);
  const one = <T>(from: readonly T[]): T => from[below(from.length)] as T;
  const instruction = (kind: string, inside: Body = []): Instruction => ({
    kind,
    page: below(2),
    mm: below(4) === 0 ? 1 : 0,
    which: below(3),
    inside,
    flush: one<FlushKind>(['unmap', 'unmap', 'cleanDirty', 'freeTable', ...FLUSH_KINDS]),
  });
  const few = (kinds: readonly string[]): readonly string[] => Array.from({ length: 5 }, () => one(kinds));
  const kinds = few(
    below(2) === 0 ? KINDS : [...KINDS.filter((kind) => ABOUT_CLAIMS.has(kind)), 'leave', 'enter', 'cr3', 'invlpg'],
  );
  const inFlush = kinds.filter((kind) => kind !== 'maybe');
  const [handling, glancing] = [few(HANDLING), few(GLANCING)];
  const some = (kinds: readonly string[], most: number): Body =>
    Array.from({ length: below(most + 1) }, () => {
      const kind = one(kinds);
      return instruction(
        kind,
        kind === FLUSH ? some([...inFlush, 'work'], 2) : kind === 'maybe' ? some([...inFlush, 'work'], 1) : [],
      );
    });
  const cpus = one([2, 2, 2, 3]);
  const most = cpus === 3 ? 2 : 4;
  const thread = (cpu: number): Body =>
    cpu === 0 || below(3) === 0
      ? [...some(kinds, 1), instruction(FLUSH, some([...inFlush, 'work'], 3)), ...some(kinds, most - 2)]
      : some(kinds, most);
  const isSaturated = below(5) !== 0;
  const isVirtual = below(8) === 0;
  const hasProbe = below(6) === 0;
  return {
    cpus,
    pcids: one([1, 1, 2]),
    storeBufferDepth: one([1, 2, 4]),
    isReleased: below(3) === 0,
    ownsFrames: below(2) === 0,
    claims: below(3),
    threads: Array.from({ length: cpus }, (_, cpu) => thread(cpu)),
    second: below(6) === 0 ? some(kinds, 2) : undefined,
    handler: some(handling, 3),
    nmi: some(glancing, 2),
    probe: some(glancing, 1),
    nmiBudget: one([0, 0, 1]),
    probeBudget: hasProbe ? 1 : 0,
    flags: [below(7), below(7), below(7)],
    isLinked: below(4) !== 0,
    isUser: below(2) === 0,
    sequentiallyConsistent: below(6) === 0,
    walker: isSaturated ? 'saturated' : 'explicit',
    isVirtual,
    ticks: below(12) === 0,
    actions: isSaturated || below(2) === 0 ? {} : { speculativePages: [below(2)], evictablePages: [below(2)] },
  };
}

/** A machine whose CPUs flush, with all that a kernel says to the safety monitor in any order. */
export function shootdownOf(spec: RandomShootdown): MachineFactory {
  return (options) => {
    const boot = new Boot({
      ...LITMUS_SHAPE,
      cpuCount: spec.cpus,
      storeBufferDepth: spec.storeBufferDepth,
      ...(spec.pcids === 2 ? { pcid: true, asids: 2 } : {}),
      ...(spec.isVirtual ? { virtual: true } : {}),
    });
    const kernel = new Kernel(boot, spec);
    const monitor = new SafetyMonitor(boot, {
      flushes: 4,
      rootOf: (mm) => ROOTS[mm] ?? -1,
      ownsFrames: spec.ownsFrames,
      ...(spec.isReleased ? { guarantee: { unmap: 'release' } as const } : {}),
    });
    kernel.watch(monitor);
    return new Machine(boot, {
      ...options,
      walker: spec.walker,
      monitor,
      nmiBudget: spec.nmiBudget,
      probeBudget: spec.probeBudget,
      sequentiallyConsistent: spec.sequentiallyConsistent,
      ...(spec.isVirtual ? { preemptionBudget: 1 } : {}),
    });
  };
}

class Kernel {
  readonly #boot: Boot;
  readonly #spec: RandomShootdown;
  readonly #claims;
  readonly #generations;
  readonly #answer: Word;
  readonly #record;
  readonly #vector: Vector;

  constructor(boot: Boot, spec: RandomShootdown) {
    this.#boot = boot;
    this.#spec = spec;
    this.#claims = [0, 1].map(
      (which) => boot.records(`claim${which}`, ['generation'], spec.cpus, { home: (cpu) => cpu }).generation,
    );
    this.#generations = boot.records('mm', ['generation'], 2).generation;
    this.#answer = boot.records('answer', ['given'], 1).given(0);
    this.#record = boot.records('record', ['value'], 1, { wordClass: 'handoff' });
    boot.initialFrameOwner.fill(0);
    ROOTS.forEach((root) => {
      if (spec.isLinked || root !== 0) boot.memory.initial(boot.tableEntry(root, 0), makePte(root + 1, LINK));
    });
    spec.flags.forEach((flags, page) => {
      if (flags < FLAGS.length)
        boot.memory.initial(this.#leaf(page >> 1, page & 1), makePte(page, FLAGS[flags] as number));
    });
    const handler = this.#program('handler', spec.handler, true);
    this.#vector = boot.vector('flush', handler);
    boot.system = {
      pageFault: this.#pageFault(),
      nmi: this.#program('nmi', spec.nmi, false),
      ...(spec.probeBudget > 0 ? { probe: this.#program('probe', spec.probe, false) } : {}),
      ...(spec.ticks ? { timer: boot.vector('timer', handler), maximumTickSkew: 1 } : {}),
    };
    for (let cpu = 0; cpu < spec.cpus; cpu++)
      boot.thread(`t${cpu}`, cpu, this.#program(`t${cpu}`, spec.threads[cpu] as Body, false), [], {
        user: spec.isUser && cpu > 0,
      });
  }

  watch(monitor: SafetyMonitor): void {
    if (this.#spec.claims === 0) return;
    for (let cpu = 0; cpu < this.#spec.cpus; cpu++)
      for (let pcid = 0; pcid < Math.min(this.#spec.pcids, this.#spec.claims); pcid++)
        monitor.watchGeneration({ word: this.#claim(cpu, pcid), cpu, pcids: [pcid] });
    for (const mm of [0, 1]) monitor.watchTlbGeneration(mm, this.#generations(mm));
  }

  #claim(cpu: number, which: number): Word {
    return (this.#claims[which] as (index: number) => Word)(cpu);
  }

  #leaf(mm: number, page: number): Word {
    return this.#boot.tableEntry((ROOTS[mm] as number) + 1, page);
  }

  #top(mm: number): Word {
    return this.#boot.tableEntry(ROOTS[mm] as number, 0);
  }

  #program(name: string, body: Body, isHandler: boolean): ProgramRef<[]> {
    const perform = (cpu: KernelCpu, instruction: Instruction): Program => this.#perform(cpu, instruction);
    return this.#boot.program(name, function* (cpu: KernelCpu): Program {
      for (const instruction of body) yield* perform(cpu, instruction);
      if (isHandler) yield* cpu.endOfInterrupt();
    });
  }

  #pageFault(): ProgramRef<[page: number, isStore: number, fromUser: number]> {
    const leaf = (page: number): Word => this.#leaf(0, page);
    const top = this.#top(0);
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

  *#perform(cpu: KernelCpu, each: Instruction): Program {
    const { kind, page, mm, which } = each;
    const pcid = which % this.#spec.pcids;
    switch (kind) {
      case 'invlpg':
        return yield* cpu.invlpg(page);
      case 'cr3':
        return yield* cpu.writeCr3(ROOTS[mm] as number, pcid, which === 2);
      case 'invpcid':
        return yield* cpu.invpcid(which === 2 ? 3 : (which as 0 | 1), pcid, page);
      case 'read':
        return void (yield* cpu.userLoad(page));
      case 'observe':
        return void (yield* cpu.userLoad(page, true));
      case 'write':
        return yield* cpu.userStore(page, 1 + which);
      case 'leave':
        return yield* cpu.returnToUser();
      case 'enter':
        return yield* cpu.enterKernel();
      case 'ask':
        if (yield* cpu.load(this.#claim(cpu.id, 0))) yield* cpu.userLoad(page);
        return;
      case 'work':
        return yield* cpu.work(1 + which);
      case 'fence':
        return yield* cpu.fence();
      case 'disable':
        return yield* cpu.disableInterrupts();
      case 'enable':
        return yield* cpu.enableInterrupts();
      case 'halt':
        return which === 0 ? yield* cpu.halt() : undefined;
      case 'ipi':
        return yield* cpu.sendIpi((cpu.id + 1 + (which % (this.#spec.cpus - 1))) % this.#spec.cpus, this.#vector);
      case 'answer':
        return yield* cpu.store(this.#answer, 1);
      case 'answered':
        return yield* cpu.waitUntil(this.#answer, 'equal', 1);
      case 'maybe':
        if (yield* cpu.choose(2)) for (const inner of each.inside) yield* this.#perform(cpu, inner);
        return;
      case 'maybeStore':
        if (yield* cpu.choose(2))
          yield* cpu.store(this.#leaf(mm, page), which === 0 ? 0 : makePte(which, FLAGS[which] as number));
        return;
      case 'flush':
        return yield* this.#flush(cpu, each);
      default:
        return yield* this.#change(cpu, each);
    }
  }

  *#change(cpu: KernelCpu, { kind, page, mm, which }: Instruction): Program {
    switch (kind) {
      case 'install':
        if (yield* cpu.test(this.#leaf(mm, page), 'equal', 0))
          yield* cpu.store(this.#leaf(mm, page), makePte(which, FLAGS[which] as number));
        return;
      case 'store':
        return yield* cpu.store(this.#leaf(mm, page), which === 0 ? 0 : makePte(which, FLAGS[which] as number));
      case 'link':
        return yield* cpu.store(this.#top(mm), makePte((ROOTS[mm] as number) + 1, LINK));
      case 'unlink':
        return yield* cpu.store(this.#top(mm), 0);
      case 'zap':
        return void (yield* cpu.exchange(this.#leaf(mm, page), 0));
      case 'owner':
        return yield* cpu.setFrameOwner(which, page - 1);
      case 'freeTable':
        return yield* cpu.setTableFreed(which === 0 ? 1 : 3, page === 0);
      case 'claim':
        return yield* cpu.store(this.#claim(cpu.id, which & 1), 1 + page);
      case 'claimOther':
        return void (yield* cpu.exchange(this.#claim((cpu.id + 1) % this.#spec.cpus, which & 1), 1 + page));
      case 'grow':
        return void (yield* cpu.fetchAdd(this.#generations(mm), 1));
      case 'generation':
        return yield* cpu.markGeneration(mm, 1 + page);
      case 'rely':
        return yield* cpu.markRely(mm, page, which === 0 ? -1 : 1);
      case 'hold':
        return yield* cpu.markHold(which);
      case 'take':
        return void (yield* cpu.exchange(this.#answer, 0));
      case 'payload':
        return void (yield* cpu.load(this.#record.value(0)));
      default:
        return yield* cpu.markRelease(which - 1);
    }
  }

  *#flush(cpu: KernelCpu, { mm, page, which, flush, inside }: Instruction): Program {
    const [first, ...others] = inside;
    if (which === 0) yield* cpu.exchange(this.#leaf(mm, page), 0);
    if (which === 1) yield* cpu.store(this.#leaf(mm, page), Pte.accessed);
    yield* cpu.markCover(mm, page, which === 2 ? -1 : 1);
    if (first !== undefined) yield* this.#perform(cpu, first);
    if (this.#spec.claims > 0) {
      const generation = 1 + (yield* cpu.fetchAdd(this.#generations(mm), 1));
      yield* cpu.markGeneration(mm, generation);
    }
    yield* cpu.markCall(flush);
    for (const instruction of others) yield* this.#perform(cpu, instruction);
    yield* cpu.markReturn();
  }
}
