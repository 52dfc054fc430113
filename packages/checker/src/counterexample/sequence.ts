import { Opcode } from '@shootdown/core';
import type { Step } from './steps.js';

/** What the last step led to. */
export interface Ending {
  readonly cpu: number;
  /** `C1 exposed: …`. */
  readonly text: string;
}

export interface SequenceOptions {
  /** Every move under its step. Default: interprocessor interrupts only. */
  readonly moves?: boolean;
}

/** Characters of one CPU's column. */
const COLUMN = 38;
const MARGIN = 4;

/** Steps as lines of text, a column per CPU, time downwards. */
export function sequenceText(
  steps: readonly Step[],
  cpus: number,
  ending: Ending,
  options: SequenceOptions = {},
): readonly string[] {
  const head = Array.from({ length: cpus }, (_, cpu) => `CPU ${cpu}`.padEnd(COLUMN)).join('');
  const last = inColumn('✗', ending.cpu, ending.text);
  return [
    `${' '.repeat(MARGIN)}${head}`.trimEnd(),
    ...steps.flatMap((step) => stepLines(step, options.moves === true)),
    last,
  ];
}

/** `flush (inc_mm_tlb_gen, queue_call): 37 moves`. */
export function stepTitle({ span, inner, moves }: Step): string {
  const called = inner.length === 0 ? '' : ` (${inner.join(', ')})`;
  return `${span}${called}: ${moves.length} ${moves.length === 1 ? 'move' : 'moves'}`;
}

/** An interprocessor interrupt as it is sent. */
export function isSend(move: number): boolean {
  return move === Opcode.sendIpi || move === Opcode.sendIpiMask;
}

function stepLines(step: Step, all: boolean): readonly string[] {
  const shown = step.moves.filter(({ move }) => all || isSend(move));
  return [
    inColumn(String(step.number), step.cpu, stepTitle(step)),
    ...shown.map(({ text }) => inColumn('', step.cpu, `  ${text}`)),
  ];
}

/** Text begins in its CPU's column and may run into the next ones: no two CPUs move at once. */
function inColumn(number: string, cpu: number, text: string): string {
  return `${number.padStart(MARGIN - 2)}  ${' '.repeat(cpu * COLUMN)}${text}`;
}
