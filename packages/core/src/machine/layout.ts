import type { Boot } from '../boot/boot.js';
import { type MachineShape, pcidCount } from '../boot/machine-shape.js';
import { ShootdownError } from '../errors.js';

/** Offsets of one CPU's registers within its block. */
export const CpuField = {
  interruptFlag: 0,
  interruptActive: 1,
  nmiActive: 2,
  /** IF at the moment the interrupt was taken; IRET restores it. */
  savedInterruptFlag: 3,
  /** Interrupt request register and in-service register: a bit per vector. */
  irr: 4,
  isr: 5,
  thread: 6,
  root: 7,
  pcid: 8,
  /** An interrupt was taken out of the pending HLT: it may end. */
  woken: 9,
  /** The walk in flight: page + 1 (0 is none), its context, the level to read next (-1: leaf found), table, leaf entry, provenance. */
  walkPage: 10,
  walkPcid: 11,
  walkRoot: 12,
  walkLevel: 13,
  walkTable: 14,
  walkLeaf: 15,
  walkMarks: 16,
  bufferCount: 17,
  /** First of the store buffer's entries, oldest first. */
  buffer: 18,
} as const;

/**
 * One store-buffer entry: word, value, hand-off owner, hand-off group + 1, provenance marks; for a store through the MMU the
 * translation it used (root table × pages + page + 1), else 0.
 */
export const BufferField = { word: 0, value: 1, owner: 2, group: 3, marks: 4, via: 5 } as const;
export const BUFFER_STRIDE = 6;

/**
 * One TLB slot (PCID, page): the translation, its provenance marks, the marks of invalidations owed for it; then translation and
 * marks of each further way.
 */
export const TlbField = { entry: 0, marks: 1, owed: 2 } as const;
/** Integers of a translation with its marks, and of a cached table pointer with its marks. */
const WAY_STRIDE = 2;

/** One way of a paging-structure-cache slot (PCID, level, prefix): table + 1, and provenance marks. */
export const PscField = { table: 0, marks: 1 } as const;

/** One INVLPGB of a CPU that some CPU has not carried out yet: what it names, then a bit per such CPU. All zero when there is none. */
export const BroadcastField = { pcid: 0, firstPage: 1, pageCount: 2, flags: 3, pending: 4 } as const;

/** Where a virtual CPU is: in the guest, in the host program that takes the CPU away, nowhere, in the one that gives it back. */
export const Vcpu = { running: 0, leaving: 1, out: 2, entering: 3 } as const;

/** One thread: it runs user code; it has finished. */
export const ThreadField = { user: 0, finished: 1 } as const;
export const THREAD_STRIDE = 2;

/** A translation in a TLB slot: `Pte` flags in the low bits, the frame, and the root table it was filled from. */
export const EntryBits = { flags: 0x1f, frameShift: 8, frameMask: 0xffff, rootShift: 24 } as const;
/** What a TLB entry can name: frames, and table pages, for any of them may be a root. */
const MOST_FRAMES = 2 ** 16;
const MOST_TABLES = 2 ** 8;

/** Where everything lies in the state vector: memory words first, then a block per CPU, then threads and globals. */
export class Layout {
  readonly cpuCount: number;
  readonly threadCount: number;
  readonly vectorCount: number;
  readonly pages: number;
  readonly pcids: number;
  /** The row of TLB slots that hold global translations: valid under every PCID (SDM 4.10.2.4). */
  readonly globalTag: number;
  /** Paging-structure-cache slots per PCID, and the first one of each level (level 0, the leaf level, has none). */
  readonly pscSlots: number;
  readonly pscLevelStart: readonly number[];
  readonly inFlight: number;
  readonly tlb: number;
  readonly psc: number;
  /** Translations that one TLB slot, and table pointers that one paging-structure slot, can hold at a time. */
  readonly tlbWays: number;
  readonly pscWays: number;
  /** Integers from one TLB slot, and from one paging-structure slot, to the next. */
  readonly tlbStride: number;
  readonly pscStride: number;
  /** Per PCID: root whose entries may be cached under this tag, + 1. */
  readonly taggedRoot: number;
  /** INVLPGBs that a CPU may have under way, and the words of one; no slots on a machine without INVLPGB. */
  readonly broadcasts: number;
  readonly broadcast: number;
  readonly broadcastStride: number;
  /** Where a virtual CPU is (`Vcpu`); no word on a machine whose CPUs are real. */
  readonly vcpu: number;
  readonly cpuBlock: number;
  readonly cpuStride: number;
  readonly threads: number;
  readonly frameOwner: number;
  readonly tableFreed: number;
  readonly groupOwner: number;
  /** NMIs that may still arrive, in the whole machine. */
  readonly nmiBudget: number;
  /** Probes inside interrupt handlers that may still be hit, in the whole machine. */
  readonly probeBudget: number;
  /** Times that the host may still take a virtual CPU away, in the whole machine; no word where CPUs are real. */
  readonly preemptions: number;
  readonly #tickLeads: number;
  readonly monitor: number;
  /** Contexts that hold program frames: the threads, then the interrupt of every CPU, then its NMI, then its host where CPUs are virtual. */
  readonly contexts: number;
  /** First word of the runner's frames, and words per context; none when the runner keeps frames outside the vector. */
  readonly runner: number;
  readonly runnerStride: number;
  readonly size: number;

  constructor(boot: Boot, monitorWords: number, runnerWordsPerContext = 0, tlbWays = 1, pscWays = 1) {
    const shape = boot.shape;
    checkPools(shape);
    this.cpuCount = shape.cpuCount;
    this.threadCount = boot.threads.length;
    this.vectorCount = boot.vectors.length;
    this.pages = shape.virtualPages;
    this.tlbWays = tlbWays;
    this.pscWays = pscWays;
    this.tlbStride = 1 + tlbWays * WAY_STRIDE;
    this.pscStride = pscWays * WAY_STRIDE;
    this.pcids = pcidCount(shape);
    this.pscLevelStart = pscLevels(shape.virtualPages, shape.levels, shape.levelBits);
    this.pscSlots = this.pscLevelStart[shape.levels] as number;
    this.inFlight = CpuField.buffer + shape.storeBufferDepth * BUFFER_STRIDE;
    this.taggedRoot = this.inFlight + this.vectorCount;
    this.tlb = this.taggedRoot + this.pcids;
    this.globalTag = this.pcids;
    this.psc = this.tlb + (this.pcids + 1) * this.pages * this.tlbStride;
    this.broadcasts = shape.broadcast?.outstanding ?? 0;
    this.broadcast = this.psc + this.pcids * this.pscSlots * this.pscStride;
    this.broadcastStride = BroadcastField.pending + Math.ceil(this.cpuCount / 32);
    this.vcpu = this.broadcast + this.broadcasts * this.broadcastStride;
    this.cpuStride = this.vcpu + (shape.virtual === true ? 1 : 0);
    this.cpuBlock = boot.memory.size;
    this.threads = this.cpuBlock + this.cpuStride * this.cpuCount;
    this.frameOwner = this.threads + this.threadCount * THREAD_STRIDE;
    this.tableFreed = this.frameOwner + shape.frames;
    this.groupOwner = this.tableFreed + shape.tables;
    this.nmiBudget = this.groupOwner + boot.memory.groupOwners.length;
    this.probeBudget = this.nmiBudget + 1;
    this.preemptions = this.probeBudget + 1;
    this.#tickLeads = this.preemptions + (shape.virtual === true ? 1 : 0);
    this.monitor = this.#tickLeads + (boot.system.maximumTickSkew === undefined ? 0 : this.cpuCount ** 2);
    this.contexts = this.threadCount + (shape.virtual === true ? 3 : 2) * this.cpuCount;
    this.runner = this.monitor + monitorWords;
    this.runnerStride = runnerWordsPerContext;
    this.size = this.runner + this.contexts * runnerWordsPerContext;
  }

  /** Ticks by which a CPU is ahead of another one; there are no such words unless that is bounded. */
  tickLead(cpu: number, other: number): number {
    return this.#tickLeads + cpu * this.cpuCount + other;
  }
  cpu(cpu: number): number {
    return this.cpuBlock + cpu * this.cpuStride;
  }
  thread(thread: number): number {
    return this.threads + thread * THREAD_STRIDE;
  }
  tlbSlot(cpu: number, pcid: number, page: number): number {
    return this.cpu(cpu) + this.tlb + (pcid * this.pages + page) * this.tlbStride;
  }
  /** Where a slot keeps its translation number `way`; its marks follow. */
  tlbWay(slot: number, way: number): number {
    return way === 0 ? slot : slot + 1 + way * WAY_STRIDE;
  }
  /** Slot of one of the CPU's own INVLPGBs. */
  broadcastSlot(cpu: number, slot: number): number {
    return this.cpu(cpu) + this.broadcast + slot * this.broadcastStride;
  }
  /** Slot of the pointer to the table that serves `level` (0 is the leaf level) for this prefix of the page number. */
  pscSlot(cpu: number, pcid: number, level: number, prefix: number): number {
    return (
      this.cpu(cpu) +
      this.psc +
      (pcid * this.pscSlots + (this.pscLevelStart[level] as number) + prefix) * this.pscStride
    );
  }
}

/** Start of each level's slots: the pointers to tables of level 0 … levels-2 are cached, the root is in CR3. */
function pscLevels(pages: number, levels: number, bits: number): readonly number[] {
  const starts: number[] = [];
  let next = 0;
  for (let level = 0; level < levels; level++) {
    starts.push(next);
    if (level < levels - 1) next += Math.ceil(pages / 2 ** (bits * (level + 1)));
  }
  return [...starts, next];
}

function checkPools({ frames, tables }: MachineShape): void {
  if (frames <= MOST_FRAMES && tables <= MOST_TABLES) return;
  throw new ShootdownError(
    'INVALID_OPERAND',
    `${frames} frames and ${tables} table pages; a machine has at most ${MOST_FRAMES} and ${MOST_TABLES}. Use fewer pages.`,
  );
}
