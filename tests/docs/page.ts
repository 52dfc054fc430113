import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const root: string = fileURLToPath(new URL('../../', import.meta.url));

export const pathOf = (page: string): string => join(root, page);
export const read = (page: string): string => readFileSync(pathOf(page), 'utf8');

/** A source as it stands in a page. */
export const code = (language: string, text: string): string => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;

/**
 * The page with its generated blocks as they should be. A block stands between `<!-- generated: name -->` and
 * `<!-- end -->`. Throws when the page lacks one of the blocks.
 */
export function withBlocks(page: string, blocks: Readonly<Record<string, string>>): string {
  return Object.entries(blocks).reduce((text, [name, content]) => {
    const start = `<!-- generated: ${name} -->`;
    const from = text.indexOf(start);
    const to = text.indexOf('<!-- end -->', from);
    if (from < 0 || to < 0) throw new Error(`${page} has no block "${name}".`);
    return `${text.slice(0, from)}${start}\n${content}\n${text.slice(to)}`;
  }, read(page));
}

const IGNORED = new Set(['node_modules', 'dist', 'artifacts', '.git', '.turbo', '.changeset']);

/** Every Markdown page of the repository, relative to its root. */
export function pages(folder: string = root): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (IGNORED.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return pages(path);
    return entry.name.endsWith('.md') ? [relative(root, path)] : [];
  });
}

/** A link as written, and the file and the heading it names. */
export interface Link {
  readonly text: string;
  readonly file: string;
  readonly anchor: string;
}

/** Links of a page to files of the repository; addresses elsewhere are left out. */
export function linksOf(page: string): readonly Link[] {
  const prose = read(page).replace(/```[\s\S]*?```/g, '');
  return [...prose.matchAll(/\[([^\]]+)\]\(([^)\s]+)\)/g)].flatMap(([, text = '', target = '']) => {
    if (/^[a-z]+:/.test(target)) return [];
    const [path = '', anchor = ''] = target.split('#');
    return [{ text, anchor, file: path === '' ? page : relative(root, join(root, dirname(page), path)) }];
  });
}

/** Whether the link leads somewhere. */
export function resolves({ file, anchor }: Link): boolean {
  if (!existsSync(pathOf(file))) return false;
  return anchor === '' || !file.endsWith('.md') || headings(file).includes(anchor);
}

/** The anchors of a page's headings, as Markdown renderers make them. */
function headings(page: string): readonly string[] {
  return [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );
}
