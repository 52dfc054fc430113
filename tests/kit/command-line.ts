import { PassThrough } from 'node:stream';
import type { Registry } from '@shootdown/host';
import { builtInStrategies, makeChecks, makeLaboratory, makeRunComparison, runCli } from 'shootdown';

/** What a command line did. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `shootdown` in this process, into pipes, with an empty environment and these strategies, for somebody in `directory`. */
export async function commandLine(
  words: readonly string[],
  registry: Registry = builtInStrategies,
  directory: string = process.cwd(),
): Promise<CommandResult> {
  const [stdout, stderr] = [collector(), collector()];
  const laboratory = makeLaboratory(registry.strategies, makeRunComparison(registry), makeChecks(registry));
  const streams = { stdout: stdout.stream, stderr: stderr.stream };
  const exitCode = await runCli(words, { ...streams, environment: {}, directory }, laboratory);
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
}

function collector(): { stream: PassThrough; text: () => string } {
  const chunks: Buffer[] = [];
  const stream = new PassThrough();
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
}
