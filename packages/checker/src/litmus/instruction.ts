import { FLUSH_KINDS, type KernelCpu, type Op, type Program, Pte, ShootdownError, type Vector } from '@shootdown/core';
import { type LitmusLab, litmusError, pageOf, literal } from './lab.js';
import { record } from './registers.js';

/** Executes one instruction. What a program keeps to itself lies in `locals`. */
export type Instruction = (cpu: KernelCpu, locals: number[]) => Program | Op;

/** What instructions refer to. */
export interface InstructionContext {
  readonly lab: LitmusLab;
  /** The vector of `ipi`; undefined when the test has no interrupt. */
  readonly vector: Vector | undefined;
}

/** A number, or something to execute that answers one. */
type Source = (cpu: KernelCpu, locals: readonly number[]) => Program<number> | Op<number> | number;
type Words = readonly string[];

/**
 * Compiles one line. Everything that can be wrong with it is found now.
 *
 * @throws ShootdownError INVALID_LITMUS
 */
export function compileInstruction(line: string, context: InstructionContext): Instruction {
  const words = line.trim().split(/\s+/);
  try {
    return instruction(words, context);
  } catch (error) {
    if (!(error instanceof ShootdownError)) throw error;
    throw new ShootdownError('INVALID_LITMUS', `"${line}": ${error.message}`, { cause: error });
  }
}

function instruction(words: Words, context: InstructionContext): Instruction {
  if (words[0] === 'when') return conditional(words, context);
  if (words[1] === '=') return assignment(words, context);
  const make = ACTIONS[words[0] ?? ''];
  if (make === undefined) throw litmusError(`"${words[0] ?? ''}" is no instruction`, Object.keys(ACTIONS).join(', '));
  return make(words.slice(1), context);
}

/** `when x == 1: INSTRUCTION` */
function conditional([, name = '', relation, value = '', ...rest]: Words, context: InstructionContext): Instruction {
  if (!value.endsWith(':')) throw litmusError('a condition is not ended', 'when x == 1: fence');
  const word = context.lab.location(name);
  const expected = literal(value.slice(0, -1));
  const condition = conditionOf(relation);
  const then = instruction(rest, context);
  return function* (cpu, locals) {
    if (yield* cpu.test(word, condition, expected)) yield* then(cpu, locals);
  };
}

/** `r0 = load x`, `r0 = dirty load pte.x`, `r0 = 1`, `t0 = load x`, `r0 = t0`. Registers are recorded, locals are not. */
function assignment([target = '', , ...rest]: Words, context: InstructionContext): Instruction {
  const [, kind, number = ''] = /^([rt])([0-3])$/.exec(target) ?? [];
  if (kind === undefined) throw litmusError(`"${target}" is no register`, 'r0 to r3, or t0 to t3 for a local');
  const isDirty = rest[0] === 'dirty';
  const source = sourceOf(isDirty ? rest.slice(1) : rest, context);
  const index = Number(number);
  return function* (cpu, locals) {
    const made = source(cpu, locals);
    const value = typeof made === 'number' ? made : yield* made;
    locals[index] = isDirty ? dirtyBit(value) : value;
    if (kind === 'r') yield* record(cpu, index, locals[index] ?? 0);
  };
}

/** The D flag of an entry as 0 or 1. */
export function dirtyBit(entry: number): number {
  return (entry & Pte.dirty) === 0 ? 0 : 1;
}

function sourceOf([verb = '', first = '', second = '', third = '']: Words, { lab }: InstructionContext): Source {
  if (verb === 'load' && second === '') {
    const word = lab.location(first);
    return (cpu) => cpu.load(word);
  }
  if (verb === 'xchg' && third === '') {
    const [word, value] = [lab.location(first), literal(second)];
    return (cpu) => cpu.exchange(word, value);
  }
  if (verb === 'user' && first === 'load' && third === '') {
    const page = pageOf(second);
    return (cpu) => cpu.userLoad(page, true);
  }
  const local = /^t([0-3])$/.exec(verb)?.[1];
  if (local !== undefined) return (_cpu, locals) => locals[Number(local)] ?? 0;
  const constant = literal(verb);
  return () => constant;
}

function conditionOf(relation: string | undefined): 'equal' | 'notEqual' {
  if (relation === '==') return 'equal';
  if (relation === '!=') return 'notEqual';
  throw litmusError(`"${relation ?? ''}" is no relation`, '== or !=');
}

/** An instruction of words only, which takes no operand. */
const plain =
  (make: Instruction) =>
  (words: Words): Instruction => {
    if (words.length > 0) throw litmusError(`"${words.join(' ')}" is too much`, 'the instruction alone');
    return make;
  };

const ACTIONS: Readonly<Record<string, (words: Words, context: InstructionContext) => Instruction>> = {
  store([name = '', text = ''], { lab }) {
    const [word, value] = [lab.location(name), literal(text)];
    return (cpu) => cpu.store(word, value);
  },
  xchg([name = '', text = ''], { lab }) {
    const [word, value] = [lab.location(name), literal(text)];
    return function* (cpu) {
      yield* cpu.exchange(word, value);
    };
  },
  wait([name = '', relation, text = ''], { lab }) {
    const [word, condition, value] = [lab.location(name), conditionOf(relation), literal(text)];
    return (cpu) => cpu.waitUntil(word, condition, value);
  },
  user([verb, page = '', text = ''], _context) {
    const number = pageOf(page);
    if (verb === 'load')
      return function* (cpu) {
        yield* cpu.userLoad(number);
      };
    if (verb !== 'store') throw litmusError(`"user ${verb ?? ''}" is no access`, 'user load x or user store x 1');
    const value = literal(text);
    return (cpu) => cpu.userStore(number, value);
  },
  invlpg([page = '']) {
    const number = pageOf(page);
    return (cpu) => cpu.invlpg(number);
  },
  cr3([root = '', pcid = '', mode]) {
    const [table, tag] = [literal(root), literal(pcid)];
    if (mode !== 'keep' && mode !== 'flush') throw litmusError(`"${mode ?? ''}" is no mode`, 'cr3 2 0 keep or flush');
    return (cpu) => cpu.writeCr3(table, tag, mode === 'keep');
  },
  invlpgb([pcid = '', page = '', kind]) {
    const tag = literal(pcid);
    const [first, count] = page === 'all' ? [0, -1] : [pageOf(page), 1];
    if (kind !== undefined && kind !== 'final')
      throw litmusError(`"${kind}" is no kind`, 'invlpgb 0 x or invlpgb 0 x final');
    return (cpu) => cpu.invlpgb(tag, first, count, kind === 'final');
  },
  ipi([text = ''], { vector }) {
    if (vector === undefined) throw litmusError('the test has no interrupt', 'an "interrupt" program');
    const target = literal(text);
    return (cpu) => cpu.sendIpi(target, vector);
  },
  mark([name, detail = '']) {
    if (name === 'return') return (cpu) => cpu.markReturn();
    if (name === 'cover') {
      const page = pageOf(detail);
      return (cpu) => cpu.markCover(0, page, 1);
    }
    const kind = FLUSH_KINDS.find((each) => each === detail);
    if (name !== 'call' || kind === undefined)
      throw litmusError(`"mark ${name ?? ''}" is no mark`, 'mark cover x, mark call unmap or mark return');
    return (cpu) => cpu.markCall(kind);
  },
  free([text = '']) {
    const table = literal(text);
    return (cpu) => cpu.setTableFreed(table, true);
  },
  fence: plain((cpu) => cpu.fence()),
  tlbsync: plain((cpu) => cpu.tlbsync()),
  eoi: plain((cpu) => cpu.endOfInterrupt()),
  cli: plain((cpu) => cpu.disableInterrupts()),
  sti: plain((cpu) => cpu.enableInterrupts()),
  return: plain((cpu) => cpu.returnToUser()),
};
