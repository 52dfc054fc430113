import { type Shown, transcript } from './transcript.js';

/** The page that these blocks belong to. */
export const CHECKER_PAGE = 'docs/what-the-checker-tells-you.md';

const isClaim = (block: string): boolean => /, version \d/.test(block);

const QUICK: Readonly<Record<string, Shown>> = {
  clean: { command: 'check --strategy sync --scenario reclaim', folder: 'tests/docs', exitCode: 0 },
  counterexample: {
    command: 'check --strategy ./early-ack.ts --scenario free-table',
    folder: 'tests/docs/first-strategy/hasty',
    exitCode: 4,
    isShown: (block) => !isClaim(block),
  },
  'in time': { command: 'replay Z1', folder: 'tests/docs', exitCode: 0 },
  inconclusive: {
    command: 'check --strategy ./early-ack.ts --scenario reclaim --max-states 1000',
    folder: 'tests/docs/first-strategy/guarded',
    exitCode: 0,
    isShown: (block) => !isClaim(block),
  },
  vacuous: { command: 'check --strategy sync --scenario reclaim --cpus 1', folder: 'tests/docs', exitCode: 2 },
};

const LONG: Readonly<Record<string, Shown>> = {
  deferred: {
    command: 'check --strategy ./deferring.ts --scenario unmap,protect --walker demand',
    folder: 'tests/docs/checker',
    exitCode: 4,
    isShown: (_, index) => index === 0,
  },
  /** With one of the counterexamples. */
  explain: {
    command: 'explain ./early-ack.ts --scenario reclaim --targets user --memory sc',
    folder: 'tests/docs/first-strategy/guarded',
    exitCode: 0,
    isShown: (block) => !/^(?:kprobe|deviceLoad):/.test(block) && !isClaim(block),
  },
};

/** What commands print that take little. */
export const quickOutputs = (): Promise<Readonly<Record<string, string>>> => outputs(QUICK);

/** What the others print. */
export const longOutputs = (): Promise<Readonly<Record<string, string>>> => outputs(LONG);

async function outputs(shown: Readonly<Record<string, Shown>>): Promise<Readonly<Record<string, string>>> {
  const blocks: Record<string, string> = {};
  for (const [name, each] of Object.entries(shown)) blocks[name] = await transcript(each);
  return blocks;
}
