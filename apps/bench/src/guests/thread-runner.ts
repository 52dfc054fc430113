import { type Cell, canonicalJson, type JsonObject } from '@shootdown/reporter';
import { ShootdownError } from '@shootdown/core';
import { failedRow, interruptedRow } from '../check/check-row.js';
import type { CellRun } from '../check/cell-run.js';
import type { CheckProgress, CheckRequest } from '../check/check-request.js';
import type { PlannedCell } from '../check/plan-cells.js';
import type { CellPlan } from '../comparison/cell.js';
import { isStrategyFault } from '../comparison/cell-error.js';
import { failedCell } from '../comparison/run-cell.js';
import type { ConformObserver, ConformRequest } from '../conform/conform-request.js';
import type { ExplainDocument } from '../explain/explain-document.js';
import type { ExplainRequest, ExplainRun } from '../explain/explain-request.js';
import { PluginThread } from '../sandbox/plugin-thread.js';
import { GUEST_THREAD } from '../guest-thread-url.js';
import type { ConfigData, Described, GuestEvent, GuestJob, GuestSource } from './guest-jobs.js';
import type { GuestRunner } from './guests.js';

/** What a thread is started with besides its source. */
export interface ThreadTerms {
  readonly limitSeconds: number;
  /** Takes what guests write to stderr. */
  readonly onText: (text: string) => void;
}

/** Codes after which the same options are not tried again: each try would cost the wall limit. */
const GIVEN_UP: readonly string[] = ['PLUGIN_HANGS', 'PLUGIN_STOPPED'];

/** Runs a guest's strategy in a thread of its own. */
export class ThreadRunner implements GuestRunner {
  readonly #thread: PluginThread<GuestSource, GuestJob>;
  /** Why options have been given up, by the options. */
  readonly #givenUp = new Map<string, ShootdownError>();

  constructor(source: GuestSource, subject: string, terms: ThreadTerms) {
    this.#thread = new PluginThread({ entry: GUEST_THREAD, data: source, subject, ...terms });
  }

  config(): Promise<ConfigData> {
    return this.#thread.run({ kind: 'config' });
  }

  describe(): Promise<Described> {
    return this.#thread.run({ kind: 'describe' });
  }

  close(): Promise<void> {
    return this.#thread.close();
  }

  readonly runCell = async ({ plugin: _plugin, ...plan }: CellPlan): Promise<Cell> => {
    try {
      return await this.#tried(plan.options, { kind: 'cell', plan });
    } catch (error) {
      if (!isStrategyFault(error)) throw error;
      return failedCell(plan, error);
    }
  };

  readonly startCell = (cell: PlannedCell, request: CheckRequest): CellRun => {
    let progress = { states: 0, transitions: 0 };
    const { strategy: _strategy, ...rest } = cell;
    const { guests: _guests, ...asked } = request;
    return {
      toEnd: async (report) => {
        const take = (event: unknown): void => {
          const news = event as GuestEvent;
          if (news.kind !== 'progress') return;
          progress = news.progress;
          report(news.progress);
        };
        try {
          return await this.#tried(cell.options, { kind: 'check', cell: rest, request: asked }, take);
        } catch (error) {
          if (!isStrategyFault(error)) throw error;
          return failedRow(cell, request, error);
        }
      },
      row: () => interruptedRow(cell, request, progress),
    };
  };

  readonly runExplain = (
    { guests: _guests, ...request }: ExplainRequest,
    onProgress: (progress: CheckProgress) => void,
  ): ExplainRun => {
    let soFar: ExplainDocument | undefined;
    const take = (event: unknown): void => {
      const news = event as GuestEvent;
      if (news.kind !== 'explaining') return;
      soFar = news.soFar ?? soFar;
      onProgress(news.progress);
    };
    return { finished: this.#thread.run({ kind: 'explain', request }, take), soFar: () => soFar };
  };

  /** Runs conformance cases. Throws what the strategy does to its thread. */
  conform(request: ConformRequest, observer: ConformObserver): Promise<void> {
    return this.#thread.run({ kind: 'conform', request }, (event) => {
      const news = event as GuestEvent;
      if (news.kind === 'case') observer.begins(news.begun);
      if (news.kind === 'outcome') observer.ended(news.outcome);
    });
  }

  readonly replay: GuestRunner['replay'] = (content, place, profile) =>
    this.#thread.run({ kind: 'replay', content, place, profile });

  async #tried<Result>(options: JsonObject, job: GuestJob, onEvent?: (event: unknown) => void): Promise<Result> {
    const key = canonicalJson(options);
    const known = this.#givenUp.get(key);
    if (known !== undefined) throw known;
    try {
      return await this.#thread.run<Result>(job, onEvent);
    } catch (error) {
      if (error instanceof ShootdownError && GIVEN_UP.includes(error.code)) this.#givenUp.set(key, error);
      throw error;
    }
  }
}
