import type { Exploration, TraceStep } from '@shootdown/checker';

/**
 * The shortest way to the first use of a stale translation: the moves of CPU 1, and of CPU 0 the clearing of the page-table
 * entry, the marks of the flush and its ICR write.
 */
export function useOfStaleEntry({ violations }: Exploration): string {
  const used = violations.find(({ contract, form }) => contract === 'C1' && form === 'used');
  if (used === undefined) throw new Error('The exploration found no use of a stale translation.');
  const lines = used.trace.map((step, index) => ({ step, number: index + 1 }));
  const shown = lines.filter(({ step }) => step.cpu === 1 || isLandmark(step));
  return [...shown.map(({ step, number }) => lineOf(step, number)), `C1 used: ${used.text}`].join('\n');
}

const isLandmark = ({ text }: TraceStep): boolean => /^(?:xchg table|mark (?:call|return)|icr)/.test(text);

const lineOf = ({ cpu, programs, text }: TraceStep, number: number): string =>
  `${String(number).padStart(4)}  CPU ${cpu}  ${(programs.at(-1) ?? 'hardware').padEnd(16)} ${text}`;
