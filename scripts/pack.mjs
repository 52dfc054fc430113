// Writes a tarball of every published package, as the registry would get it, to artifacts/, and a list of them by package.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { capture, root } from './lib/run.mjs';
import { tarballName } from './lib/tarball.mjs';
import { workspacePackages } from './lib/workspace.mjs';

const target = join(root, 'artifacts');
rmSync(target, { recursive: true, force: true });
mkdirSync(target);
const published = workspacePackages(root).filter(({ manifest }) => manifest.private !== true);
for (const { folder, manifest } of published) {
  const { code, output } = await capture('pnpm', ['pack', '--pack-destination', target], join(root, folder));
  if (code !== 0) {
    console.error(`pack: ${manifest.name}\n${output}`);
    process.exit(code);
  }
}
const list = Object.fromEntries(published.map(({ manifest }) => [manifest.name, tarballName(manifest)]));
writeFileSync(join(target, 'packages.json'), `${JSON.stringify(list, null, 2)}\n`);
console.log(`pack: ${published.length} tarballs in artifacts/`);
