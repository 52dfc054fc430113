// Hard stops over every file a person wrote: sizes, suppressions, loose types, ambient inputs below the reporter, machine names.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { layerOf } from './lib/layers.mjs';
import { conclude, root } from './lib/run.mjs';
import { sourceProblems } from './lib/source-rules.mjs';
import { textProblems } from './lib/text-rules.mjs';
import { workspacePackages, writtenFiles } from './lib/workspace.mjs';

const reporterLayer = layerOf('@shootdown/reporter') ?? 0;
const deterministicFolders = workspacePackages(root)
  .filter(({ manifest }) => (layerOf(manifest.name) ?? 0) < reporterLayer)
  .map(({ folder }) => `${folder}/src/`);

const problems = writtenFiles(root).flatMap((file) => {
  const text = readFileSync(join(root, file), 'utf8');
  if (text.includes('\0')) return [];
  const found = textProblems(file, text);
  if (!/\.(?:m?ts|mjs|cjs|js)$/.test(file)) return found;
  const deterministic = deterministicFolders.some((folder) => file.startsWith(folder));
  return [...found, ...sourceProblems(file, text, { deterministic })];
});
if (existsSync(join(root, 'package-lock.json'))) problems.push('package-lock.json: the lockfile is pnpm-lock.yaml');
conclude('hard stops', problems);
