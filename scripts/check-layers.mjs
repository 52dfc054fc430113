// A package uses only lower layers (devDependencies included), declares what it imports, and leaves its folder by name only.
import { layerProblems } from './lib/layer-problems.mjs';
import { conclude, root } from './lib/run.mjs';

conclude('layers', layerProblems(root));
