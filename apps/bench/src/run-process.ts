import { INTERRUPTED } from './exit-code.js';
import type { Laboratory } from './laboratory.js';
import { runCli } from './run-cli.js';

const SHOW_CURSOR = '\u001b[?25h';

/**
 * Runs the command line of this process. An interrupt ends it at once with code 130: output files are written in one step at
 * the end, so none is left half-written. A reader who closes the pipe, such as `head`, ends it quietly.
 */
export async function runProcess(laboratory: Laboratory): Promise<void> {
  const { stdout, stderr, env, argv } = process;
  const reports = new Set<() => void>();
  process.once('SIGINT', () => {
    if (stderr.isTTY) stderr.write(SHOW_CURSOR);
    for (const report of reports) report();
    process.exit(INTERRUPTED);
  });
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
  const onInterrupt = (report: () => void): (() => void) => {
    reports.add(report);
    return () => reports.delete(report);
  };
  process.exitCode = await runCli(argv.slice(2), { stdout, stderr, environment: env, onInterrupt }, laboratory);
}
