// Measures the checker's speed and size, and Spin on the same small protocol. See docs/performance.md.
import { runBench } from './lib/run-bench.mjs';

await runBench('checker');
