import {
  Boot,
  type KernelCpu,
  Machine,
  makePte,
  type Program,
  type ProgramRef,
  Pte,
  type Vector,
  type Word,
} from '@shootdown/core';
import { SafetyMonitor } from '@shootdown/safety';
import type { MachineFactory } from '../src/index.js';
import { LITMUS_SHAPE } from './litmus.js';
import type { Body, Instruction, RandomShootdown } from './random-shootdowns.js';

const LINK = Pte.writable | Pte.accessed;
const FLAGS = [LINK, Pte.accessed, LINK | Pte.dirty, Pte.writable, LINK | Pte.global];
/** Root tables of two address spaces, each with one leaf table behind it. */
const ROOTS = [0, 2];

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
