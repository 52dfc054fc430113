import { setImmediate } from 'node:timers/promises';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { ShootdownError } from '@shootdown/core';
import { type ErrorData, errorData } from './error-data.js';
import { Pulse } from './pulse.js';

/** What a thread tells the one that made it. Of a job come any number of events and texts, then its value or its error. */
export type Report =
  | { readonly kind: 'event'; readonly event: unknown }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'error'; readonly error: ErrorData };

/** What a thread is made with. */
export interface ThreadData<Data> {
  readonly data: Data;
  /** How messages call what runs in the thread: a specifier. */
  readonly subject: string;
  readonly pulse: SharedArrayBuffer;
}

/** What a job may do besides answering. */
export interface JobServices {
  readonly pulse: Pulse;
  readonly sendEvent: (event: unknown) => void;
}

/** Makes what a thread runs its jobs with, once, before the first job. */
export type Server<Data, Job> = (data: Data, services: JobServices) => (job: Job) => Promise<unknown>;

/** Serves the jobs of a `PluginThread`, one after the other. To be called once, by the module that the thread executes. */
export function serveJobs<Data, Job>(makeServer: Server<Data, Job>): void {
  if (isMainThread || parentPort === null)
    throw new ShootdownError('INTERNAL', 'serveJobs was called in the main thread.');
  const port = parentPort;
  const { data, subject, pulse: memory } = workerData as ThreadData<Data>;
  const report = (each: Report): void => port.postMessage(each);
  const pulse = new Pulse(memory);
  const printed = divertStreams(report);
  const serve = makeServer(data, { pulse, sendEvent: (event) => report({ kind: 'event', event }) });
  port.on('message', async (job: Job) => {
    try {
      const value = await serve(job);
      // What the strategy threw outside its hooks, such as a rejected promise, ends the thread here.
      await setImmediate();
      refusePrinting(subject, printed);
      report({ kind: 'value', value });
    } catch (error) {
      report({ kind: 'error', error: errorData(error) });
    }
  });
  pulse.isReady = true;
}

/** Stdout belongs to the result: what is written there is kept, for the error. Stderr is handed on in order with everything else. */
function divertStreams(report: (each: Report) => void): string[] {
  const printed: string[] = [];
  process.stdout.write = diverted((text) => printed.push(text));
  process.stderr.write = diverted((text) => report({ kind: 'text', text }));
  return printed;
}

function diverted(take: (text: string) => void): typeof process.stdout.write {
  return (chunk: Uint8Array | string, ...rest: unknown[]) => {
    take(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'));
    const done = rest.find((each) => typeof each === 'function');
    if (done !== undefined) queueMicrotask(done as () => void);
    return true;
  };
}

/** Characters of what was printed that the message quotes. */
const QUOTED = 60;

function refusePrinting(subject: string, printed: string[]): void {
  if (printed.length === 0) return;
  const [line = ''] = printed.join('').split('\n');
  printed.length = 0;
  const quoted = line.length > QUOTED ? `${line.slice(0, QUOTED)}…` : line;
  throw new ShootdownError(
    'PLUGIN_PRINTED',
    `${subject} wrote to stdout, which belongs to the result: ${JSON.stringify(quoted)}. Take the console.log out, or use console.error.`,
    { details: { strategy: subject } },
  );
}
