import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Entry, entries } from '@shootdown/zoo';
import { createTwoFilesPatch } from 'diff';
import ts from 'typescript';
import { root } from './page.js';

/** A named declaration as it stands in a source file, without its doc comment. */
interface Declaration {
  readonly file: string;
  readonly text: string;
}

/** Unified diff of every entry, by id: the replaced seams against the shipped ones, or the buggy part of a program against the fixed one. */
export function seamDiffs(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    entries.map((entry) => [entry.id, entry.seams.length > 0 ? seamDiff(entry) : separateDiff(entry)]),
  );
}

/** The file that defines an entry. */
export function sourceOf({ id }: Entry): string {
  const found = sources('packages/zoo/src').find((file) =>
    readFileSync(join(root, file), 'utf8').includes(`id: '${id}',`),
  );
  if (found === undefined) throw new Error(`No file of the zoo defines ${id}.`);
  return found;
}

function seamDiff(entry: Entry): string {
  const folders =
    entry.kind === 'separate' || entry.replacement.strategy === undefined
      ? ['packages/mm/src', 'packages/smp-call-function/src', 'packages/kernel/src']
      : [`packages/strategy-${entry.strategy.name}/src`];
  const parts = entry.seams.map((seam) => {
    const shipped = folders.flatMap(sources).flatMap((file) => declarations(file, seam));
    const [replaced] = declarations(sourceOf(entry), seam);
    const [only, ...others] = shipped;
    if (only === undefined || others.length > 0 || replaced === undefined)
      throw new Error(`${entry.id}: ${seam} is declared ${shipped.length} times in the shipped code.`);
    return patch(only, replaced);
  });
  return parts.join('\n');
}

/** What several entries share may hold the fixed part, or both. */
function separateDiff(entry: Entry): string {
  const shared = sources('packages/zoo/src/separate').filter((file) =>
    readFileSync(join(root, sourceOf(entry)), 'utf8').includes(basename(file, '.ts')),
  );
  const files = [sourceOf(entry), ...shared];
  const [fixed] = files.flatMap((file) => declarations(file, 'fixed'));
  const [buggy] = files.flatMap((file) => declarations(file, 'buggy'));
  if (fixed === undefined || buggy === undefined) throw new Error(`${entry.id}: no two parts to compare.`);
  return patch(fixed, buggy);
}

function patch(from: Declaration, to: Declaration): string {
  return createTwoFilesPatch(from.file, to.file, `${from.text}\n`, `${to.text}\n`, '', '', { context: 3 })
    .split('\n')
    .filter((line) => !/^(Index: |=+$)/.test(line))
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Variable declarations of this name at the top of a file. */
function declarations(file: string, name: string): readonly Declaration[] {
  const text = readFileSync(join(root, file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true);
  return source.statements
    .filter(
      (statement) =>
        ts.isVariableStatement(statement) &&
        statement.declarationList.declarations.some((each) => ts.isIdentifier(each.name) && each.name.text === name),
    )
    .map((statement) => ({
      file,
      text: statement.getText().replace(/^export /, ''),
    }));
}

function sources(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
    .sort();
}
