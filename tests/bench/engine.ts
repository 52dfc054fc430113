// How fast the engine is, in units of a bare generator-and-heap loop of the same process. See docs/performance.md.
import { asyncInline } from '@shootdown/strategy-async-inline';
import { sync } from '@shootdown/strategy-sync';
import { bareLoop } from '../../packages/simulator/bench/bare-loop.js';
import { type Contender, nsPerOp, quantile, type Run, runHeadline, scavengesOf } from './measure.js';

const CONTENDERS: readonly Contender[] = [
  { strategy: sync, options: {} },
  { strategy: asyncInline, options: { ack: 'early', freedTables: 'sync', nmiGuard: true } },
];
const HEADLINE_CPUS = 16;
const SCALE_CPUS = [2, 16, 64, 256, 1024];
const ROUNDS = 20;
const BARE_EVENTS = 200_000;
/** Micro-ops of one round, roughly: rounds are short, so that the host's other work falls on both loops alike. */
const OPS_PER_ROUND = 200_000;
const GOAL_RATIO = 4;
const GOAL_OPS_PER_SECOND = 5e6;
const RSS_LIMIT_MB = 512;

const bareNs = (pending: number): number => (bareLoop(pending, BARE_EVENTS).seconds * 1e9) / BARE_EVENTS;

/** Shootdowns that take about `ops` micro-ops; an operation of the scenario takes some 260 + 60 per CPU. */
const operationsFor = (cpus: number, ops: number): number => Math.max(12, Math.round(ops / (260 + 60 * cpus)));

interface Rounds {
  readonly runs: readonly Run[];
  readonly engineNs: readonly number[];
  readonly bareNs: readonly number[];
}

/** Engine and bare loop in turns, after a warm-up of both. */
function alternate(contender: Contender, cpus: number, rounds: number): Rounds {
  const operations = operationsFor(cpus, OPS_PER_ROUND);
  runHeadline(contender, cpus, 2 * operations);
  bareNs(cpus);
  const bare: number[] = [];
  const runs: Run[] = [];
  for (let round = 0; round < rounds; round++) {
    bare.push(bareNs(cpus));
    runs.push(runHeadline(contender, cpus, operations));
  }
  return { runs, engineNs: runs.map(nsPerOp), bareNs: bare };
}

function opMix({ result }: Run): string {
  const counts = Object.entries(result.opCounts).filter(([, count]) => count > 0);
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  return counts
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${((100 * count) / total).toFixed(1)} %`)
    .join(', ');
}

async function headline(contender: Contender): Promise<void> {
  const { runs, engineNs, bareNs } = alternate(contender, HEADLINE_CPUS, ROUNDS);
  const ratios = engineNs.map((ns, round) => ns / (bareNs[round] as number));
  const [best, median] = [quantile(engineNs, 0), quantile(engineNs, 0.5)];
  const perShootdown = runs.map(({ seconds, operations }) => (seconds * 1e6) / operations);
  let ops = 0;
  const scavenges = await scavengesOf(() => {
    ops = runHeadline(contender, HEADLINE_CPUS, operationsFor(HEADLINE_CPUS, 10 * OPS_PER_ROUND)).result.ops;
  });
  console.log(`\n${contender.strategy.name}: madvise, ${HEADLINE_CPUS} CPUs of 'server', full costs, monitors on`);
  console.log(`  op mix: ${opMix(runs[0] as Run)}`);
  console.log(
    `  micro-ops/s: best ${(1e3 / best).toFixed(2)} M, median ${(1e3 / median).toFixed(2)} M (goal ${GOAL_OPS_PER_SECOND / 1e6} M)`,
  );
  console.log(`  ns per micro-op: best ${best.toFixed(0)}, median ${median.toFixed(0)}`);
  console.log(`  bare loop, ${HEADLINE_CPUS} pending: best ${quantile(bareNs, 0).toFixed(0)} ns per event`);
  console.log(
    `  ratio to the bare loop: best to best ${(best / quantile(bareNs, 0)).toFixed(2)}, median of rounds ${quantile(ratios, 0.5).toFixed(2)} (goal ${GOAL_RATIO})`,
  );
  console.log(
    `  wall time per shootdown: best ${quantile(perShootdown, 0).toFixed(0)} µs, median ${quantile(perShootdown, 0.5).toFixed(0)} µs`,
  );
  console.log(`  scavenges per million micro-ops: ${((scavenges * 1e6) / ops).toFixed(1)}`);
}

/** Cost per op over the size of the machine. `growth` over `log2` is at most 1 where the cost grows no faster than the logarithm. */
function scale(contender: Contender): void {
  console.log(`\n${contender.strategy.name}: by CPUs (best of the rounds)`);
  console.log('  CPUs  boot ms  ns/op  growth  log2(CPUs)  bare ns  ratio  µs/shootdown');
  let first = 0;
  for (const cpus of SCALE_CPUS) {
    const { runs, engineNs, bareNs } = alternate(contender, cpus, cpus > 256 ? 2 : 5);
    const ns = quantile(engineNs, 0);
    const bare = quantile(bareNs, 0);
    if (first === 0) first = ns;
    const boot = Math.min(...runs.map(({ bootSeconds }) => bootSeconds * 1000));
    const wall = Math.min(...runs.map(({ seconds, operations }) => (seconds * 1e6) / operations));
    const cells = [cpus, boot.toFixed(0), ns.toFixed(0), (ns / first).toFixed(2), Math.log2(cpus).toFixed(0)];
    const widths = [6, 9, 7, 8, 12, 9, 7, 14];
    const all = [...cells, bare.toFixed(0), (ns / bare).toFixed(2), wall.toFixed(0)];
    console.log(all.map((cell, column) => String(cell).padStart(widths[column] ?? 8)).join(''));
  }
}

for (const contender of CONTENDERS) await headline(contender);
for (const contender of CONTENDERS) scale(contender);
const peakMb = process.resourceUsage().maxRSS / 1024;
console.log(`\npeak RSS, 1024 CPUs included: ${peakMb.toFixed(0)} MB (limit ${RSS_LIMIT_MB} MB)`);
