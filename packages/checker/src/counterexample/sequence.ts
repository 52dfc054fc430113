import { Opcode } from '@shootdown/core';
import type { Step } from './steps.js';
import { type MoveTimes, stepTimes, timesText } from './times.js';

/** What the last step led to. */
export interface Ending {
  readonly cpu: number;
  /** `C1 exposed: …`. */
  readonly text: string;
}

export interface SequenceOptions {
  /** Every move under its step. Default: interprocessor interrupts only. */
  readonly moves?: boolean;
  /** Of every move, in order: a column of nanoseconds stands in front. Default: none. */
  readonly times?: readonly MoveTimes[];
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
  const lines = [
    { number: '', time: options.times === undefined ? '' : 'ns', text: head.trimEnd() },
    ...stepLines(steps, options),
    inColumn('✗', '', ending.cpu, ending.text),
  ];
  const width = Math.max(...lines.map(({ time }) => time.length));
  return lines.map((line) => lineText(line, width));
}

interface Line {
  readonly number: string;
  readonly time: string;
  readonly text: string;
}

/** The column of times is as wide as the longest; without times there is none. */
function lineText({ number, time, text }: Line, width: number): string {
  const column = width === 0 ? '' : `${time.padStart(width)}  `;
  return `${number.padStart(MARGIN - 2)}  ${column}${text}`;
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

function stepLines(steps: readonly Step[], { moves: all = false, times }: SequenceOptions): readonly Line[] {
  const ofSteps = times === undefined ? [] : stepTimes(steps, times);
  let first = 0;
  return steps.flatMap((step, index) => {
    const shown = step.moves.flatMap(({ move, text }, at) => {
      if (!all && !isSend(move)) return [];
      const time = times?.[first + at];
      return [inColumn('', time === undefined ? '' : timesText(time), step.cpu, `  ${text}`)];
    });
    first += step.moves.length;
    return [inColumn(String(step.number), ofSteps[index] ?? '', step.cpu, stepTitle(step)), ...shown];
  });
}

/** Text begins in its CPU's column and may run into the next ones: no two CPUs move at once. */
function inColumn(number: string, time: string, cpu: number, text: string): Line {
  return { number, time, text: `${' '.repeat(cpu * COLUMN)}${text}` };
}
