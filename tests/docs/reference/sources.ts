import { existsSync, readdirSync } from 'node:fs';
import { pathOf } from '../page.js';

/** TypeScript files of a folder of every package and app, relative to the root. */
export function packageFiles(folder: 'src' | 'test'): readonly string[] {
  return ['packages', 'apps'].flatMap((parent) =>
    readdirSync(pathOf(parent)).flatMap((name) => typeScriptFiles(`${parent}/${name}/${folder}`)),
  );
}

/** TypeScript files under a folder, relative to the root; none where there is no such folder. */
export function typeScriptFiles(folder: string): readonly string[] {
  if (!existsSync(pathOf(folder))) return [];
  return readdirSync(pathOf(folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : typeScriptFiles(path);
    return path.endsWith('.ts') ? [path] : [];
  });
}
