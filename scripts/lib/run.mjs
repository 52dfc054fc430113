import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root folder of the repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Turbo looks for the package manager on PATH, and nothing here may report to anybody.
 *
 * @type {NodeJS.ProcessEnv}
 */
export const environment = {
  ...process.env,
  PATH: `${join(root, 'node_modules', '.bin')}${delimiter}${process.env['PATH'] ?? ''}`,
  TURBO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
};

/**
 * Runs a program in the root folder with its output shown.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {Promise<number>} its exit code; 1 when a signal ended it
 */
export function run(program, args) {
  return new Promise((resolve, reject) => {
    const shell = process.platform === 'win32';
    const child = spawn(program, args, { cwd: root, env: environment, stdio: 'inherit', shell });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

/**
 * Runs a program in a folder and keeps its output.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {string} [folder]
 * @returns {Promise<{ code: number, output: string }>}
 */
export function capture(program, args, folder = root) {
  return new Promise((resolve, reject) => {
    const shell = process.platform === 'win32';
    const child = spawn(program, args, { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'], shell });
    let output = '';
    const keep = (/** @type {Buffer} */ chunk) => {
      output += chunk.toString();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/**
 * Prints what a check found and ends the process with 1 when it found anything.
 *
 * @param {string} name
 * @param {readonly string[]} problems
 */
export function conclude(name, problems) {
  for (const problem of problems) console.error(problem);
  console.log(`${name}: ${problems.length === 0 ? 'clean' : `${problems.length} problems`}`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
