import { createRegistry } from '@shootdown/host';
import { builtInStrategies, makeLaboratory, makeRunComparison, runCli } from 'shootdown';
import strategy from './one-by-one.js';

const registry = createRegistry([...builtInStrategies.strategies, strategy]);
const laboratory = makeLaboratory(registry.strategies, makeRunComparison(registry));

/** The command line with one more strategy. Returns the exit code. */
export const shootdown = (...words: string[]): Promise<number> =>
  runCli(words, { stdout: process.stdout, stderr: process.stderr, environment: process.env }, laboratory);

await shootdown('compare', '--strategy', 'sync,one-by-one', '--threads', '4', '--iterations', '200');
