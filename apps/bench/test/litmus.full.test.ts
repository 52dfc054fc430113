import { expect, it } from 'vitest';
import { cli } from './fixtures/laboratory.js';

it('litmus shows what the built-in tests must show', async () => {
  const { exitCode, stdout } = await cli(['litmus', '--format', 'json']);
  const { rows } = JSON.parse(stdout) as { rows: { id: string; expected: object; observed: object; ok: boolean }[] };
  expect([exitCode, rows.filter(({ ok }) => !ok)]).toEqual([0, []]);
  expect(rows.length).toBeGreaterThan(80);
  expect(rows[0]).toMatchObject({ expected: expect.any(Object), observed: { states: expect.any(Number) } });
}, 60_000);
