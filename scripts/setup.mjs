// Installs the dependencies with the pinned pnpm, fetched through npm, unless the installed ones are those of the lockfile.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './lib/run.mjs';

const stampFile = join(root, 'node_modules', '.setup-stamp');

function wantedStamp() {
  const hash = createHash('sha256');
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml']) hash.update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

const wanted = wantedStamp();
const installed = existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : '';
if (installed === wanted) {
  console.log('setup: dependencies are those of the lockfile');
} else {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const code = await run('npx', ['--yes', packageManager, 'install', '--frozen-lockfile', '--reporter=append-only']);
  if (code === 0) writeFileSync(stampFile, wanted);
  process.exitCode = code;
}
