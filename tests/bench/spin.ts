import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SmallShootdown } from './shootdown.js';
import { type Timed, timed } from './timed.js';

/** What Spin says of a model. */
export interface SpinResult {
  readonly states: number;
  /** New and matched states, the initial one included. */
  readonly transitions: number;
  readonly errors: number;
}

/** `whole` counts every violation and goes on; `first` ends at the first one, as a verdict does. */
export type SpinGoal = 'whole' | 'first';

/** Deeper than any path of the model. */
const DEPTH = 100_000;
/** Slots of the hash table as a power of two. */
const SLOTS = 22;

/** What is missing to run Spin; undefined when nothing is. */
export function missingForSpin(): string | undefined {
  const tools = [
    ['spin', '-V'],
    ['gcc', '--version'],
  ] as const;
  return tools.map(([tool, flag]) => (spawnSync(tool, [flag]).status === 0 ? undefined : tool)).find(Boolean);
}

function execute(folder: string, program: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
  if (error !== undefined || status !== 0) throw new Error(`${program} failed: ${error?.message ?? stdout + stderr}`);
  return stdout;
}

/** A verifier of the hand-written model, compiled for one protocol. */
export class SpinVerifier {
  readonly compileSeconds: number;
  readonly #folder: string;

  /** `flags` are for the compiler: `-DCOLLAPSE`. Without partial-order reduction, which must not change the counts. */
  constructor(model: string, { cpus, acksEarly, nmis }: SmallShootdown, flags: readonly string[] = []) {
    this.#folder = mkdtempSync(join(tmpdir(), 'shootdown-spin-'));
    const protocol = [`-DN=${cpus}`, `-DNMIS=${nmis}`, ...(acksEarly ? ['-DEARLY'] : [])];
    const { wallSeconds } = timed(() => {
      execute(this.#folder, 'spin', ['-a', ...protocol, model]);
      execute(this.#folder, 'gcc', ['-O2', '-w', '-DNOREDUCE', '-DMEMLIM=4096', ...flags, '-o', 'pan', 'pan.c']);
    });
    this.compileSeconds = wallSeconds;
  }

  /** Explores the model; the CPU time is that of the verifier alone. */
  run(goal: SpinGoal): Timed<SpinResult> {
    const flags = ['-E', `-m${DEPTH}`, `-w${SLOTS}`, goal === 'whole' ? '-c0' : '-c1'];
    const { result, wallSeconds } = timed(() =>
      execute(this.#folder, 'sh', ['-c', '"$0" "$@" && times', './pan', ...flags]),
    );
    if (result.includes('max search depth too small')) throw new Error('The search depth of Spin is too small.');
    return { result: counts(result), seconds: secondsOfChildren(result), wallSeconds };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}

function counts(output: string): SpinResult {
  const number = (pattern: RegExp): number => {
    const found = pattern.exec(output)?.[1];
    if (found === undefined) throw new Error(`Spin did not say ${String(pattern)}:\n${output}`);
    return Number(found);
  };
  return {
    states: number(/(\d+) states, stored/),
    transitions: number(/(\d+) transitions/),
    errors: number(/errors: (\d+)/),
  };
}

/** The last line of `times`: user and system time of the shell's children. */
function secondsOfChildren(output: string): number {
  const [, minutes, seconds, systemMinutes, systemSeconds] =
    /(\d+)m([\d.]+)s (\d+)m([\d.]+)s\s*$/.exec(output)?.map(Number) ?? [];
  if (minutes === undefined || seconds === undefined) throw new Error(`No times:\n${output}`);
  return 60 * (minutes + (systemMinutes ?? 0)) + seconds + (systemSeconds ?? 0);
}
