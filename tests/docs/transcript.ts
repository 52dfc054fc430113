import { builtInStrategies } from 'shootdown';
import { commandLine } from '../kit/command-line.js';
import { code, pathOf } from './page.js';

/** A command as a page shows it, for a reader in a folder of the repository. */
export interface Shown {
  /** The words behind `npx shootdown`, as a shell has them. */
  readonly command: string;
  /** The folder in which it runs. */
  readonly folder: string;
  /** The exit code that the page speaks of. */
  readonly exitCode: number;
  /** Which blocks of the output are shown, apart by empty lines; the others are left out with `…`. Default: all. */
  readonly isShown?: (block: string, index: number) => boolean;
}

/**
 * The command and what it prints, as a block of a page.
 *
 * @throws Error when it does not end as the page says
 */
export async function transcript({ command, folder, exitCode, isShown = () => true }: Shown): Promise<string> {
  const result = await commandLine(wordsOf(command), builtInStrategies, pathOf(folder));
  if (result.exitCode !== exitCode) throw new Error(`${command} ended with ${result.exitCode}: ${result.stderr}`);
  const blocks = result.stdout.trimEnd().split('\n\n');
  const shown = blocks.map((block, index) => (isShown(block, index) ? block : '…'));
  const body = shown.filter((block, index) => block !== '…' || shown[index - 1] !== '…').join('\n\n');
  return code('console', [`$ npx shootdown ${command}`, body, result.stderr].filter((text) => text !== '').join('\n'));
}

/** Words of a command line; single quotes hold one together. */
const wordsOf = (command: string): string[] =>
  [...command.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll("'", ''));
