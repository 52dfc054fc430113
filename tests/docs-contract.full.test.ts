import type { ExplainDocument } from 'shootdown';
import { expect, it } from 'vitest';
import { counterexampleOf, guardTable, restsOn } from './docs/contract-tables.js';
import { code, pathOf, withBlocks } from './docs/page.js';
import { predictionTable } from './docs/prediction-table.js';
import { shootdown } from './docs/shootdown.js';

/** Permission, table and page taken away. What needs store buffers is tried in tests/analysis. */
const CELLS = ['--scenario', 'free-table,reclaim', '--memory', 'sc', '--format', 'json'];
const explained = async (strategy: string): Promise<ExplainDocument> =>
  JSON.parse(await shootdown('explain', strategy, ...CELLS)) as ExplainDocument;

it('docs/contract.md says what each strategy rests on as explain finds it (vitest -u rewrites it)', async () => {
  const sync = await explained('sync');
  const concurrent = await explained('concurrent');
  const asyncInline = await explained('async-inline');
  const blocks = {
    'rests on sync': restsOn(sync),
    'rests on concurrent': restsOn(concurrent),
    'rests on async-inline': restsOn(asyncInline),
    'kprobe counterexample': code('', counterexampleOf(asyncInline, 'kprobe', 'touches')),
    'guard counterexample': code('', counterexampleOf(sync, 'uaccessGuard', 'currentMm')),
    'order counterexample': code('', counterexampleOf(sync, 'switchOrder', 'maskFirst')),
    'device counterexample': code('', counterexampleOf(sync, 'deviceLoad', 'on')),
    guard: guardTable(['sync', 'early'], ['sync', 'async-inline']),
    predictions: predictionTable(),
  };
  await expect(withBlocks('docs/contract.md', blocks)).toMatchFileSnapshot(pathOf('docs/contract.md'));
}, 3_600_000);
