import { type MachineProfile, machineProfile, PARAMETER_NAMES, type ParameterOverrides } from '@shootdown/core';
import { resolveOptions } from '@shootdown/host';
import type { Layout, Strategy } from '@shootdown/plugin';
import type { JsonObject } from '@shootdown/reporter';
import { findScenario } from '@shootdown/scenarios';
import { asyncInline } from '@shootdown/strategy-async-inline';
import { concurrent } from '@shootdown/strategy-concurrent';
import { sync } from '@shootdown/strategy-sync';
import { simulateCell } from '@shootdown/testkit';
import { publishedCells, tableFor } from '../../apps/bench/src/fit/fit-cells.js';

export const haswell: MachineProfile = machineProfile('haswell');
const published = tableFor('haswell', 'madvise');

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** One variant of a strategy on the headline machine. */
export interface Variant {
  readonly plugin: Strategy;
  readonly given?: object;
  readonly layout?: Layout;
  readonly machine?: MachineProfile;
  readonly overrides?: ParameterOverrides;
}

/** Mean nanoseconds per operation. */
export function meanNs(
  { plugin, given = {}, layout = {}, machine = haswell, overrides = {} }: Variant,
  threads: number,
  iterations = 500,
): number {
  const { meanNs: mean } = simulateCell({
    plugin: { ...plugin, layout: { ...plugin.layout, ...layout } },
    options: resolveOptions(plugin, given) as JsonObject,
    machine,
    overrides,
    scenario: findScenario('madvise'),
    threads,
    pages: 1,
    iterations,
    warmUp: 20,
    seed: 1,
  });
  return mean;
}

/** From `sync` to `async-inline`, one change a step. */
const STEPS: readonly (readonly [change: string, variant: Variant])[] = [
  ['`sync`', { plugin: sync }],
  ['no csd on the stack', { plugin: sync, overrides: { vmallocTouchCycles: 0 } }],
  ['overlap, no second call: `concurrent`', { plugin: concurrent }],
  ['`is_lazy` on a line of its own (RFC v2 patch 8)', { plugin: concurrent, layout: { cpuTlbState: 'lazyApart' } }],
  [
    'request inside the csd (patches 10 to 12): `async-inline{"ack":"late"}`',
    { plugin: asyncInline, given: { ack: 'late' } },
  ],
  ['acknowledgement before the flush: `async-inline`', { plugin: asyncInline }],
];
const THREADS = [2, 4] as const;

const signed = (ns: number): string => `${ns < 0 ? '−' : '+'}${Math.abs(ns).toFixed(0)}`;

/** The means of all steps, for one target and for three. */
export const stepMeans = (): readonly (readonly number[])[] =>
  STEPS.map(([, variant]) => THREADS.map((threads) => meanNs(variant, threads)));

export function stepTable(means: readonly (readonly number[])[]): string {
  const rows = STEPS.map(([change], step) => [
    change,
    ...THREADS.flatMap((_, column) => {
      const ns = means[step]?.[column] ?? Number.NaN;
      const before = means[step - 1]?.[column];
      return [ns.toFixed(0), before === undefined ? '' : signed(ns - before)];
    }),
  ]);
  return table(['change', 'one target', 'step', 'three targets', 'step'], rows);
}

/** The step from `concurrent` to `async-inline`, published and simulated. */
export function excessTable(means: readonly (readonly number[])[]): string {
  const rows = THREADS.map((threads, column) => {
    const at = (step: number): number => means[step]?.[column] ?? Number.NaN;
    const [from, to] = ['concurrent', 'async-inline'].map(
      (name) =>
        publishedCells(published, 'predicted', haswell, { iterations: 1, warmUp: 1, seed: 1 }).find(
          ({ plan }) => plan.strategy === name && plan.threads === threads,
        )?.ns ?? Number.NaN,
    );
    const gains = [(from ?? 0) - (to ?? 0), at(2) - at(5), at(4) - at(5), at(2) - at(4)];
    return [threads === 2 ? 'one' : 'three', ...gains.map((ns) => ns.toFixed(0))];
  });
  return table(
    ['targets', 'published gain, ns', 'simulated gain', 'of it early acknowledgement', 'of it layouts'],
    rows,
  );
}

const DETERMINED_BY = ['1 thread', '4 threads', '2 threads'];
const ORDER = ['madviseWorkCycles', 'ipiDeliverySocketCycles', 'vmallocTouchCycles'];

/** Each fitted parameter beside its prior. */
export function fittedTable(): string {
  const rows = PARAMETER_NAMES.flatMap((name) => {
    const parameter = haswell.parameters[name];
    if (parameter.status !== 'fitted') return [];
    const { value, low, high } = parameter.prior;
    const ns = (parameter.value * 1000) / haswell.parameters.clockMhz.value;
    return [[name, `\`${name}\``, `${parameter.value}`, ns.toFixed(0), `${value} (${low} to ${high})`]];
  });
  const ordered = ORDER.map((name, index) => [
    ...(rows.find(([first]) => first === name)?.slice(1) ?? []),
    `\`before\`, ${DETERMINED_BY[index] ?? ''}`,
  ]);
  return table(['parameter', 'fitted, cycles', 'ns', 'prior, cycles', 'determined by'], ordered);
}

/** What the file of the bands says about its draws. */
export const drawsText = ({ draws, admitted }: { readonly draws: number; readonly admitted: number }): string =>
  `**What the band says.** The priors were drawn ${draws} times and each draw was fitted again; ${admitted} draws were admitted.`;
