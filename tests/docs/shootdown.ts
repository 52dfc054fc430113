import { Writable } from 'node:stream';
import { builtInStrategies, makeLaboratory, runCli, runComparison } from 'shootdown';

/** What a command prints to a file: no colours, a fixed width. Throws when it does not end with 0. */
export async function shootdown(...words: string[]): Promise<string> {
  const out: string[] = [];
  const err: string[] = [];
  const laboratory = makeLaboratory(builtInStrategies.strategies, runComparison);
  const code = await runCli(words, { stdout: sink(out), stderr: sink(err), environment: {} }, laboratory);
  if (code !== 0) throw new Error(`shootdown ${words.join(' ')} ended with ${code}: ${err.join('')}`);
  return out.join('');
}

function sink(text: string[]): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      text.push(String(chunk));
      done();
    },
  });
}
