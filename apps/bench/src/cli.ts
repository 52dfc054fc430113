import { builtInStrategies } from './built-in-strategies.js';
import { makeLaboratory } from './make-laboratory.js';
import { runComparison } from './run-comparison.js';
import { runProcess } from './run-process.js';

await runProcess(makeLaboratory(builtInStrategies.strategies, runComparison));
