/** What a CPU looks at as a whole: memory, what belongs to no CPU, or some words of these; what buffers hide. */
export const Whole = {
  memory: 0,
  globals: 1,
  /** The stores to page tables in the buffers of CPUs that monitors look into (`HiddenStores`). */
  hidden: 2,
  /** The entries of page tables; the contents of frames. */
  tables: 3,
  frames: 4,
  /** Of what belongs to no CPU: which tables have been freed, how far ticks are ahead of each other, the monitor's words. */
  freed: 5,
  ticks: 6,
  common: 7,
} as const;
export type WholeName = (typeof Whole)[keyof typeof Whole];

/** What is looked at, and changed, of a CPU: what it translates by; its store buffer; its local APIC; whether it is in user mode; what monitors know of it. */
export const Side = { translations: 0, stores: 1, apic: 2, mode: 3, judged: 4 } as const;
export type SideName = (typeof Side)[keyof typeof Side];

/** Is told what the moves of a CPU look at outside the CPU's own part of the state. */
export interface Looks {
  /** A memory word, or one that belongs to no CPU. */
  word(index: number): void;
  whole(which: WholeName): void;
  /** Of another CPU; of the CPU's own part for the moves that do without the rest of it. */
  side(cpu: number, which: SideName): void;
  /** The frames of the CPU's own programs, which belong to its part of the state; some moves do without. */
  ownFrames(): void;
  /** Whether an interrupt is on its way to another CPU. */
  arriving(cpu: number): void;
  /** Whether any other CPU can still do this, but for handlers (`FutureBits`). That none can is relied upon. */
  future(bit: number): void;
}
