import type { ActionPolicy, ExplorerMachineOptions, MachineFactory, Memory } from '@shootdown/checker';
import {
  Boot,
  type FlushKind,
  type KernelCpu,
  Machine,
  type MachineShape,
  makePte,
  type Program,
  type ProgramRef,
  Pte,
  type Vector,
  type Word,
} from '@shootdown/core';
import { SafetyMonitor } from '@shootdown/safety';
import type { Described, SeparateEntry, Variant } from '../entry.js';

/** What runs on a CPU. */
export type Body = (cpu: KernelCpu) => Program;

const SHAPE: MachineShape = {
  cpuCount: 2,
  virtualPages: 2,
  levels: 2,
  levelBits: 1,
  tables: 4,
  frames: 4,
  asids: 1,
  pcid: false,
  pti: false,
  invpcid: true,
  storeBufferDepth: 4,
  clusterSize: 8,
  icrWriteDrainsStores: true,
};

/** Address spaces of a small machine. */
const SPACES = 2;

/**
 * A machine with two address spaces of two pages, each page mapped writable to a frame of its own (frame 2 · mm + page) whose owner
 * is the mm. A fault is the end of the program that faults. Which CPU runs what is the entry's.
 */
export class SmallMachine {
  readonly boot: Boot;

  constructor(shape: Partial<MachineShape> = {}) {
    this.boot = new Boot({ ...SHAPE, ...shape });
    for (let mm = 0; mm < SPACES; mm++) this.#map(mm);
    const never = this.word('never');
    this.boot.system = {
      pageFault: this.boot.program(
        'page_fault',
        function* (cpu: KernelCpu, _page: number, _isStore: number, _user: number): Program {
          yield* cpu.enableInterrupts();
          yield* cpu.waitUntil(never, 'equal', 1);
        },
      ),
    };
  }

  /** A shared word with this initial value. */
  word(name: string, value = 0): Word {
    const word = this.boot.records(name, ['value'], 1).value(0);
    this.boot.memory.initial(word, value);
    return word;
  }
  /** Root table of an mm. */
  root(mm: number): number {
    return 2 * mm;
  }
  /** The leaf entry of a page. */
  leaf(mm: number, page: number): Word {
    return this.boot.tableEntry(this.root(mm) + 1, page);
  }
  frame(mm: number, page: number): number {
    return 2 * mm + page;
  }
  vector(name: string, body: Body): Vector {
    return this.boot.vector(name, this.boot.program(name, body));
  }
  /** A thread that begins with this mm loaded, in the kernel or in user mode. A kernel thread has to end; a user may fault for good. */
  thread(name: string, cpu: number, place: { readonly mm: number; readonly user: boolean }, body: Body): void {
    const program: ProgramRef<[]> = this.boot.program(name, body);
    this.boot.initialRoot[cpu] = this.root(place.mm);
    this.boot.thread(name, cpu, program, [], { user: place.user, daemon: place.user });
  }
  /** A thread that uses a page for ever. */
  user(cpu: number, mm: number, page: number): void {
    const program: ProgramRef<[]> = this.boot.program(`user${cpu}`, function* (it: KernelCpu): Program<number | void> {
      yield* it.userStore(page, 1);
      return yield* it.become(program);
    });
    this.boot.initialRoot[cpu] = this.root(mm);
    this.boot.thread(`user${cpu}`, cpu, program, [], { user: true, daemon: true });
  }

  machine(options: ExplorerMachineOptions, memory: Memory): Machine {
    const rootOf = (mm: number): number => this.root(mm);
    const monitor = new SafetyMonitor(this.boot, { flushes: 4, rootOf, ownsFrames: true });
    return new Machine(this.boot, { ...options, monitor, sequentiallyConsistent: memory === 'sc' });
  }

  #map(mm: number): void {
    const { memory, initialFrameOwner } = this.boot;
    memory.initial(this.boot.tableEntry(this.root(mm), 0), makePte(this.root(mm) + 1, Pte.writable));
    for (const page of [0, 1]) {
      memory.initial(this.leaf(mm, page), makePte(this.frame(mm, page), Pte.writable));
      initialFrameOwner[this.frame(mm, page)] = mm;
    }
  }
}

/** Marks one page as covered, then the call and the return of a flush around `body`. */
export function* flushing(cpu: KernelCpu, kind: FlushKind, page: { mm: number; page: number }, body: Body): Program {
  yield* cpu.markCover(page.mm, page.page, 1);
  yield* cpu.markCall(kind);
  yield* body(cpu);
  yield* cpu.markReturn();
}

/** A vector whose handler drops a page and acknowledges, and how an initiator sends it to a CPU and waits. */
export function shootdown(small: SmallMachine, target: number, page: number): Body {
  const done = small.word(`done${page}`);
  const vector = small.vector(`flush${page}`, function* (cpu) {
    yield* cpu.endOfInterrupt();
    yield* cpu.invlpg(page);
    yield* cpu.exchange(done, 1);
  });
  return function* (cpu) {
    yield* cpu.sendIpi(target, vector);
    yield* cpu.invlpg(page);
    yield* cpu.waitUntil(done, 'equal', 1);
  };
}

interface Separate extends Described {
  readonly shape?: Partial<MachineShape>;
  readonly actions?: ActionPolicy;
  readonly build: (small: SmallMachine, variant: Variant) => void;
}

/** An entry that is a machine of its own. */
export function separate({ shape, actions = {}, build, ...described }: Separate): SeparateEntry {
  const machine = (variant: Variant, memory: Memory): MachineFactory => {
    return (options) => {
      const small = new SmallMachine(shape);
      build(small, variant);
      return small.machine(options, memory);
    };
  };
  return { ...described, kind: 'separate', seams: [], cpus: shape?.cpuCount ?? SHAPE.cpuCount, actions, machine };
}
