// How fast and how large the checker's search is, and Spin on the same small protocol. See docs/performance.md.
import { resolve } from 'node:path';
import { cellText, type Exploration } from '@shootdown/checker';
import { quantile } from './measure.js';
import { explorePinned, PINNED_CELLS, type PinnedCell } from './pinned-cells.js';
import { exploreSmall, type SmallShootdown } from './shootdown.js';
import { missingForSpin, type SpinResult, SpinVerifier } from './spin.js';
import { type Timed, timed } from './timed.js';

/** Rounds of the pinned cells: `npm run bench:checker -- 1` for a quick look. */
const ROUNDS = Number(process.argv[2] ?? 3);
const GOAL_STATES_PER_SECOND = 500_000;
const GOAL_BYTES_PER_STATE = 32;
const MODEL = resolve('tests', 'bench', 'shootdown.pml');

/** Explored to their ends; the last one also to its first violation. */
const COMMON: readonly SmallShootdown[] = [
  { cpus: 3, acksEarly: false, nmis: 1 },
  { cpus: 4, acksEarly: false, nmis: 0 },
  { cpus: 4, acksEarly: true, nmis: 0 },
  { cpus: 4, acksEarly: false, nmis: 1 },
  { cpus: 4, acksEarly: true, nmis: 1 },
];
const SPIN_BUILDS = [
  ['-O2', []],
  ['-O2 -DCOLLAPSE', ['-DCOLLAPSE']],
] as const;

let mismatches = 0;

function expectCount(what: string, found: number, expected: number): void {
  if (found === expected) return;
  mismatches++;
  console.log(`  MISMATCH: ${what} is ${found}, not ${expected}`);
}

const kilo = (perSecond: number): string => `${(perSecond / 1000).toFixed(0)} k`;

function pinned(cell: PinnedCell): void {
  const rounds = Array.from({ length: ROUNDS }, () => explorePinned(cell));
  const [{ result }] = rounds as [Timed<Exploration>];
  console.log(`\n${cell.cell.strategy.name}, ${cellText(cell.cell)}, saturated walker, all reductions, ${cell.memory}`);
  console.log(`  ${result.verdict}: ${result.states} states, ${result.transitions} transitions, depth ${result.depth}`);
  for (const round of rounds) {
    expectCount('the number of states', round.result.states, cell.states);
    expectCount('the number of transitions', round.result.transitions, cell.transitions);
  }
  rates(rounds);
  sizes(result);
}

function rates(rounds: readonly Timed<Exploration>[]): void {
  const perSecond = rounds.map(({ result, seconds }) => result.states / seconds);
  const wall = rounds.map(({ result, wallSeconds }) => result.states / wallSeconds);
  const [{ result, seconds }] = rounds as [Timed<Exploration>];
  console.log(
    `  states per second of CPU time: best ${kilo(quantile(perSecond, 1))}, median ${kilo(quantile(perSecond, 0.5))}; of wall time: best ${kilo(quantile(wall, 1))} (goal ${kilo(GOAL_STATES_PER_SECOND)})`,
  );
  console.log(
    `  elementary moves: ${result.elementaryMoves}, ${(result.elementaryMoves / result.transitions).toFixed(2)} per transition, ${kilo(result.elementaryMoves / seconds)} per second`,
  );
  console.log(`  automaton: ${result.automatonNodes} nodes, ${result.generatorRuns} generator runs`);
}

function sizes({ states, bytes, bytesOf }: Exploration): void {
  const each = (part: number): string => (part / states).toFixed(1);
  console.log(
    `  bytes per state: ${each(bytes)} (goal ${GOAL_BYTES_PER_STATE}): keys ${each(bytesOf.keys)}, components ${each(bytesOf.components)}, graph ${each(bytesOf.graph)}, remembered moves ${each(bytesOf.moves)}`,
  );
}

const title = ({ cpus, acksEarly, nmis }: SmallShootdown): string =>
  `${cpus} CPUs, acknowledges ${acksEarly ? 'early' : 'late'}, ${nmis} NMIs`;

function row(name: string, { result, seconds }: Timed<Pick<Exploration, 'states'>>, further = ''): void {
  console.log(
    `  ${name.padEnd(16)} ${String(result.states).padStart(8)} states ${seconds.toFixed(2).padStart(6)} s ${kilo(result.states / seconds).padStart(7)} states/s${further}`,
  );
}

function common(protocol: SmallShootdown, isSpinHere: boolean): void {
  console.log(`\n${title(protocol)}: every interleaving, no reductions, to the end`);
  const ours = timed(() => exploreSmall(protocol));
  const { result } = ours;
  row('checker', ours, `, ${(result.bytes / result.states).toFixed(0)} bytes per state`);
  if (!isSpinHere) return;
  for (const [name, flags] of SPIN_BUILDS) {
    const verifier = new SpinVerifier(MODEL, protocol, flags);
    const spin = verifier.run('whole');
    verifier.remove();
    const ratio = `, checker takes ${(ours.seconds / spin.seconds).toFixed(1)} times as long`;
    row(`spin ${name}`, spin, ratio);
    compare(result, spin.result);
  }
}

function compare(ours: Exploration, spin: SpinResult): void {
  expectCount('the number of states', ours.states, spin.states);
  // Spin counts the arrival at the initial state as a transition.
  expectCount('the number of transitions', ours.transitions, spin.transitions - 1);
  const violating = ours.violations.reduce((sum, { count }) => sum + count, 0);
  expectCount('the number of violating moves', violating, spin.errors);
}

function verdict(protocol: SmallShootdown, isSpinHere: boolean): void {
  console.log(`\n${title(protocol)}: wall time to the verdict, end at the first violation`);
  const ours = timed(() => exploreSmall(protocol, { expandBeyond: [], stopAtFirst: true }));
  const length = ours.result.violations[0]?.trace.length;
  const shortest = length === undefined ? '' : `, a shortest way of ${length} moves`;
  console.log(`  checker: ${ours.result.verdict} after ${ours.wallSeconds.toFixed(2)} s${shortest}`);
  if (!isSpinHere) return;
  const verifier = new SpinVerifier(MODEL, protocol);
  const { result, wallSeconds } = verifier.run('first');
  verifier.remove();
  const said = result.errors === 0 ? 'clean' : 'violated';
  console.log(
    `  spin -O2: ${said} after ${wallSeconds.toFixed(2)} s, depth first, and ${verifier.compileSeconds.toFixed(2)} s to compile`,
  );
  expectCount('the number of kinds of violations', ours.result.violations.length, result.errors);
}

for (const cell of PINNED_CELLS) pinned(cell);
const missing = missingForSpin();
if (missing !== undefined)
  console.log(`\n${missing} is not installed: the small protocol is explored by the checker alone.`);
for (const protocol of COMMON) common(protocol, missing === undefined);
for (const acksEarly of [false, true]) verdict({ cpus: 4, acksEarly, nmis: 1 }, missing === undefined);
console.log(`\npeak RSS: ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`);
if (mismatches > 0) process.exitCode = 1;
