// Installs the packed packages with npm into projects outside the repository, builds strangers' strategies there, and runs them.
// `--full`, or SHOOTDOWN_FULL=1, adds what takes minutes.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capture, conclude, environment } from './lib/run.mjs';
import { writeProject } from './packed/project.mjs';
import { steps } from './packed/steps.mjs';

const isFull = process.argv.includes('--full') || environment['SHOOTDOWN_FULL'] === '1';
const project = mkdtempSync(join(tmpdir(), 'shootdown packed '));
/** @type {string[]} */
const problems = [];
try {
  writeProject(project);
  for (const { in: folder = '.', command, code: wanted = 0, judge = () => true } of steps(isFull)) {
    const [program, ...args] = command;
    const start = process.hrtime.bigint();
    const { code, output } = await capture(program, args, join(project, folder));
    const seconds = (Number(process.hrtime.bigint() - start) / 1e9).toFixed(1);
    console.log(`${seconds.padStart(6)} s  ${folder === '.' ? '' : `${folder}: `}${command.join(' ')}`);
    if (code === wanted && judge(output, project)) continue;
    problems.push(`${command.join(' ')} (exit ${code})\n${output}`);
    break;
  }
} finally {
  rmSync(project, { recursive: true, force: true });
}
conclude('packed packages in projects of their own', problems);
