import { fileURLToPath, pathToFileURL } from 'node:url';
import { createRegistry, type Registry } from '@shootdown/host';
import type { Strategy } from '@shootdown/plugin';
import { asyncInline } from '@shootdown/strategy-async-inline';
import { builtInStrategies } from 'shootdown';
import { strategySource } from '../../packages/host/test/loader/modules.js';
import { type CommandResult, commandLine } from '../kit/command-line.js';

/** The strategy `async-inline` under another name, as a module and in this thread. */
const ASYNC_INLINE = pathToFileURL(
  fileURLToPath(new URL('../../packages/strategy-async-inline/dist/index.js', import.meta.url)),
).href;
const MINE = `import { asyncInline } from '${ASYNC_INLINE}';\nexport default { ...asyncInline, name: 'mine' };`;
const mine: Strategy = { ...asyncInline, name: 'mine' };
/** The laboratory that has the strategy as one of its own. */
export const withMine: Registry = createRegistry([...builtInStrategies.strategies, mine]);

/** A module whose flush is this text. */
const flush = (name: string, body: string, more = ''): string =>
  `export default ${strategySource(name, `create: () => ({ *flush(cpu, request) { ${body} } }), ${more}`)}`;

/** What strangers bring. Nothing in it waits for another CPU, so one that is fine is unsafe on two. */
export const MODULES: Readonly<Record<string, string>> = {
  'package.json': '{ "type": "module" }',
  'mine.js': MINE,
  'fine.js': flush('fine', ''),
  'hangs.js': flush('hangs', 'for (;;);'),
  'hangs-in-create.js': `export default ${strategySource('hangs-in-create', 'create: () => { for (;;); }')}`,
  'hangs-at-import.js': 'for (;;);',
  'prints.js': flush('prints', "console.log('hel\\u001b[2Jlo');"),
  'prints-at-import.js': `console.log('here I am');\n${flush('prints-at-import', '')}`,
  'complains.js': flush('complains', "console.error('look\\u001b[2J here');"),
  'exits.js': flush('exits', 'process.exit(0);'),
  'rejects.js': flush(
    'rejects',
    "Promise.reject(new Error('out of line')); const end = performance.now() + 300; while (performance.now() < end);",
  ),
  'throws.js': flush('throws', "throw new RangeError('no\\u001b[2J target');"),
  'changes.js': flush('changes', 'request.pageCount = 0;'),
  'named-sync.js': flush('sync', ''),
  'named-fine.js': flush('fine', ''),
  'needs-hardware.js': flush('needs-hardware', '', "requires: ['invlpgb']"),
  'throws-at-import.js': "throw new RangeError('no table');",
  'empty.js': '',
  'two.js': `export const a = ${strategySource('a')}; export const b = ${strategySource('b')};`,
  'copy.js': `export default ${strategySource('copy', "[Symbol.for('@shootdown/plugin/strategy')]: 2")}`,
  'version.js': `export default ${strategySource('version', 'apiVersion: 2')}`,
  'schema.js': flush('schema', '', "optionsSchema: { type: 'object', additionalProperties: false, propertys: {} }"),
  'defaults.js': flush(
    'defaults',
    '',
    "optionsSchema: { type: 'object', additionalProperties: false, properties: { a: { type: 'integer', default: 'x' } } }",
  ),
  'node_modules/shootdown-far/package.json': '{ "name": "shootdown-far", "version": "1.2.3", "exports": "./far.mjs" }',
  'node_modules/shootdown-far/far.mjs': flush('far', ''),
  'node_modules/hollow/package.json': '{ "name": "hollow", "version": "1.0.0", "exports": { ".": null } }',
  'with blank/ünï #1 100%.js': flush('spaced', ''),
  'node_modules/sync/package.json': '{ "name": "sync", "version": "6.6.6", "exports": "./throws.mjs" }',
  'node_modules/sync/throws.mjs': "throw new Error('shadowed');",
};

/** `shootdown` for somebody in a folder that has these modules. */
export const inFolder = (folder: string, words: readonly string[]): Promise<CommandResult> =>
  commandLine(words, builtInStrategies, folder);
