/** Opcodes of the micro-ops. Dense, so that a move table can be indexed by them. */
export const Opcode = {
  load: 0,
  test: 1,
  store: 2,
  fence: 3,
  exchange: 4,
  compareExchange: 5,
  fetchAdd: 6,
  setBits: 7,
  clearBits: 8,
  nextSetBit: 9,
  waitUntil: 10,
  waitAny: 11,
  waitAndExchange: 12,
  invlpg: 13,
  invpcid: 14,
  writeCr3: 15,
  sendIpi: 16,
  sendIpiMask: 17,
  endOfInterrupt: 18,
  disableInterrupts: 19,
  enableInterrupts: 20,
  work: 21,
  choose: 22,
  phase: 23,
  userLoad: 24,
  userStore: 25,
  enterKernel: 26,
  returnToUser: 27,
  halt: 28,
  switchTo: 29,
  setFrameOwner: 30,
  setTableFreed: 31,
  mark: 32,
  /** The bottom frame of a context has returned: IRET of a handler, exit of a thread. Never built by a program. */
  finished: 33,
  faultReturn: 34,
  invlpgb: 35,
  tlbsync: 36,
  /** Only what the host of a virtual CPU runs. */
  invvpid: 37,
  preempt: 38,
  resumePreempted: 39,
  /** Control transfers, always the last ones: executed by the runner, never a move of a driver. */
  call: 40,
  become: 41,
} as const;

export type OpcodeName = keyof typeof Opcode;

/** Opcode → name, for messages and traces. */
export const OPCODE_NAMES: readonly OpcodeName[] = Object.keys(Opcode) as OpcodeName[];

/** Integers that a pending op occupies: the opcode, then six operands or arguments, then the hand-off group. */
export const OP_STRIDE = 8;

/**
 * Offsets within a pending op. A ghost transfer that rides on an op uses `owner` and `group` (group + 1; 0 is none). `seal` is only used where
 * programs are remembered: the place, + 1, of the sealed value that a store stores or a load brings; 0 is none.
 */
export const Operand = { a: 1, b: 2, c: 3, d: 4, seal: 5, owner: 6, group: 7 } as const;

/** Set in the program of a `become` whose last argument is the place of a sealed value. Above every number of a program. */
export const SEALED_CALL: number = 2 ** 20;

/** Arguments that `call` and `become` carry beside the program. */
export const MAX_ARGUMENTS = 6;

/** Condition codes, in the order of the operand. */
export const CONDITIONS = ['equal', 'notEqual', 'anyBitSet', 'allBitsClear', 'atLeast'] as const;

/** Phase codes. */
export const PHASES = ['other', 'prepare', 'queue', 'send', 'localFlush', 'wait', 'finish'] as const;
