import { readFileSync } from 'node:fs';

/** Version of this package. Its manifest lies beside both `src/` and `dist/`, so this module must stay at the top of `src/`. */
export function packageVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
