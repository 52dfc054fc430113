import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('../../apps/bench/dist/cli.js', import.meta.url));

const compare = (threads: string, pages: string): readonly string[] => [
  ...['compare', '--format', 'json', '--allow-unsafe', '--iterations', '10', '--threads', threads, '--pages', pages],
];

/** A comparison that meets clean and unsafe rows, several targets and more than one page. */
export const COMPARE: readonly string[] = compare('1,4', '3');
/** The same with every size of the thread's table. */
export const COMPARE_MORE: readonly string[] = compare('1,2,4', '1,3');

/** Stdout of the built command in a process of its own, under this Node (`node`) or another. */
export function stdoutOf(node: readonly string[], words: readonly string[]): string {
  if (!existsSync(entry)) throw new Error('The command is not built. Run `npm run build` first.');
  const [file, ...before] = node;
  if (file === undefined) throw new Error('No Node was named.');
  return execFileSync(file, [...before, entry, ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 26,
  });
}
