import { scenarioAssumptions, findScenario, scenarios } from '@shootdown/scenarios';
import { describe, expect, it } from 'vitest';
import { validateScenario } from '../src/validate-scenario.js';

describe('validateScenario', () => {
  it.each(scenarios.map((scenario) => ({ scenario, name: scenario.name })))(
    'accepts the built-in $name',
    ({ scenario }) => {
      expect(validateScenario(scenario, 'built-in')).toEqual(scenario);
    },
  );

  it('fills in what a file leaves out', () => {
    const { assumptions: _assumptions, choices: _choices, ...short } = findScenario('madvise');
    const checked = validateScenario(short, 'mine.json');
    expect(checked.assumptions).toEqual(scenarioAssumptions);
    expect(checked.choices).toEqual([]);
  });

  it.each<[object, RegExp]>([
    [{ pages: 0 }, /^mine\.json is no scenario; correct these places:\n {2}pages must be >= 1$/],
    [
      { byStanders: 'busy' },
      /the scenario must NOT have additional properties: byStanders\. Did you mean bystanders\?/,
    ],
    [
      { assumptions: { kprobe: 'tuoches' } },
      /assumptions\.kprobe must be equal to .* allowed values: nothing, touches/,
    ],
    [{ assumptions: { kprobe: 'touches' } }, /assumptions\.kprobe is touches, but a timed run has no rate for it/],
    [{ operation: 'munmap' }, /touch is write, but nothing is mapped after munmap/],
  ])('refuses %j with the place', (change, message) => {
    const refused = { ...structuredClone(findScenario('madvise')), ...change };
    expect(() => validateScenario(refused, 'mine.json')).toThrow(
      expect.objectContaining({ code: 'INVALID_SCENARIO', message: expect.stringMatching(message) }),
    );
  });
});
