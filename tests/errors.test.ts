import { ERROR_CODES } from '@shootdown/core';
import { expect, it } from 'vitest';
import { pathOf } from './docs/page.js';
import { errorMessagesPage, expectedIn, raisedCodes, testFiles } from './docs/reference/error-codes.js';

const raised = raisedCodes();
const codes = Object.keys(ERROR_CODES);

it('docs/reference/errors.md has the messages of every code (vitest -u rewrites it)', async () => {
  await expect(errorMessagesPage(raised)).toMatchFileSnapshot(pathOf('docs/reference/errors.md'));
});

it('every code of the table is raised by a source', () => {
  expect(codes.filter((code) => ![...raised.keys()].some((each) => each === code))).toEqual([]);
});

it('every code of the table is expected by a test', () => {
  const expected = new Set<string>(testFiles().flatMap(expectedIn));
  expect(codes.filter((code) => !expected.has(code))).toEqual([]);
});
