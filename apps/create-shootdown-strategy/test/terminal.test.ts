import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KEYS, Person, type Reply } from './conversation.js';

const BIN = fileURLToPath(new URL('../bin/create-shootdown-strategy.js', import.meta.url));
const SHOW_CURSOR = '\u001b[?25h';

/** `script` of util-linux runs a command on a pseudo terminal; others of this name take other words. */
const why = /util-linux/.test(String(spawnSync('script', ['--version']).stdout))
  ? ''
  : ' (left out: no script of util-linux here)';

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'terminal '));
  const list = { '@shootdown/plugin': 'p.tgz', '@shootdown/testkit': 't.tgz', shootdown: 's.tgz' };
  writeFileSync(join(base, 'packages.json'), JSON.stringify(list));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

/** What a person sees who starts the command in a terminal, and its exit code. `before` is what the shell does first. */
async function inTerminal(replies: readonly Reply[], before = 'stty cols 100 rows 40') {
  const { CI: _, ...env } = process.env;
  const command = `${before}; exec node '${BIN}' --packages .`;
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    cwd: base,
    env,
    timeout: 15_000,
  });
  const person = new Person(replies, (keys) => child.stdin.write(keys));
  let screen = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
    person.hear(text);
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, screen };
}

describe.skipIf(why !== '')(`on a pseudo terminal${why}`, { timeout: 20_000 }, () => {
  test('it asks, and writes the package', async () => {
    const replies: readonly Reply[] = [
      ['Folder of the package', KEYS.enter],
      ['Starting point', `${KEYS.down}${KEYS.down}${KEYS.enter}`],
    ];
    expect(await inTerminal(replies)).toMatchObject({
      code: 0,
      screen: expect.stringContaining('my-idea is in my-idea.'),
    });
    expect(readFileSync(join(base, 'my-idea/src/strategy.ts'), 'utf8')).toContain("guarantee: { unmap: 'release' }");
  });

  test('a question keeps its lines where the terminal does not know its width', async () => {
    const replies: readonly Reply[] = [['Folder of the package', KEYS.escape]];
    expect((await inTerminal(replies, 'stty cols 0 rows 0')).code).toBe(130);
  });

  test.each(['escape', 'interrupt', 'endOfInput'] as const)(
    '%s gives up, shows the cursor and writes nothing',
    async (key) => {
      const { code, screen } = await inTerminal([['Folder of the package', KEYS[key]]]);
      expect([code, screen]).toEqual([130, expect.stringContaining('Nothing was written.')]);
      expect(screen.lastIndexOf(SHOW_CURSOR)).toBeGreaterThan(screen.lastIndexOf('\u001b[?25l'));
      expect(readdirSync(base)).toEqual(['packages.json']);
    },
  );
});
