// Removes what a build leaves behind.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/run.mjs';
import { workspacePackages } from './lib/workspace.mjs';

for (const { folder } of workspacePackages(root)) {
  for (const leftover of ['dist', '.turbo', 'coverage'])
    rmSync(join(root, folder, leftover), { recursive: true, force: true });
}
rmSync(join(root, 'artifacts'), { recursive: true, force: true });
