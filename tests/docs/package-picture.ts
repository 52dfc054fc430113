import { existsSync, readdirSync } from 'node:fs';
import { code, pathOf, read } from './page.js';

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** A package of the picture, or all strategies as one. */
interface Box {
  readonly layer: number;
  readonly needs: ReadonlySet<string>;
}

/** Folders of the packages and apps that are told of in ARCHITECTURE.md. */
export const packageFolders = (): readonly string[] =>
  ['packages', 'apps'].flatMap((parent) =>
    readdirSync(pathOf(parent))
      .map((name) => `${parent}/${name}`)
      .filter((folder) => existsSync(pathOf(`${folder}/package.json`))),
  );

/** The packages by layer, and what each depends on directly, where that does not follow from another arrow. */
export function packagePicture(): string {
  const all = boxes();
  const names = [...all.keys()];
  const lines = names.flatMap((name) => {
    const { layer, needs } = all.get(name) as Box;
    const direct = [...needs].filter((other) => ![...needs].some((via) => via !== other && reaches(all, via, other)));
    const arrows = direct.length === 0 ? '' : ` --> ${direct.map(idOf).join(' & ')}`;
    return [`  ${idOf(name)}["${layer} ${name}"]${arrows}`];
  });
  return code('mermaid', ['flowchart BT', ...lines].join('\n'));
}

function boxes(): ReadonlyMap<string, Box> {
  const layers = JSON.parse(read('scripts/layers.json')) as Readonly<Record<string, number>>;
  const found = new Map<string, Box>();
  for (const folder of packageFolders()) {
    const manifest = JSON.parse(read(`${folder}/package.json`)) as Manifest;
    const { dependencies, peerDependencies } = manifest;
    const ours = Object.keys({ ...dependencies, ...peerDependencies }).filter((other) => /^@?shootdown/.test(other));
    const name = shownAs(manifest.name);
    const layer = layers[manifest.name] ?? layers[`@shootdown/${name}`] ?? 0;
    found.set(name, { layer, needs: new Set([...(found.get(name)?.needs ?? []), ...ours.map(shownAs)]) });
  }
  return new Map([...found].sort(([a, { layer }], [b, other]) => layer - other.layer || (a < b ? -1 : 1)));
}

const shownAs = (name: string): string => name.replace('@shootdown/', '').replace(/^strategy-.*/, 'strategy-*');
const idOf = (name: string): string => name.replace(/\W/g, '_');

function reaches(all: ReadonlyMap<string, Box>, from: string, to: string): boolean {
  const needs = all.get(from)?.needs ?? new Set<string>();
  return needs.has(to) || [...needs].some((via) => reaches(all, via, to));
}
