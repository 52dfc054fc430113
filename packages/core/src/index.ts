export { Boot, type ProgramEntry, type SystemPrograms, type ThreadEntry } from './boot/boot.js';
export { asidCount, type BroadcastShape, type MachineShape, pcidCount, tablesPerSpace } from './boot/machine-shape.js';
export {
  Memory,
  type RecordPlacement,
  type Records,
  type Region,
  type WordClass,
  WORDS_PER_LINE,
} from './boot/memory.js';
export { ERROR_CODES, type ErrorCode, type ErrorDetails, type ErrorKind, ShootdownError } from './errors.js';
export { thrownCode, thrownCure } from './thrown-code.js';
export { thrownText } from './thrown-text.js';
export { deliverableVector } from './machine/apic.js';
export * from './machine/layout.js';
export { programIn } from './machine/in-program.js';
export { Machine, type MachineOptions } from './machine/machine.js';
export { WriteLog } from './machine/write-log.js';
export { commonLookout, type Lookout, type Onlooker } from './machine/lookout.js';
export { type Monitor, noMonitor, type Violation } from './machine/monitor.js';
export { conditionHolds } from './moves/memory-ops.js';
export { buffersEntry, hasRoom, isDrained, isForwarded, visibleValue } from './machine/store-buffer.js';
export { BROADCAST_ALL, BroadcastFlag, freeBroadcast, isSynchronised, owesBroadcast } from './mmu/broadcast.js';
export { cachesCurrentTables } from './mmu/saturate.js';
export { isPresent, makePte, Pte, pteTarget } from './mmu/pte.js';
export { entryFrame, entryRoot, isValidEntry, slotFor, tlbTag, translation } from './mmu/tlb.js';
export { chooseOutcome, countOutcomes } from './mmu/access.js';
export { sortTablePointers, sortTranslations } from './mmu/translation-set.js';
export { Access, accessKind, descendTo, leafWord, tableWord, walkWord } from './mmu/walker.js';
export { isInterruptible } from './moves/is-interruptible.js';
export { Action, MACHINE_ACTIONS, type MachineAction, pendingOp } from './moves/machine-actions.js';
export { type Cost, COSTS, type Footprint, FOOTPRINTS, NO_RESULT, type ProgramOp } from './moves/program-op.js';
export { PROGRAM_OPS } from './moves/program-ops.js';
export { nextTarget } from './moves/system-ops.js';
export { Cpu, Owner } from './program/cpu.js';
export { DEVICE_OWNER, FLUSH_KINDS, type FlushKind, KernelCpu, type MarkName, MARKS } from './program/kernel-cpu.js';
export { LiveRunner, MAX_DEPTH } from './program/live-runner.js';
export type {
  Condition,
  Group,
  Mask,
  Op,
  Phase,
  Program,
  ProgramRef,
  Vector,
  Word,
  Yielded,
} from './program/op.js';
export {
  CONDITIONS,
  MAX_ARGUMENTS,
  OP_STRIDE,
  Opcode,
  OPCODE_NAMES,
  type OpcodeName,
  Operand,
  PHASES,
} from './program/opcode.js';
export type { Sealed } from './program/sealed.js';
export { type ProgramStep, ProgramTable } from './program/program-table.js';
export { Registers } from './program/registers.js';
export type { FrameListener, Runner } from './program/runner.js';
export { WordLists } from './program/word-lists.js';
export { randomStream, type RandomStream } from './random.js';
export { FIRST_ACTION, replay, replayMove, Schedule } from './schedule.js';
export * from './profile/index.js';
export { DISTANCE_CLASSES, type DistanceClass, Topology, X2APIC_CLUSTER_SIZE } from './topology.js';
export { spend } from './program/spend.js';
export { maskBit, maskWord, wordAt } from './program/word-at.js';
