/** What an error code means for the process that meets it, and its one-line title for the reference. */
export interface ErrorKind {
  /** Exit code of the command line: 1 internal, 2 bad input, 3 plugin refused or failed, 4 contract, 5 gate, 6 baseline, 7 nondeterminism. */
  readonly exitCode: 1 | 2 | 3 | 4 | 5 | 6 | 7;
  readonly title: string;
}

const kind = (exitCode: ErrorKind['exitCode'], title: string): ErrorKind => ({ exitCode, title });

/** Every error this project raises on purpose. */
export type ErrorCode =
  | 'UNKNOWN_STRATEGY'
  | 'UNKNOWN_MACHINE'
  | 'UNKNOWN_SCENARIO'
  | 'INVALID_ARGUMENT'
  | 'INVALID_FILE'
  | 'INVALID_OUTPUT'
  | 'INVALID_PROFILE'
  | 'INVALID_SCENARIO'
  | 'INVALID_OPTIONS'
  | 'TOO_MANY_THREADS'
  | 'MISSING_HARDWARE'
  | 'MONITOR_SLOTS'
  | 'TRANSLATION_SET_FULL'
  | 'VACUOUS_CELL'
  | 'INVALID_COUNTEREXAMPLE'
  | 'OTHER_VERSION'
  | 'NOT_TIMEABLE'
  | 'INVALID_LITMUS'
  | 'INVALID_CONFIG'
  | 'INVALID_MANIFEST'
  | 'OPTIONS_SCHEMA'
  | 'OPTIONS_DEFAULTS'
  | 'API_VERSION'
  | 'PLUGIN_COPY'
  | 'DUPLICATE_NAME'
  | 'MODULE_NOT_FOUND'
  | 'IMPORT_FAILED'
  | 'NOT_A_STRATEGY'
  | 'SEVERAL_STRATEGIES'
  | 'PLUGIN_THREW'
  | 'CHANGED_INPUT'
  | 'PLUGIN_PRINTED'
  | 'PLUGIN_HANGS'
  | 'PLUGIN_STOPPED'
  | 'NOT_AN_OP'
  | 'STALE_OP'
  | 'OP_NOT_ALLOWED'
  | 'INVALID_OPERAND'
  | 'INVALID_ARGUMENTS'
  | 'LATE_ALLOCATION'
  | 'CALL_DEPTH'
  | 'CONTROL_LOOP'
  | 'NEVER_FINISHES'
  | 'DEADLOCK'
  | 'SHARED_STATE'
  | 'WORD_CLASS'
  | 'UNBOUNDED_PROGRAM'
  | 'GENERATION_OVERFLOW'
  | 'NOT_CONFORMING'
  | 'CONTRACT_VIOLATED'
  | 'CASE_CUT'
  | 'REPLAY_MISMATCH'
  | 'NONDETERMINISM'
  | 'INTERNAL';

/** What each code means: the one source for code, documentation and tests. */
export const ERROR_CODES: Readonly<Record<ErrorCode, ErrorKind>> = {
  UNKNOWN_STRATEGY: kind(2, 'No strategy has this name'),
  UNKNOWN_MACHINE: kind(2, 'No machine profile has this name'),
  UNKNOWN_SCENARIO: kind(2, 'No scenario has this name'),
  INVALID_ARGUMENT: kind(2, 'A command-line argument is not what the command expects'),
  INVALID_FILE: kind(2, 'A file cannot be read or is not valid JSON'),
  INVALID_OUTPUT: kind(2, 'The output file cannot be written'),
  INVALID_PROFILE: kind(2, 'A machine profile fails its schema'),
  INVALID_SCENARIO: kind(2, 'A scenario fails its schema'),
  INVALID_OPTIONS: kind(2, 'Strategy options fail the schema of the strategy'),
  TOO_MANY_THREADS: kind(2, 'More threads than the machine has CPUs'),
  MISSING_HARDWARE: kind(2, 'The strategy needs hardware that the machine lacks'),
  MONITOR_SLOTS: kind(2, 'More flushes in flight than the safety monitors can tell apart'),
  TRANSLATION_SET_FULL: kind(2, 'A CPU may hold more translations of one page than a saturated walker keeps'),
  VACUOUS_CELL: kind(2, 'No CPU of a cell uses the page that is flushed, so it would prove nothing'),
  INVALID_COUNTEREXAMPLE: kind(2, 'A saved counterexample fails its schema'),
  OTHER_VERSION: kind(2, 'A counterexample was found in another version of the model'),
  NOT_TIMEABLE: kind(2, 'A schedule needs what a machine profile has no durations for'),
  INVALID_LITMUS: kind(2, 'A litmus test fails its schema or names something unknown'),
  INVALID_CONFIG: kind(2, 'A configuration file cannot be loaded or fails its schema'),
  INVALID_MANIFEST: kind(3, 'A strategy manifest fails its schema'),
  OPTIONS_SCHEMA: kind(3, 'The options schema of a strategy does not compile'),
  OPTIONS_DEFAULTS: kind(3, 'The defaults of an options schema fail it'),
  API_VERSION: kind(3, 'A strategy was written for another contract version'),
  PLUGIN_COPY: kind(3, 'A strategy was made by a copy of @shootdown/plugin of another contract version'),
  DUPLICATE_NAME: kind(3, 'Two strategies have the same name'),
  MODULE_NOT_FOUND: kind(3, 'A package or file that should export a strategy is not found'),
  IMPORT_FAILED: kind(3, 'A module threw or failed to parse when it was imported'),
  NOT_A_STRATEGY: kind(3, 'A module does not export a strategy'),
  SEVERAL_STRATEGIES: kind(3, 'A module exports more than one strategy'),
  PLUGIN_THREW: kind(3, 'A strategy threw an exception'),
  CHANGED_INPUT: kind(3, 'A strategy changed what it was handed'),
  PLUGIN_PRINTED: kind(3, 'A strategy wrote to stdout, which belongs to the result'),
  PLUGIN_HANGS: kind(3, 'A strategy neither yielded nor returned within the wall limit'),
  PLUGIN_STOPPED: kind(3, 'A strategy ended the worker it ran in'),
  NOT_AN_OP: kind(3, 'A program yielded something that is not a micro-op'),
  STALE_OP: kind(3, 'A micro-op was built but not yielded at once'),
  OP_NOT_ALLOWED: kind(3, 'A micro-op is not allowed in this place'),
  INVALID_OPERAND: kind(3, 'An operand of a micro-op is out of range'),
  INVALID_ARGUMENTS: kind(3, 'A program was called with arguments that are not small integers'),
  LATE_ALLOCATION: kind(3, 'Words or programs were allocated after create() had returned'),
  CALL_DEPTH: kind(3, 'Programs call each other too deeply'),
  CONTROL_LOOP: kind(3, 'A program calls or becomes programs for ever without yielding a micro-op'),
  NEVER_FINISHES: kind(3, 'A flush did not finish within the bounds of the run'),
  DEADLOCK: kind(3, 'No CPU can move and a thread has not finished'),
  SHARED_STATE: kind(3, 'A strategy keeps state outside its machine words'),
  WORD_CLASS: kind(3, 'A word was accessed against the class it was declared with'),
  UNBOUNDED_PROGRAM: kind(3, 'A program unfolds without end: a loop needs become'),
  GENERATION_OVERFLOW: kind(3, 'A generation counter reached its limit'),
  NOT_CONFORMING: kind(3, 'A strategy does not do what a conformance case expects'),
  CONTRACT_VIOLATED: kind(4, 'A conformance case met a violation of the safety contract'),
  CASE_CUT: kind(5, 'A limit cut the search of a conformance case before it was decided'),
  REPLAY_MISMATCH: kind(7, 'A schedule does not replay with equal values'),
  NONDETERMINISM: kind(7, 'The same inputs gave different results'),
  INTERNAL: kind(1, 'An invariant of the laboratory itself is broken'),
};

/** Structured facts about an error: the offender, the place, what would be right. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** The only error type thrown on purpose. `message` names the offender, the place and the cure. */
export class ShootdownError extends Error {
  override readonly name = 'ShootdownError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, options: { details?: ErrorDetails; cause?: unknown } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.details = options.details ?? {};
  }

  /** The process exit code that this error stands for. */
  get exitCode(): ErrorKind['exitCode'] {
    return ERROR_CODES[this.code].exitCode;
  }
}
