import type { ComparisonRequest } from '../comparison-request.js';
import { strategyText } from './strategies.js';

/** The command that repeats a request in a shell, defaults spelt out. The same request gives the same text. */
export function commandLineOf(request: Omit<ComparisonRequest, 'commandLine'>): string {
  const words = [
    ...['shootdown', 'compare', '--machine', request.machine, '--scenario', request.scenario],
    ...request.strategies.flatMap((strategy) => ['--strategy', strategyText(strategy)]),
    ...['--threads', request.threads.join(',')],
    ...(request.pages === undefined ? [] : ['--pages', request.pages.join(',')]),
    ...(request.iterations === undefined ? [] : ['--iterations', String(request.iterations)]),
    ...['--seed', String(request.seed)],
  ];
  return shellText(words);
}

/** Words as a shell reads them. */
export function shellText(words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}

function shellWord(word: string): string {
  return /^[\w,.:/@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
