import { ShootdownError } from '@shootdown/core';
import {
  ASSUMPTION_NAMES,
  ASSUMPTIONS,
  assumptionText,
  assumptionValues,
  defaultAssumptions,
  parseAssumption,
  scenarioAssumptions,
  scenarioSchema,
} from '@shootdown/scenarios';
import { describe, expect, it } from 'vitest';

const codeOf = (text: string): string => {
  try {
    parseAssumption(text);
    return 'none';
  } catch (error) {
    return error instanceof ShootdownError ? `${error.code}: ${error.message}` : String(error);
  }
};

describe('assumptions', () => {
  it('have a default among at least two values, a meaning for each, and a source', () => {
    for (const name of ASSUMPTION_NAMES) {
      const values: readonly string[] = assumptionValues(name);
      expect(values.length).toBeGreaterThan(1);
      expect(values).toContain(defaultAssumptions[name]);
      expect(defaultAssumptions[name]).toBe(ASSUMPTIONS[name].default);
      expect(assumptionText(name, defaultAssumptions[name]).length).toBeGreaterThan(10);
      expect(ASSUMPTIONS[name].source.length).toBeGreaterThan(10);
    }
  });

  it('are written name=value', () => {
    expect(parseAssumption('kprobe=touches')).toEqual({ kprobe: 'touches' });
    expect(codeOf('kprobes=touches')).toMatch(/^INVALID_ARGUMENT: .*"kprobes"; choose nmi, uaccessGuard, .*icr\.$/);
    expect(codeOf('kprobe=asks')).toBe('INVALID_ARGUMENT: assumption kprobe=asks: kprobe is one of nothing, touches.');
    expect(codeOf('kprobe')).toMatch(/^INVALID_ARGUMENT/);
  });

  it('of scenarios are those of the schema, with the same values and defaults', () => {
    const { properties } = scenarioSchema as { properties: { assumptions: { properties: object } } };
    const inSchema = properties.assumptions.properties as Record<string, { enum: string[]; default: string }>;
    expect(Object.keys(inSchema).sort()).toEqual(Object.keys(scenarioAssumptions).sort());
    for (const name of ASSUMPTION_NAMES) {
      if (name === 'icr') continue;
      expect([...(inSchema[name]?.enum ?? [])].sort()).toEqual([...assumptionValues(name)].sort());
      expect(inSchema[name]?.default).toBe(defaultAssumptions[name]);
    }
  });
});
