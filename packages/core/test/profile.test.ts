import { describe, expect, it } from 'vitest';
import {
  cpuCountOf,
  isParameterName,
  type MachineProfile,
  machineProfile,
  machineProfiles,
  type Parameter,
  PARAMETER_MEANINGS,
  PARAMETER_NAMES,
  parameterNames,
  type ParameterName,
  type PriorRange,
  profileProblems,
  ShootdownError,
  withCpuCount,
} from '../src/index.js';

const haswell = machineProfile('haswell');

function changed(name: ParameterName, change: Partial<PriorRange>): MachineProfile {
  const parameter: Parameter = { ...haswell.parameters[name], ...change };
  return { ...haswell, parameters: { ...haswell.parameters, [name]: parameter } };
}

const centreOf = ({ low, high }: PriorRange): number => (low + high) / 2;

describe.each(machineProfiles.map((profile) => ({ profile, name: profile.name })))(
  'machine profile $name',
  ({ profile }) => {
    it('breaks no rule', () => {
      expect(profileProblems(profile)).toEqual([]);
    });

    it('lists exactly the parameters of its features, in their order', () => {
      expect(Object.keys(profile.parameters)).toEqual(parameterNames(profile));
    });

    it.each(parameterNames(profile))('keeps %s at the centre of its range unless it is fitted', (name) => {
      const parameter = profile.parameters[name] as Parameter;
      const expectation = parameter.status === 'fitted' ? parameter.prior : parameter;
      expect(expectation.value).toBeCloseTo(centreOf(expectation), 9);
      expect(expectation.high).toBeGreaterThan(expectation.low);
    });

    it('names for every measured or derived figure the document, the section and the figure', () => {
      for (const parameter of Object.values(profile.parameters)) {
        if (parameter.status !== 'measured' && parameter.status !== 'derived') continue;
        expect(Object.values(parameter.source).every((part) => part.length > 0)).toBe(true);
        expect(parameter.source.figure).toMatch(/\d/);
      }
    });
  },
);

describe('the fitted parameters', () => {
  it('are the base, the delivery of an interrupt and the stack penalty of the haswell machine, and no others', () => {
    const fitted = machineProfiles.flatMap((profile) =>
      PARAMETER_NAMES.filter((name) => profile.parameters[name].status === 'fitted').map(
        (name) => `${profile.name} ${name}`,
      ),
    );
    expect(fitted).toEqual([
      'haswell ipiDeliverySocketCycles',
      'haswell madviseWorkCycles',
      'haswell vmallocTouchCycles',
    ]);
  });
});

describe('profileProblems', () => {
  it('reports a value outside its range', () => {
    expect(profileProblems(changed('invlpgCycles', { value: 9999 }))).toEqual([
      expect.stringMatching(/^parameters\.invlpgCycles\.value 9999 lies outside its range/),
    ]);
  });

  it('reports a fraction above one', () => {
    expect(profileProblems(changed('readFraction', { high: 1.5 }))).toEqual([expect.stringContaining('at most 1')]);
  });

  it('reports a unit that contradicts the name', () => {
    const wrong: Parameter = { ...haswell.parameters.eoiCycles, unit: 'ns' };
    const profile = { ...haswell, parameters: { ...haswell.parameters, eoiCycles: wrong } };
    expect(profileProblems(profile)).toEqual([expect.stringContaining('its name says cycles')]);
  });

  it('reports a prior outside its own range', () => {
    const base = haswell.parameters.madviseWorkCycles;
    if (base.status !== 'fitted') throw new Error('madviseWorkCycles is fitted');
    const parameters = { ...haswell.parameters, madviseWorkCycles: { ...base, prior: { ...base.prior, value: -1 } } };
    expect(profileProblems({ ...haswell, parameters })).toEqual([
      expect.stringContaining('madviseWorkCycles.prior.value -1'),
    ]);
  });

  it('reports a fourth fitted parameter', () => {
    const extra: Parameter = {
      ...haswell.parameters.eoiCycles,
      status: 'fitted',
      prior: { value: 60, low: 20, high: 100, note: 'x' },
    };
    const profile = { ...haswell, parameters: { ...haswell.parameters, eoiCycles: extra } };
    expect(profileProblems(profile)).toEqual([expect.stringContaining('at most 3 may be')]);
  });

  it('reports more CPUs than a flat destination addresses, and more than the model holds', () => {
    const topology = { ...haswell.topology, coresPerComplex: 2000 };
    expect(profileProblems({ ...haswell, topology })).toEqual([
      expect.stringContaining('at most 1024'),
      expect.stringContaining('xapic-flat, which addresses at most 8'),
    ]);
  });

  it('reports what belongs to INVLPGB without it, and INVLPGB without what belongs to it', () => {
    const broadcast = { outstanding: 1, pagesPerInvlpgb: 8 };
    expect(profileProblems({ ...haswell, broadcast })).toEqual(['features.invlpgb is false, but broadcast is given.']);
    const features = { ...haswell.features, invlpgb: true };
    expect(profileProblems({ ...haswell, broadcast, features })).toEqual([
      expect.stringContaining('features.invlpgb is true, but parameters.invlpgbCycles, parameters.tlbsyncCycles'),
    ]);
  });

  it('reports entries that do not fill their ways', () => {
    const tlb = { l1Entries: 63, l1Ways: 4, stlbEntries: 1023, stlbWays: 8 };
    expect(profileProblems({ ...haswell, tlb })).toEqual([
      expect.stringContaining('tlb.l1Entries'),
      expect.stringContaining('tlb.stlbEntries'),
    ]);
  });
});

describe('machineProfile', () => {
  it('refuses an unknown name and lists the known ones', () => {
    expect(() => machineProfile('vax')).toThrow(ShootdownError);
    expect(() => machineProfile('vax')).toThrow(/"vax"; choose haswell, skylake-2s, server, milan/);
  });
});

describe('parameter names', () => {
  it('have a meaning each, and nothing else is one', () => {
    expect(PARAMETER_NAMES.length).toBe(new Set(PARAMETER_NAMES).size);
    expect(PARAMETER_NAMES.every((name) => PARAMETER_MEANINGS[name].endsWith('.'))).toBe(true);
    expect(isParameterName('toString')).toBe(false);
    expect(isParameterName('invlpgCycles')).toBe(true);
  });
});

describe('withCpuCount', () => {
  const server = machineProfile('server');

  it.each([1, 2, 3, 28, 56, 100, 128, 129, 448, 1000, 1024])(
    'gives the server at least %i CPUs and less than one core row too many',
    (count) => {
      const { topology } = withCpuCount(server, count);
      const row = topology.sockets * topology.complexesPerSocket * topology.threadsPerCore;
      expect(cpuCountOf(topology)).toBeGreaterThanOrEqual(count);
      expect(cpuCountOf(topology)).toBeLessThan(count + row);
      expect(topology.coresPerComplex).toBeLessThanOrEqual(64);
    },
  );

  it('fills sockets in order', () => {
    expect(withCpuCount(server, 448).topology).toEqual({
      sockets: 4,
      complexesPerSocket: 1,
      coresPerComplex: 56,
      threadsPerCore: 2,
    });
  });

  it('leaves a full machine as it is', () => {
    expect(withCpuCount(haswell, 4)).toEqual(haswell);
  });

  it('refuses more CPUs than there are, and counts that are none', () => {
    expect(() => withCpuCount(haswell, 5)).toThrow(/haswell has 4 CPUs, 5 were asked for/);
    expect(() => withCpuCount(haswell, 0)).toThrow(/positive integer/);
    expect(() => withCpuCount(haswell, 1.5)).toThrow(/positive integer/);
  });
});
