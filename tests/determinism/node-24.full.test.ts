import { expect, it } from 'vitest';
import { COMPARE_MORE, stdoutOf } from './command.js';

const NODE_24 = ['npx', '--yes', 'node@24'];

it('the document of a comparison has the same bytes on Node 24', { timeout: 300_000 }, () => {
  expect(stdoutOf(NODE_24, COMPARE_MORE)).toBe(stdoutOf([process.execPath], COMPARE_MORE));
});
