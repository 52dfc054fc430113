import diffs from './diffs.json' with { type: 'json' };
import defaultMatrix from './default-matrix.json' with { type: 'json' };

/** Unified diff of what an entry replaces against the program that it replaces. Made from the sources by a test. */
export function diffOf(id: string): string {
  return (diffs as Readonly<Record<string, string>>)[id] ?? '';
}

/** Scenario of the first default cell of `check` that finds the entry too; null when none does. Explored by a test. */
export function foundByDefault(id: string): string | null {
  return (defaultMatrix as Readonly<Record<string, string | null>>)[id] ?? null;
}
