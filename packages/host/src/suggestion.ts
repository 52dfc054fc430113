import { closest, distance } from 'fastest-levenshtein';

const MOST_EDITS = 3;

/** ` Did you mean x?` for a name that is close to a known one, else a list of what is known. Empty when nothing is. */
export function suggestion(name: string, known: readonly string[]): string {
  const best = known.length === 0 ? undefined : closest(name, known);
  if (best !== undefined && isClose(name, best)) return ` Did you mean ${best}?`;
  return known.length === 0 ? '' : ` Known: ${known.join(', ')}.`;
}

function isClose(name: string, known: string): boolean {
  const edits = distance(name, known);
  return edits <= MOST_EDITS && edits < known.length;
}
