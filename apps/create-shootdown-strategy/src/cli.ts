import { run } from './run.js';

const { stdin, stdout, stderr, argv, env } = process;
const isInteractive = stdin.isTTY === true && stdout.isTTY === true && env['CI'] === undefined;
// A terminal that does not know its size says 0, and the prompts would put one letter on a line.
if (stdout.columns === 0) Object.assign(stdout, { columns: 80, rows: 24 });
process.exitCode = await run(argv.slice(2), { stdin, stdout, stderr, isInteractive });
