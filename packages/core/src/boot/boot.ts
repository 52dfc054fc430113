import { ShootdownError } from '../errors.js';
import type { Mask, Program, ProgramRef, Vector, Word } from '../program/op.js';
import type { Sealed } from '../program/sealed.js';
import type { KernelCpu } from '../program/kernel-cpu.js';
import type { MachineShape } from './machine-shape.js';
import { Memory, type RecordPlacement, type Records } from './memory.js';

/** One row of the program table. */
export interface ProgramEntry {
  readonly name: string;
  /** Whose code it is, for messages: `kernel` or a strategy's name. Only the kernel's programs see a `KernelCpu`. */
  readonly owner: string;
  /** Position of the argument that it gets sealed; -1 when there is none. */
  readonly sealedArgument: number;
  /** Starts the program; its arguments are 32-bit integers, unused ones 0. */
  run(cpu: KernelCpu, ...args: readonly (number | Sealed)[]): Program<number | void>;
}

/** A thread of the machine: where it starts and what it runs. */
export interface ThreadEntry {
  readonly name: string;
  /** CPU it starts on, as the current thread when it is the first one given to that CPU. */
  readonly cpu: number;
  readonly program: number;
  readonly args: readonly number[];
  /** Starts in user mode. */
  readonly user: boolean;
  /** Runs for ever: not waited for at the end of a run. */
  readonly daemon: boolean;
  /** Is not what its CPU runs at the start, unless the CPU has nothing else. */
  readonly asleep: boolean;
}

/** Interrupt vectors besides the maskable ones that `Boot.vector` registers. */
export interface SystemPrograms {
  /** Runs on a page fault with (page, isStore, fromUser); the access is retried when it returns. */
  readonly pageFault?: ProgramRef<[page: number, isStore: number, fromUser: number]>;
  /** Body of the non-maskable interrupt. */
  readonly nmi?: ProgramRef<[]>;
  /** Body of a probe that is hit inside an interrupt handler. */
  readonly probe?: ProgramRef<[]>;
  /** What the host runs when it has taken the physical CPU away from a virtual one, and before it gives it back. */
  readonly vcpuPut?: ProgramRef<[]>;
  readonly vcpuLoad?: ProgramRef<[]>;
  /** Vector of the local APIC's timer. */
  readonly timer?: Vector;
  /**
   * Of any stretch of time: a CPU that begins one tick more than so many sees every other one begin a tick and handle it to its end
   * meanwhile. Unbounded when it is left out.
   */
  readonly maximumTickSkew?: number;
}

/** The machine before its first step: memory, programs, vectors and threads are declared here, once, in a fixed order. */
export class Boot {
  readonly shape: MachineShape;
  readonly memory: Memory = new Memory();
  readonly programs: ProgramEntry[] = [];
  readonly vectors: { readonly name: string; readonly handler: number }[] = [];
  readonly threads: ThreadEntry[] = [];
  /** Tables of page-table entries: `tableEntry(table, index)`. */
  readonly tableRecords: Records<'entry'>;
  /** One data word per physical frame. */
  readonly frameRecords: Records<'data'>;
  /** Initial root table and PCID of every CPU. */
  readonly initialRoot: Int32Array;
  readonly initialPcid: Int32Array;
  /** Initial owner of every frame, an mm number; -1 is nobody. */
  readonly initialFrameOwner: Int32Array;
  system: SystemPrograms = {};
  /** Whose code is registered now; the host sets it around a plugin's create(). */
  owner = 'kernel';
  #sealed = false;

  constructor(shape: MachineShape) {
    this.shape = shape;
    const entries = 2 ** shape.levelBits;
    this.tableRecords = this.memory.records('table', ['entry'], shape.tables * entries, { stride: 1 });
    this.frameRecords = this.memory.records('frame', ['data'], shape.frames);
    this.initialRoot = new Int32Array(shape.cpuCount);
    this.initialPcid = new Int32Array(shape.cpuCount);
    this.initialFrameOwner = new Int32Array(shape.frames).fill(-1);
  }

  /** The page-table entry `index` of a table page. */
  tableEntry(table: number, index: number): Word {
    return this.tableRecords.entry(table * 2 ** this.shape.levelBits + index);
  }

  /** See `Memory.records`. */
  records<Field extends string>(
    name: string,
    fields: readonly Field[],
    count: number,
    place: RecordPlacement = {},
  ): Records<Field> {
    return this.memory.records(name, fields, count, place);
  }

  /** Allocates a mask with a bit per CPU. */
  mask(name: string): Mask {
    return this.memory.mask(name, this.shape.cpuCount);
  }

  /** Registers a program; the reference can be called, become, started as a thread or put behind a vector. */
  program<Args extends readonly number[]>(
    name: string,
    body: (cpu: KernelCpu, ...args: Args) => Program<number | void>,
  ): ProgramRef<Args> {
    return this.#register(name, body, -1);
  }

  /** Registers a program that gets its last argument, at this position, sealed. Whoever knows the value calls it with a number. */
  programOfSealed<Args extends readonly number[]>(
    name: string,
    sealedArgument: Args['length'],
    body: (cpu: KernelCpu, ...args: [...Args, Sealed]) => Program<number | void>,
  ): ProgramRef<[...Args, sealed: number]> {
    return this.#register(name, body, sealedArgument);
  }

  /** Registers a maskable interrupt; later vectors have the higher priority (SDM vol. 3 §11.8.3). */
  vector(name: string, handler: ProgramRef<[]>): Vector {
    this.#checkOpen(name);
    if (this.vectors.length >= 31)
      throw new ShootdownError('INVALID_OPERAND', `Vector '${name}' is one too many: 31 exist.`);
    this.vectors.push({ name, handler: handler.index });
    return (this.vectors.length - 1) as Vector;
  }

  /** Declares a thread; the first one of a CPU that is not asleep is what it runs at the start. Returns the thread number. */
  thread<Args extends readonly number[]>(
    name: string,
    cpu: number,
    program: ProgramRef<Args>,
    args: Args,
    options: { user?: boolean; daemon?: boolean; asleep?: boolean } = {},
  ): number {
    this.#checkOpen(name);
    this.threads.push({
      name,
      cpu,
      program: program.index,
      args,
      user: options.user ?? false,
      daemon: options.daemon ?? false,
      asleep: options.asleep ?? false,
    });
    return this.threads.length - 1;
  }

  /** The machine has been made. */
  get isSealed(): boolean {
    return this.#sealed;
  }

  /** Nothing can be declared any more. */
  seal(): void {
    this.#sealed = true;
    this.memory.seal();
  }

  #register<Args extends readonly number[]>(
    name: string,
    run: (cpu: KernelCpu, ...args: never) => Program<number | void>,
    sealedArgument: number,
  ): ProgramRef<Args> {
    this.#checkOpen(name);
    const index = this.programs.length;
    this.programs.push({ name, owner: this.owner, sealedArgument, run });
    return { name, index };
  }

  #checkOpen(name: string): void {
    if (!this.#sealed) return;
    throw new ShootdownError(
      'LATE_ALLOCATION',
      `'${name}' was registered after boot. Register programs, vectors and threads inside create().`,
      { details: { name } },
    );
  }
}
