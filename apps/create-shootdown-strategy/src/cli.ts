import { run } from './run.js';

const { stdin, stdout, stderr, argv, env } = process;
const isInteractive = stdin.isTTY === true && stdout.isTTY === true && env['CI'] === undefined;
process.exitCode = await run(argv.slice(2), { stdout, stderr, isInteractive });
