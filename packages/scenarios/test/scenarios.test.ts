import { ShootdownError } from '@shootdown/core';
import {
  scenarioAssumptions,
  findScenario,
  type Scenario,
  scenarioProblems,
  scenarioSchema,
  scenarios,
} from '@shootdown/scenarios';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';

const matches = new Ajv2020({ strict: true, allErrors: true, useDefaults: true }).compile<Scenario>(scenarioSchema);
const builtIns = scenarios.map((scenario) => ({ scenario, name: scenario.name }));

/** The places that the schema refuses, with the offending or missing name. */
function refusedPlaces(value: unknown): readonly string[] {
  if (matches(value)) return [];
  return (matches.errors ?? []).map(({ instancePath, keyword, params }) =>
    [instancePath, keyword, params['missingProperty'] ?? params['additionalProperty']].join(' ').trim(),
  );
}

describe('the built-in scenarios', () => {
  it.each(builtIns)('$name fits the schema without a default being filled in, and breaks no rule', ({ scenario }) => {
    const copy = structuredClone(scenario);
    expect(refusedPlaces(copy)).toEqual([]);
    expect(copy).toEqual(scenario);
    expect(scenarioProblems(scenario)).toEqual([]);
  });

  it('have names of their own, the headline scenario first', () => {
    const names = scenarios.map((scenario) => scenario.name);
    expect(names).toEqual(['madvise', 'munmap', 'mprotect', 'kswapd', 'lazy', 'idle']);
  });

  it('are found by name', () => {
    for (const scenario of scenarios) expect(findScenario(scenario.name)).toBe(scenario);
  });

  it('refuse an unknown name with the names there are', () => {
    const error = expect.objectContaining({
      code: 'UNKNOWN_SCENARIO',
      details: expect.objectContaining({ name: 'madvice' }),
    });
    expect(() => findScenario('madvice')).toThrow(error);
    expect(() => findScenario('madvice')).toThrow(ShootdownError);
    expect(() => findScenario('madvice')).toThrow(/choose madvise, munmap, mprotect, kswapd, lazy, idle/);
  });
});

describe('the schema of scenarios', () => {
  const smallest = {
    schemaVersion: 1,
    name: 'mine',
    title: 'Mine',
    summary: 'Mine.',
    references: ['mine'],
    operation: 'madvise',
    pages: 1,
    bystanders: 'busy',
    touch: 'read',
    timed: { iterations: 10 },
  };

  it('fills in what a file leaves out', () => {
    const copy: Record<string, unknown> = structuredClone(smallest);
    expect(refusedPlaces(copy)).toEqual([]);
    expect(copy).toEqual({
      ...smallest,
      initiators: 1,
      initiatorRunsMm: true,
      timed: { iterations: 10, warmUp: 100 },
      assumptions: scenarioAssumptions,
      choices: [],
    });
  });

  it.each([
    [{ operation: 'mmap' }, '/operation enum'],
    [{ pages: 0 }, '/pages minimum'],
    [{ pages: 513 }, '/pages maximum'],
    [{ bystanders: 'asleep' }, '/bystanders enum'],
    [{ touch: true }, '/touch enum'],
    [{ references: [] }, '/references minItems'],
    [{ schemaVersion: 2 }, '/schemaVersion const'],
    [{ timed: {} }, '/timed required iterations'],
    [{ timed: { iterations: 1.5 } }, '/timed/iterations type'],
    [{ explored: { cpus: 1, flushes: 1, access: 'read' } }, '/explored/cpus minimum'],
    [{ explored: { cpus: 2, flushes: 9, access: 'read' } }, '/explored/flushes maximum'],
    [{ assumptions: { kprobe: 'asks' } }, '/assumptions/kprobe enum'],
    [{ assumptions: { nmy: 'asks' } }, '/assumptions additionalProperties nmy'],
    [{ thread: 4 }, 'additionalProperties thread'],
  ])('refuses %j', (change, place) => {
    expect(refusedPlaces({ ...structuredClone(smallest), ...change })).toEqual([place]);
  });
});

describe('the rules of scenarios', () => {
  const madvise = findScenario('madvise');
  const { timed: _timed, explored: _explored, ...unbounded } = madvise;

  it.each<[Scenario, RegExp]>([
    [unbounded, /^timed and explored are both missing/],
    [{ ...madvise, initiators: 3 }, /^initiators is 3, but explored\.cpus is 2/],
    [{ ...madvise, initiatorRunsMm: false, touch: 'none' }, /^initiatorRunsMm is false, but madvise is a system call/],
    [{ ...findScenario('kswapd'), touch: 'read' }, /^touch is read, but a kernel thread has no user memory/],
    [{ ...findScenario('munmap'), touch: 'read' }, /^touch is read, but nothing is mapped after munmap/],
    [{ ...findScenario('mprotect'), touch: 'write' }, /^touch is write, but mprotect has just forbidden it/],
  ])('are one sentence for each breach (%#)', (scenario, sentence) => {
    expect(scenarioProblems(scenario)).toEqual([expect.stringMatching(sentence)]);
  });
});
