import { startCell } from '@shootdown/checker';
import { checkStrategy, createRegistry, loadConfig, loadStrategy, type Registry } from '@shootdown/host';
import type { Strategy } from '@shootdown/plugin';
import { manifestData } from '../catalogue/strategy-detail.js';
import { LocalCellRun } from '../check/cell-run.js';
import { makeReplay } from '../replay/replay-counterexample.js';
import { CONFIGURABLE } from '../commands/configurable.js';
import { runCell } from '../comparison/run-cell.js';
import type { ConformObserver, ConformRequest } from '../conform/conform-request.js';
import { runCases } from '../conform/run-cases.js';
import type { ExplainDocument } from '../explain/explain-document.js';
import type { ExplainRequest } from '../explain/explain-request.js';
import { makeRunExplain } from '../explain/run-explain.js';
import type { JobServices, Server } from '../sandbox/serve-jobs.js';
import { watchedStrategy } from '../sandbox/watched-strategy.js';
import type { ConfigData, Described, GuestEvent, GuestJob, GuestSource } from './guest-jobs.js';

/** The side of a guest's thread: the code of the laboratory that would run the strategy in its own thread, and the strategy. */
export const guestServer: Server<GuestSource, GuestJob> = (source, services) => {
  let loaded: Promise<Loaded> | undefined;
  const strategy = (): Promise<Loaded> => (loaded ??= load(source, services));
  return async (job) => {
    if (job.kind === 'config') return configData(source, services);
    if (job.kind === 'conform') return conform(source, job.request, services);
    const { described, registry, plugin } = await strategy();
    if (job.kind === 'describe') return described;
    if (job.kind === 'cell') return runCell({ ...job.plan, plugin });
    if (job.kind === 'explain') return explain(job.request, registry, services);
    if (job.kind === 'replay') return makeReplay(registry)(job.content, job.place, job.profile);
    const run = new LocalCellRun({ ...job.cell, strategy: plugin }, job.request, startWatched(services));
    return run.toEnd((progress) => send(services, { kind: 'progress', progress }));
  };
};

interface Loaded {
  readonly described: Described;
  /** Checked, guarded and watched. */
  readonly plugin: Strategy;
  readonly registry: Registry;
}

async function load(source: GuestSource, { pulse }: JobServices): Promise<Loaded> {
  pulse.enter('import');
  const { strategy, url, package: owner } = await found(source);
  pulse.beat();
  const plugin = watchedStrategy(createRegistry([strategy]).find(strategy.name), pulse);
  const manifest = manifestData(strategy) as object as Described['manifest'];
  const described = { manifest, origin: url, ...(owner === undefined ? {} : { package: owner }) };
  return { described, plugin, registry: { strategies: [plugin], find: () => plugin } };
}

async function found(source: GuestSource): Promise<Omit<Awaited<ReturnType<typeof loadStrategy>>, 'specifier'>> {
  if (source.kind === 'module') return loadStrategy(source.specifier, source.directory);
  const { file, directory } = source;
  const { strategies } = await loadConfig(file, directory, CONFIGURABLE);
  const index = source.kind === 'configured' ? source.index : 0;
  const place = `strategies[${index}] of ${file}`;
  return { strategy: checkStrategy(strategies[index], place), url: place };
}

async function configData({ kind, ...source }: GuestSource, { pulse }: JobServices): Promise<ConfigData | undefined> {
  if (!('file' in source)) return undefined;
  pulse.enter('import');
  const { strategies, machines, scenarios, defaults } = await loadConfig(source.file, source.directory, CONFIGURABLE);
  const places = strategies.map((each) => (typeof each === 'string' ? each : null));
  return { strategies: places, machines, scenarios, defaults };
}

/** The end of an exploration is work of the laboratory alone and may take long. */
function startWatched({ pulse }: JobServices): typeof startCell {
  return (cell, memory, options) => startCell(cell, memory, { ...options, conclude: (work) => pulse.resting(work) });
}

async function explain(request: ExplainRequest, registry: Registry, services: JobServices): Promise<ExplainDocument> {
  let told = 0;
  const run = makeRunExplain(registry, startWatched(services))(request, (progress) => {
    const isNews = progress.cellsDone !== told;
    told = progress.cellsDone;
    send(services, { kind: 'explaining', progress, soFar: isNews ? run.soFar() : undefined });
  });
  return run.finished;
}

/** The cases judge what the module exports, so nothing is checked before. */
async function conform(source: GuestSource, request: ConformRequest, services: JobServices): Promise<void> {
  services.pulse.enter('import');
  const { strategy } = await found(source);
  const { pulse } = services;
  const observer: ConformObserver = {
    begins: (begun) => send(services, { kind: 'case', begun }),
    ended: (outcome) => send(services, { kind: 'outcome', outcome }),
  };
  return runCases(watchedStrategy(strategy, pulse), request, observer, {
    onPortion: () => pulse.beat(),
    conclude: (work) => pulse.resting(work),
  });
}

function send({ pulse, sendEvent }: JobServices, event: GuestEvent): void {
  pulse.beat();
  sendEvent(event);
}
