import { createTwoFilesPatch } from 'diff';
import { code, pathOf, read } from './page.js';
import { transcript } from './transcript.js';

/** The page that these blocks belong to. */
export const FIRST_STRATEGY = 'docs/write-your-first-strategy.md';

/** States of the strategy, in the order of the page. Each is a folder with a file early-ack.ts. */
type Step = 'alone' | 'hasty' | 'half-guarded' | 'guarded';

const folderOf = (step: Step): string => `tests/docs/first-strategy/${step}`;
const sourceOf = (step: Step): string => read(`${folderOf(step)}/early-ack.ts`);

/** The absolute folder of the finished strategy. */
export const finished: string = pathOf(folderOf('guarded'));
/** Makes a package of it, in its folder. */
export const PACK_COMMANDS = ['npx tsc early-ack.ts --target es2022 --module nodenext --strict', 'npm pack'] as const;

/** Listings, and the differences from one to the next. */
export function listings(): Readonly<Record<string, string>> {
  return {
    alone: code('ts', sourceOf('alone')),
    hasty: code('ts', sourceOf('hasty')),
    'repair tables': difference('hasty', 'half-guarded'),
    'repair guard': difference('half-guarded', 'guarded'),
    test: code('ts', read(`${folderOf('guarded')}/early-ack.full.test.ts`)),
    package: code('json', read(`${folderOf('guarded')}/package.json`)),
    'pack commands': code('sh', PACK_COMMANDS.join('\n')),
  };
}

function difference(from: Step, to: Step): string {
  const patch = createTwoFilesPatch('early-ack.ts', 'early-ack.ts', sourceOf(from), sourceOf(to), '', '', {
    context: 1,
  });
  return code('diff', patch.slice(patch.indexOf('@@')));
}

const COMPARE = '--threads 4 --iterations 50';
const isTable = (block: string): boolean => /^(?:madvise|UNSAFE|.*: no violation seen)/.test(block);
/** Table and counterexample; the claim stands on the page about the checker. */
const isFound = (block: string): boolean => !/, version \d/.test(block);

/** What the first commands print: they take little. */
export async function firstOutputs(): Promise<Readonly<Record<string, string>>> {
  return {
    'compare alone': await transcript({
      command: `compare --strategy sync,./early-ack.ts ${COMPARE} --allow-unsafe`,
      folder: folderOf('alone'),
      exitCode: 0,
      isShown: isTable,
    }),
    'check hasty': await transcript({
      command: 'check --strategy ./early-ack.ts --scenario unmap,free-table',
      folder: folderOf('hasty'),
      exitCode: 4,
      isShown: isFound,
    }),
  };
}

/** What the others print. */
export async function longOutputs(): Promise<Readonly<Record<string, string>>> {
  return {
    'compare hasty': await transcript({
      command: `compare --strategy sync,./early-ack.ts ${COMPARE}`,
      folder: folderOf('hasty'),
      exitCode: 0,
      isShown: isTable,
    }),
    'conform half-guarded': await transcript({
      command: 'conform ./early-ack.ts',
      folder: folderOf('half-guarded'),
      exitCode: 4,
      isShown: (_, index) => index > 0,
    }),
    'check half-guarded': await transcript({
      command: 'check --strategy ./early-ack.ts --scenario reclaim --nmis 1 --walker demand',
      folder: folderOf('half-guarded'),
      exitCode: 4,
      isShown: isFound,
    }),
    'conform guarded': await transcript({
      command: 'conform ./early-ack.ts',
      folder: folderOf('guarded'),
      exitCode: 0,
      isShown: (_, index) => index > 0,
    }),
    'compare guarded': await transcript({
      command: `compare --strategy sync,async-inline,./early-ack.ts --strategy './early-ack.ts{"ack":"late"}' ${COMPARE}`,
      folder: folderOf('guarded'),
      exitCode: 0,
      isShown: (block) => isTable(block) || block.startsWith('Phases'),
    }),
  };
}
