import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Eta } from 'eta';
import type { StartingPoint } from './starting-points.js';

/** What the templates' tags `<%= it.… %>` stand for. */
export interface Blanks {
  readonly name: string;
  readonly title: string;
  readonly template: StartingPoint;
}

const FOLDER = fileURLToPath(new URL('../templates', import.meta.url));

/** npm leaves a `.gitignore` out of what it packs, and a package.json would make a package of the templates. */
const RENAMED: Readonly<Record<string, string>> = { gitignore: '.gitignore', 'package.template.json': 'package.json' };

/** Texts are source code, not HTML: nothing is escaped and no line end is cut. */
const eta = new Eta({ autoEscape: false, autoTrim: false });

/** The files of a new package, by their path in it, with the blanks filled in. */
export function templateFiles(blanks: Blanks): ReadonlyMap<string, string> {
  const folders = [join(FOLDER, 'common'), join(FOLDER, blanks.template)];
  return new Map(
    folders.flatMap((folder) =>
      filesIn(folder).map((path) => [
        RENAMED[path] ?? path,
        eta.renderString(readFileSync(join(folder, path), 'utf8'), blanks),
      ]),
    ),
  );
}

/** Paths of the files of a folder, relative to it. */
function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesIn(join(folder, entry.name)).map((path) => join(entry.name, path)) : [entry.name],
  );
}
