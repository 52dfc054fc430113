import { Worker } from 'node:worker_threads';
import { ShootdownError, thrownText } from '@shootdown/core';
import { errorOf } from './error-data.js';
import { type Place, Pulse } from './pulse.js';
import type { Report, ThreadData } from './serve-jobs.js';

export interface ThreadOptions<Data> {
  /** The module that calls `serveJobs`. */
  readonly entry: URL;
  readonly data: Data;
  /** How messages call what runs in the thread: a specifier. */
  readonly subject: string;
  /** Wall seconds without a sign of life after which the thread is ended. */
  readonly limitSeconds: number;
  /** Takes what the strategy writes to stderr. */
  readonly onText: (text: string) => void;
}

interface JobTaker {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly onEvent: (event: unknown) => void;
}

/** Looks at the pulse within one limit. They are counted rather than timed, so that a suspended machine ends no strategy. */
const LOOKS = 20;

/**
 * A thread for the code of a stranger, which may hang, print, throw out of line or end its process. Jobs run one at a time. A thread that was ended
 * is made anew for the next job. It keeps no process alive while it has none.
 */
export class PluginThread<Data, Job> {
  readonly #options: ThreadOptions<Data>;
  readonly #pulse: Pulse = new Pulse();
  #worker: Worker | undefined;
  /** Who waits for the present job. */
  #take: JobTaker | undefined;

  constructor(options: ThreadOptions<Data>) {
    this.#options = options;
  }

  /**
   * Runs a job.
   * @throws what the job throws; ShootdownError PLUGIN_PRINTED, PLUGIN_HANGS, PLUGIN_STOPPED for what the strategy does to its thread
   */
  async run<Result>(job: Job, onEvent: (event: unknown) => void = () => undefined): Promise<Result> {
    const worker = this.#worker ?? this.#start();
    const answer = new Promise<Result>((resolve, reject) => {
      this.#take = { resolve: resolve as (value: unknown) => void, reject, onEvent };
    });
    const watch = this.#watch(() => this.#stop(worker, this.#hangs()));
    worker.postMessage(job);
    try {
      return await answer;
    } finally {
      clearInterval(watch);
      this.#take = undefined;
    }
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #start(): Worker {
    const { entry, data, subject } = this.#options;
    this.#pulse.isReady = false;
    const workerData: ThreadData<Data> = { data, subject, pulse: this.#pulse.memory };
    const worker = new Worker(entry, { workerData, stdout: true, stderr: true });
    worker.on('message', (report: Report) => this.#receive(report));
    worker.on('error', (error) => this.#stop(worker, this.#stopped(`threw outside its hooks: ${thrownText(error)}`)));
    worker.on('exit', () => this.#stop(worker, this.#stopped('ended its thread, with process.exit for example')));
    worker.unref();
    this.#worker = worker;
    return worker;
  }

  #receive(report: Report): void {
    if (report.kind === 'text') this.#options.onText(report.text);
    else if (report.kind === 'event') this.#take?.onEvent(report.event);
    else if (report.kind === 'value') this.#take?.resolve(report.value);
    else this.#take?.reject(errorOf(report.error));
  }

  /** Ends a thread that is good for nothing any more, and the job that it had. */
  #stop(worker: Worker, error: Error): void {
    if (worker !== this.#worker) return;
    this.#take?.reject(error);
    void this.close();
  }

  /** Calls `onStill` when the pulse has stood still for the limit. */
  #watch(onStill: () => void): NodeJS.Timeout {
    let last = this.#pulse.read().beats;
    let still = 0;
    return setInterval(
      () => {
        const { beats, isResting } = this.#pulse.read();
        still = beats === last && !isResting ? still + 1 : 0;
        last = beats;
        if (still >= LOOKS) onStill();
      },
      (this.#options.limitSeconds * 1000) / LOOKS,
    );
  }

  #hangs(): ShootdownError {
    const { subject, limitSeconds } = this.#options;
    const { place } = this.#pulse;
    return new ShootdownError(
      'PLUGIN_HANGS',
      `${subject} neither yielded nor returned within ${limitSeconds} s; the code that began last is ${place}. ${cureOfHanging(place)}; --plugin-seconds raises the limit.`,
      { details: { strategy: subject, hook: place } },
    );
  }

  #stopped(what: string): Error {
    const { subject, entry } = this.#options;
    if (!this.#pulse.isReady) return new Error(`The thread of ${entry.href} does not start: it ${what}`);
    const { place } = this.#pulse;
    const text = `${subject} ${what}; the code that began last is ${place}. A strategy computes and yields, and does nothing else.`;
    return new ShootdownError('PLUGIN_STOPPED', text, { details: { strategy: subject, hook: place } });
  }
}

/** What is right instead, as a sentence without its end. Of the import the compilation of the options schema is a part. */
function cureOfHanging(place: Place): string {
  if (place === 'import')
    return 'What a module does when it is imported has to end, and so have the patterns of its options schema';
  return place === 'create' ? 'create() has to return' : 'A loop needs a yield* in it';
}
