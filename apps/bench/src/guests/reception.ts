import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ShootdownError } from '@shootdown/core';
import { configDirectory, isInstalled, isPackageName, isPath, resolveModule, suggestion } from '@shootdown/host';
import { isStrategyFault } from '../comparison/cell-error.js';
import type { RequestedStrategy } from '../comparison-request.js';
import type { Context } from '../context.js';
import type { Configuration } from './configuration.js';
import type { GuestSource } from './guest-jobs.js';
import type { Guests, GuestStrategy } from './guests.js';
import { laboratoryWith } from './laboratory-with.js';
import { bodiless, refusedStrategy } from './refused-strategy.js';
import { ThreadRunner, type ThreadTerms } from './thread-runner.js';

/** The laboratory with the guests that a command asked for. */
export interface Admitted {
  readonly context: Context;
  readonly guests: Guests;
  /** The strategies asked for, under their own names. */
  readonly strategies: readonly RequestedStrategy[];
}

/**
 * Meets the strategies that a command names and the laboratory does not have: by path, by a name of the configuration, by package, in this order. A name of the
 * laboratory is never looked up. A strategy that cannot be loaded is met as one whose rows fail.
 */
export class Reception {
  /** The laboratory without guests. */
  readonly context: Context;
  readonly #directory: string;
  readonly #configuration: Configuration | undefined;
  readonly #terms: ThreadTerms;
  /** By where they came from. */
  readonly #met = new Map<string, GuestStrategy>();
  readonly #threads: ThreadRunner[] = [];
  #configured: Promise<readonly GuestStrategy[]> | undefined;

  constructor(context: Context, directory: string, configuration: Configuration | undefined, terms: ThreadTerms) {
    this.context = context;
    this.#directory = directory;
    this.#configuration = configuration;
    this.#terms = terms;
  }

  /** @throws ShootdownError UNKNOWN_STRATEGY */
  async admit(requested: readonly RequestedStrategy[]): Promise<Admitted> {
    const own = this.#ownNames();
    const names = new Map<string, string>();
    const strategies: GuestStrategy[] = [];
    for (const { name } of requested) {
      if (own.includes(name) || names.has(name)) continue;
      const guest = await this.#meet(name);
      names.set(name, guest.strategy.name);
      if (!strategies.includes(guest)) strategies.push(guest);
    }
    const renamed = requested.map((each) => ({ ...each, name: names.get(each.name) ?? each.name }));
    return this.#admitted(strategies, renamed);
  }

  /** Everything that the configuration names. */
  async admitAll(): Promise<Admitted> {
    return this.#admitted(await this.#configuredStrategies(), []);
  }

  /**
   * A thread for a strategy that is not to be met before: by path or package; undefined for one of the laboratory's own.
   *
   * @throws ShootdownError UNKNOWN_STRATEGY
   */
  thread(specifier: string): ThreadRunner | undefined {
    if (this.#ownNames().includes(specifier)) return undefined;
    if (!isPath(specifier) && !this.#isPackage(specifier)) throw this.#unknown(specifier, []);
    const source: GuestSource = { kind: 'module', specifier, directory: this.#directory };
    const thread = new ThreadRunner(source, specifier, this.#terms);
    this.#threads.push(thread);
    return thread;
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }

  #admitted(strategies: readonly GuestStrategy[], requested: readonly RequestedStrategy[]): Admitted {
    const { machines = [], scenarios = [] } = this.#configuration ?? {};
    const guests = { strategies, machines, scenarios };
    const laboratory = laboratoryWith(this.context.laboratory, guests);
    return { context: { ...this.context, laboratory }, guests, strategies: requested };
  }

  async #meet(name: string): Promise<GuestStrategy> {
    const asked: GuestSource = { kind: 'module', specifier: name, directory: this.#directory };
    if (isPath(name)) return this.#introduce(name, asked);
    const configured = await this.#configuredStrategies();
    const found = configured.find(({ strategy }) => strategy.name === name);
    if (found !== undefined) return found;
    if (!this.#isPackage(name)) throw this.#unknown(name, configured);
    return this.#introduce(name, asked);
  }

  /** A name without a slash is more often misspelt than a package that is missing. */
  #isPackage(name: string): boolean {
    if (!isPackageName(name)) return false;
    if (name.includes('/')) return true;
    try {
      resolveModule(name, this.#directory);
      return true;
    } catch (error) {
      // A package that is there and cannot be used is no misspelt name.
      if (error instanceof ShootdownError) return isInstalled(name, this.#directory);
      throw error;
    }
  }

  #configuredStrategies(): Promise<readonly GuestStrategy[]> {
    this.#configured ??= this.#meetConfigured();
    return this.#configured;
  }

  async #meetConfigured(): Promise<readonly GuestStrategy[]> {
    if (this.#configuration === undefined) return [];
    const { file, strategies } = this.#configuration;
    const folder = configDirectory(file, this.#directory);
    const guests: GuestStrategy[] = [];
    for (const [index, specifier] of strategies.entries()) {
      const source: GuestSource =
        specifier === null
          ? { kind: 'configured', file, directory: this.#directory, index }
          : { kind: 'module', specifier, directory: folder };
      guests.push(await this.#introduce(specifier ?? `strategies[${index}] of ${file}`, source));
    }
    return guests;
  }

  /** Learns who a guest is, in a thread of its own. */
  async #introduce(subject: string, source: GuestSource): Promise<GuestStrategy> {
    const thread = new ThreadRunner(source, subject, this.#terms);
    this.#threads.push(thread);
    try {
      const { manifest, origin, package: owner } = await thread.describe();
      const known = this.#met.get(origin);
      if (known !== undefined) return known;
      this.#refuseTaken(manifest.name, subject);
      const guest = {
        strategy: bodiless(manifest),
        runner: thread,
        ...(owner === undefined ? {} : { package: owner }),
      };
      this.#met.set(origin, guest);
      return guest;
    } catch (error) {
      if (!isStrategyFault(error)) throw error;
      return refusedStrategy(subject, error);
    }
  }

  /** @throws ShootdownError DUPLICATE_NAME */
  #refuseTaken(name: string, subject: string): void {
    const isOwn = this.#ownNames().includes(name);
    if (!isOwn && ![...this.#met.values()].some(({ strategy }) => strategy.name === name)) return;
    const whose = isOwn ? 'a strategy of the laboratory' : 'another strategy that is loaded';
    throw new ShootdownError(
      'DUPLICATE_NAME',
      `${subject} is named '${name}', which is the name of ${whose} and stays with it. Rename it in its manifest.`,
      { details: { strategy: subject, name } },
    );
  }

  #ownNames(): readonly string[] {
    return this.context.laboratory.list('strategy').map(({ name }) => name);
  }

  #unknown(name: string, configured: readonly GuestStrategy[]): ShootdownError {
    const known = configured.filter(({ refusal }) => refusal === undefined).map(({ strategy }) => strategy.name);
    const refused = configured.flatMap(({ strategy, refusal }) =>
      refusal === undefined ? [] : [`${strategy.name} (${refusal.code})`],
    );
    const more = refused.length === 0 ? '' : ` Not loaded: ${refused.join(', ')}.`;
    const all = [...this.#ownNames(), ...known];
    const nearest = existsSync(join(this.#directory, name))
      ? ` For the file of this name write ./${name}.`
      : suggestion(name, all);
    const text = `No strategy is named "${name}", and no such package is installed here.${nearest}${more}`;
    return new ShootdownError('UNKNOWN_STRATEGY', text, { details: { name, known: all } });
  }
}
