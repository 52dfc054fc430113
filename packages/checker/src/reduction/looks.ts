/** What a CPU looks at as a whole: memory, what belongs to no CPU, the store buffers that monitors look into, or some words of these. */
export const Whole = {
  memory: 0,
  globals: 1,
  buffers: 2,
  /** The entries of page tables; these and the watched words; the contents of frames. */
  tables: 3,
  watched: 4,
  frames: 5,
  /** Of what belongs to no CPU: which tables have been freed, how far ticks are ahead of each other, all that monitors may look at. */
  freed: 6,
  ticks: 7,
  judged: 8,
} as const;
export type WholeName = (typeof Whole)[keyof typeof Whole];

/** What is looked at, and changed, of another CPU: what it translates by and whether it is in user mode; its store buffer; its local APIC. */
export const Side = { translations: 0, stores: 1, apic: 2 } as const;
export type SideName = (typeof Side)[keyof typeof Side];

/** Is told what the moves of a CPU look at outside the CPU's own part of the state. */
export interface Looks {
  /** A memory word, or one that belongs to no CPU. */
  word(index: number): void;
  whole(which: WholeName): void;
  side(cpu: number, which: SideName): void;
  /** The frames of the CPU's own programs, which belong to its part of the state; some moves do without. */
  ownFrames(): void;
  /** Whether an interrupt is on its way to another CPU. */
  arriving(cpu: number): void;
  /** Whether any other CPU can still do this, but for handlers (`FutureBits`). That none can is relied upon. */
  future(bit: number): void;
}
