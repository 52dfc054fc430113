/** What an author sees of the machine: types only, from core. */
export type {
  Condition,
  Cpu,
  FlushKind,
  Group,
  Mask,
  Op,
  Phase,
  Program,
  ProgramRef,
  RecordPlacement,
  Records,
  Vector,
  Word,
  WordClass,
} from '@shootdown/core';
export type { CalledFunction, CallFunction } from '@shootdown/smp-call-function';
