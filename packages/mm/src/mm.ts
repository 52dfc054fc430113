import { asidCount, type Boot, type MachineShape, ShootdownError, type Word, maskBit, maskWord } from '@shootdown/core';
import { AddressSpaces, contextId } from './address-spaces.js';
import { INIT_MM } from './constants.js';
import { CpuTlbState } from './cpu-tlb-state.js';
import { FlushInfo } from './flush-info.js';
import { GatherBatches } from './gather.js';
import type { MmOptions } from './options.js';
import { PageFrames } from './page-frames.js';
import { PageTables } from './page-tables.js';
import type { MmPort } from './port.js';
import { type MmRefs, type MmSteps, registerMmPrograms } from './programs/index.js';
import { ReclaimBatches } from './reclaim-batch.js';

/** Memory management of arch/x86/mm/tlb.c and mm/ (Linux 5.2) as words and programs. */
export class Mm {
  readonly shape: MachineShape;
  readonly options: MmOptions;
  readonly spaces: AddressSpaces;
  readonly tables: PageTables;
  readonly frames: PageFrames;
  readonly tlbState: CpuTlbState;
  readonly flushInfo: FlushInfo;
  readonly batches: GatherBatches;
  readonly reclaim: ReclaimBatches;
  readonly programs: MmRefs;
  readonly steps: MmSteps;
  readonly #boot: Boot;
  #port: MmPort | undefined;

  constructor(boot: Boot, options: MmOptions) {
    this.#boot = boot;
    this.shape = boot.shape;
    this.options = options;
    this.spaces = new AddressSpaces(boot, options.mmCount);
    this.tables = new PageTables(boot, options.mmCount);
    this.frames = new PageFrames(boot, options.mmCount * boot.shape.virtualPages, options.frameChoice);
    this.tlbState = new CpuTlbState(boot, options.layout);
    this.flushInfo = new FlushInfo(boot, options.layout);
    this.batches = new GatherBatches(boot, options.gatherPages, options.batchesPerCpu);
    this.reclaim = new ReclaimBatches(boot);
    this.programs = registerMmPrograms(boot, this, options.programs);
    this.steps = options.steps;
  }

  get port(): MmPort {
    if (this.#port === undefined)
      throw new ShootdownError('INTERNAL', 'Memory management runs before its port is connected.');
    return this.#port;
  }
  connect(port: MmPort): void {
    this.#port = port;
  }

  /** What a CPU has loaded at boot: ASID 0 holds this mm, up to date. */
  startCpu(cpu: number, mm: number, state: { readonly lazy: boolean; readonly user: boolean }): void {
    const { memory, initialPcid, initialRoot } = this.#boot;
    const { tlbState } = this;
    memory.initial(tlbState.loadedMm(cpu), mm);
    memory.initial(tlbState.contextId(cpu, 0), contextId(mm));
    memory.initial(tlbState.generation(cpu, 0), mm === INIT_MM ? 0 : 1);
    memory.initial(tlbState.isLazy(cpu), state.lazy ? 1 : 0);
    memory.initial(tlbState.nextAsid(cpu), 1);
    initialRoot[cpu] = this.tables.root(mm);
    initialPcid[cpu] = state.user && this.shape.pti ? this.userPcid(0) : this.kernelPcid(0);
    if (this.shape.pti) {
      memory.initial(tlbState.kernelCr3(cpu), this.encodeCr3(this.tables.root(mm), 0));
      memory.initial(tlbState.userCr3(cpu), state.user ? 1 : 0);
    }
    if (mm === INIT_MM) return;
    const word = maskWord(this.spaces.cpuMask(mm), cpu);
    memory.initial(word, (memory.initialValues.get(word) ?? 0) | maskBit(cpu));
  }

  /** The data of a frame; a new page is cleared through it. */
  frameData(frame: number): Word {
    return this.#boot.frameRecords.data(frame);
  }
  /** Tag of an ASID's kernel entries (`kern_pcid`). */
  kernelPcid(asid: number): number {
    return this.shape.pcid ? asid : 0;
  }
  /** Tag of an ASID's user entries under PTI (`user_pcid`). */
  userPcid(asid: number): number {
    return this.shape.pcid ? asidCount(this.shape) + asid : 1;
  }
  /** An ASID that is the same on every CPU: its entries are kept up to date by broadcast, and no generation speaks of them. */
  isGlobalAsid(asid: number): boolean {
    return asid >= this.shape.asids;
  }
  encodeCr3(root: number, asid: number): number {
    return root * asidCount(this.shape) + asid;
  }
  decodeCr3(value: number): { readonly root: number; readonly asid: number } {
    const asids = asidCount(this.shape);
    return { root: Math.floor(value / asids), asid: value % asids };
  }
}
