import { readFileSync } from 'node:fs';
import { Schedule, ShootdownError } from '@shootdown/core';
import { conformanceCases, runCase, withoutHost } from '@shootdown/testkit';
import { describe, expect, it } from 'vitest';
import { checkCounters, checkPhases } from '../src/cases/accounting-cases.js';
import { NO_SIGNS } from '../src/exploration-signs.js';
import { subjectOf } from '../src/subject.js';
import { subjectCell } from '../src/timed/subject-cell.js';
import { simulateCell } from '../src/timed/timed-cell.js';
import { reference } from './broken/reference.js';

const right = reference('right');
const page = readFileSync(new URL('../../../docs/conformance.md', import.meta.url), 'utf8');
const headings = page
  .split('\n')
  .filter((line) => line.startsWith('## '))
  .map((line) =>
    line
      .slice(3)
      .toLowerCase()
      .replaceAll(/[^a-z0-9 -]/g, '')
      .replaceAll(' ', '-'),
  );

describe('the cases', () => {
  const all = conformanceCases(right);

  it('have an id each, and a heading of the page that is there', () => {
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    for (const { anchor } of all) expect(headings).toContain(anchor.replace('docs/conformance.md#', ''));
  });

  it('are all documented by their id, or by the beginning of it', () => {
    const missing = all.filter(({ id }) => !page.includes(`\`${id}\``) && !page.includes(`\`${id.split('.')[0]}.*\``));
    expect(missing.map(({ id }) => id)).toEqual([]);
  });

  it('of the quick tier are among all, in the same order', () => {
    const quick = conformanceCases(right, { tier: 'quick' }).map(({ id }) => id);
    expect(all.filter(({ tier }) => tier === 'quick').map(({ id }) => id)).toEqual(quick);
    expect(quick.length).toBeLessThan(all.length);
  });

  it('are left out by the manifest alone, which says why', async () => {
    const declaring = reference('declares', {}, { requires: ['pcid'], guarantee: { freeTable: 'none' } });
    const skipped = conformanceCases(declaring).filter(({ skip }) => skip !== undefined);
    expect(
      skipped.map(({ id }) => id).filter((id) => !all.some((each) => each.id === id && each.skip !== undefined)),
    ).toEqual([
      'machine.no-pcid',
      'machine.pti-no-pcid',
      'contract.free-table.user',
      'contract.free-table.lazy',
      'contract.free-table.idle',
      'contract.free-table.switching',
      'contract.free-table.user.one-cpu',
      'contract.free-table.user.three-cpus.sc',
    ]);
    const [first] = skipped;
    expect(first && (await runCase(first))).toMatchObject({ status: 'left out', reason: first?.skip });
  });

  it('of a value that is refused are those of manifest and options', () => {
    expect(conformanceCases(undefined).map(({ id }) => id)).toEqual(['manifest', 'options.defaults']);
  });
});

describe('a failed case', () => {
  it('says what was expected and seen, and how to see more', async () => {
    const strategy = reference('no-wait', { *wait() {} });
    const found = conformanceCases(strategy, { specifier: './mine.js' }).find(({ id }) => id === 'contract.unmap.user');
    const outcome = found && (await runCase(found));
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'CONTRACT_VIOLATED' } });
    for (const text of [
      "Strategy 'no-wait' fails the conformance case contract.unmap.user.",
      'expected: no violation in any interleaving of unmap on 2 CPUs',
      'seen:     C1 exposed: CPU 1',
      "to see more: npx shootdown check --strategy './mine.js' --scenario unmap --cpus 2",
      'documented in docs/conformance.md#the-safety-contract',
    ])
      expect(outcome?.error?.message).toContain(text);
  });

  it('is CASE_CUT when a limit ended its search', async () => {
    const found = conformanceCases(right, { maxStates: 100 }).find(({ id }) => id === 'contract.unmap.user');
    expect(found && (await runCase(found))).toMatchObject({ error: { code: 'CASE_CUT' } });
  });

  it('is thrown on when the laboratory is at fault', async () => {
    const fault = new ShootdownError('INTERNAL', 'ours');
    const run = (): never => {
      throw fault;
    };
    await expect(runCase({ id: 'x', name: 'x', anchor: 'x', tier: 'quick', run })).rejects.toBe(fault);
  });
});

describe('accounting that does not add up is told', () => {
  const subject = subjectOf(right, {}, undefined, { maxStates: 1, maxNodes: 1, ...NO_SIGNS });
  const cell = subjectCell(subject);
  const result = simulateCell(cell, true);
  const schedule = result.schedule ?? new Schedule();

  it('of phases', () => {
    checkPhases(cell, result, schedule, 'Here');
    const phasesNs = { ...result.phasesNs, wait: (result.phasesNs['wait'] ?? 0) + 1 };
    expect(() => checkPhases(cell, { ...result, phasesNs }, schedule, 'Here')).toThrow('the phases add up to');
  });

  it.each(['ops', 'ipis'] as const)('of %s', (counter) => {
    checkCounters(cell, result, schedule, 'Here');
    const wrong = { ...result, [counter]: result[counter] + 1000 };
    expect(() => checkCounters(cell, wrong, schedule, 'Here')).toThrow('its moves have');
  });
});

describe('without a host', () => {
  it.each<[string, () => unknown]>([
    ['Date', () => new Date()],
    ['random', () => Math.random()],
    ['performance', () => performance.now()],
    ['setTimeout', () => setTimeout(() => undefined, 1)],
    ['hrtime', () => process.hrtime()],
    ['crypto', () => crypto.randomUUID()],
    ['env', () => process.env['HOME']],
  ])('%s throws, and is back afterwards', (name, use) => {
    expect(() => withoutHost(use)).toThrow(`${name} was used`);
    expect(use).not.toThrow();
  });
});
