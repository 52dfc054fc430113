import { PassThrough } from 'node:stream';
import type { Registry } from '@shootdown/host';
import { builtInStrategies, makeLaboratory, makeRunComparison, runCli } from 'shootdown';

/** What a command line did. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `shootdown` in this process, into pipes, with an empty environment and these strategies. */
export async function commandLine(
  words: readonly string[],
  registry: Registry = builtInStrategies,
): Promise<CommandResult> {
  const [stdout, stderr] = [collector(), collector()];
  const laboratory = makeLaboratory(registry.strategies, makeRunComparison(registry));
  const exitCode = await runCli(words, { stdout: stdout.stream, stderr: stderr.stream, environment: {} }, laboratory);
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
}

function collector(): { stream: PassThrough; text: () => string } {
  const chunks: Buffer[] = [];
  const stream = new PassThrough();
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
}
