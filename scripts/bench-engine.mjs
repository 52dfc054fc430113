// Measures the engine's speed and size. See docs/performance.md.
import { runBench } from './lib/run-bench.mjs';

await runBench('engine');
