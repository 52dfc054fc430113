import { cellText } from '@shootdown/checker';
import { terminalText } from '@shootdown/reporter';
import { diffOf, type Entry, expectations, foundByDefault } from '@shootdown/zoo';
import { wrapped } from '../output/wrap.js';

/** Everything about an entry, for a person. */
export function entryText(entry: Entry, width: number): string {
  const paragraphs = [
    `${entry.id}: ${entry.title}`,
    entry.story,
    `source: ${entry.source}`,
    ...placeLines(entry),
    ...expectationLines(entry),
  ];
  const diff = diffOf(entry.id).trimEnd().split('\n').map(terminalText).join('\n');
  return `${[...paragraphs.map((text) => wrapped(terminalText(text), width)), diff].join('\n\n')}\n`;
}

function placeLines(entry: Entry): readonly string[] {
  const memory = entry.memory === 'tso' ? ', under TSO only' : '';
  if (entry.kind === 'separate')
    return [`a program of its own for ${entry.cpus} CPUs${memory}, for the kernel has no such code`];
  const { strategy, cell, seams, shipped, id } = entry;
  const found = foundByDefault(id);
  const place = `${shipped === 'fixed' ? 'replaces' : 'repairs'} ${seams.join(', ')}, under ${strategy.name}`;
  return [
    place,
    `smallest cell: ${cellText(cell)}, walker ${cell.walker}${memory}`,
    found === null ? 'no cell of `check` without options finds it' : `\`check\` without options finds it in: ${found}`,
  ];
}

function expectationLines({ id }: Entry): readonly string[] {
  const expectation = expectations[id];
  if (expectation === undefined) return [];
  const { contract, why, learnt } = expectation;
  return [`expected: ${contract}. ${why}`, ...(learnt === undefined ? [] : [`learnt: ${learnt}`])];
}
