import type { Machine } from '../machine/machine.js';

/** Result of an op that leaves its program where it is (a fault, the end of a context). Outside the 32-bit range. */
export const NO_RESULT: number = 2 ** 31;

/** What an op does to memory, for the directory of the timed driver and the reductions of the exploring one. */
export const FOOTPRINTS = ['none', 'load', 'store', 'locked', 'wait', 'waitLocked', 'mask', 'user'] as const;
/**
 * `load`, `locked`, `wait`: the word of operand a. `store` enters the store buffer. `waitLocked` waits, then is a locked
 * access. `mask` reads the words of a mask. `user` goes through the MMU.
 */
export type Footprint = (typeof FOOTPRINTS)[number];

/** Which duration of the machine an op is charged, besides what memory adds. */
export const COSTS = [
  'free',
  'load',
  'store',
  'locked',
  'fence',
  'invlpg',
  'invpcidPage',
  'invpcidContext',
  'invlpgb',
  'tlbsync',
  'cr3Flush',
  'cr3Keep',
  'icrWrite',
  'eoi',
  'interruptFlag',
  'work',
  'syscallEntry',
  'syscallExit',
  'faultReturn',
  'interruptReturn',
  'halt',
  'switch',
  'user',
] as const;
export type Cost = (typeof COSTS)[number];

/** One op of programs: when it can be executed, what it does, what it touches, what it is charged, how it reads. */
export interface ProgramOp {
  readonly name: string;
  readonly footprint: Footprint;
  /** Waits until the store buffer is empty. */
  readonly drains: boolean;
  /** An interrupt may be taken before it is complete; it resumes with what is left. */
  readonly interruptible: boolean;
  cost(machine: Machine, base: number): Cost;
  enabled(machine: Machine, cpu: number, base: number): boolean;
  /** Executes it; returns the program's result or `NO_RESULT`. */
  apply(machine: Machine, cpu: number, base: number, choice: number): number;
  /** How it reads in traces: `store csd[1].flags ← 3`. */
  text(machine: Machine, base: number): string;
}
