import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  costTable,
  cyclesToPs,
  drawProfile,
  machineProfile,
  type MachineProfile,
  machineProfiles,
  PARAMETER_NAMES,
  type ParameterName,
  randomStream,
  unitOf,
} from '../src/index.js';

const haswell = machineProfile('haswell');
const skylake = machineProfile('skylake-2s');

/** Stem of a parameter that is a duration, with `Ps`. */
const costName = (name: ParameterName): string => name.replace(/(Cycles|Ns)$/, 'Ps');
const durations = PARAMETER_NAMES.filter((name) => unitOf(name) === 'cycles' || unitOf(name) === 'ns');

describe('costTable', () => {
  it.each(machineProfiles.map(({ name }) => name))(
    'has an integer cost for every duration of %s, within half a picosecond',
    (name) => {
      const profile = machineProfile(name);
      const costs = new Map(Object.entries(costTable(profile)));
      const switched = new Set<ParameterName>(['retpolineExtraCycles', 'cpumaskAllocCycles']);
      for (const parameter of durations.filter((each) => !switched.has(each))) {
        const { value, unit } = profile.parameters[parameter];
        const exact = unit === 'ns' ? value * 1000 : (value * 1e6) / profile.parameters.clockMhz.value;
        const cost = costs.get(costName(parameter));
        expect(Number.isInteger(cost), parameter).toBe(true);
        expect(Math.abs(Number(cost) - exact), parameter).toBeLessThanOrEqual(0.5 + 1e-6);
      }
    },
  );

  it('converts a known figure: 216 cycles at 3.5 GHz are 61.714 ns', () => {
    const costs = costTable(haswell, { clockMhz: 3500, invlpgCycles: 216 });
    expect(costs.invlpgPs).toBe(61714);
    expect(cyclesToPs(costs, 216)).toBe(61714);
    expect(costs.transferComplexPs).toBe(21200);
  });

  it('resolves the switches of the machine', () => {
    expect(costTable(haswell)).toMatchObject({ retpolineExtraPs: 0, cpumaskAllocPs: 20000 });
    expect(costTable(skylake).retpolineExtraPs).toBe(11538);
    expect(costTable({ ...haswell, features: { ...haswell.features, cpumaskOffstack: false } }).cpumaskAllocPs).toBe(0);
  });

  it('scales reads and upgrades from the transfer of the same distance', () => {
    const costs = costTable(skylake, {
      readFraction: 0.5,
      upgradeFraction: 0.25,
      transferSiblingNs: 8,
      transferComplexNs: 40,
      transferSocketNs: 50,
      transferRemoteNs: 100,
    });
    expect(costs.transferPs).toEqual([0, 8000, 40000, 50000, 100000]);
    expect(costs.readPs).toEqual([0, 4000, 20000, 25000, 50000]);
    expect(costs.upgradePs).toEqual([0, 2000, 10000, 12500, 25000]);
  });

  it('lets a slower clock lengthen cycles and leave nanoseconds alone', () => {
    const fast = costTable(haswell);
    const slow = costTable(haswell, { clockMhz: 1750 });
    expect(slow.invlpgPs).toBeGreaterThan(fast.invlpgPs);
    expect(slow.transferComplexPs).toBe(fast.transferComplexPs);
  });

  it.each<[Record<string, number>, RegExp]>([
    [{ invlpgNs: 3 }, /override of invlpgNs: there is no such parameter/],
    [{ invlpgCycles: -1 }, /-1 is not a usable value in cycles/],
    [{ invlpgCycles: Number.NaN }, /NaN is not a usable value/],
    [{ readFraction: 1.01 }, /1.01 is not a usable value in fraction/],
    [{ clockMhz: 0 }, /0 is not a usable value in mhz/],
  ])('refuses the override %j', (overrides, message) => {
    expect(() => costTable(haswell, overrides)).toThrow(message);
  });
});

const counting = (numbers: readonly number[]) => {
  let taken = 0;
  return { next: () => numbers[taken++ % numbers.length] ?? 0, taken: () => taken };
};

/** Every parameter takes these numbers, one after the other. */
const drawWith = (profile: MachineProfile, numbers: readonly number[]): MachineProfile => {
  const random = counting(numbers);
  return drawProfile(profile, () => random);
};

describe('drawProfile', () => {
  it('draws a parameter alike whatever others the machine has', () => {
    const streams = (name: string) => randomStream(7, name);
    const { nmiEntryCycles: _, ...parameters } = haswell.parameters;
    const [all, fewer] = [
      drawProfile(haswell, streams),
      drawProfile({ ...haswell, parameters } as MachineProfile, streams),
    ];
    expect(fewer.parameters).toEqual((({ nmiEntryCycles: __, ...rest }) => rest)(all.parameters));
  });

  it('takes two numbers per parameter and leaves the fitted ones alone', () => {
    const random = counting([0.1, 0.2, 0.9]);
    const drawn = drawProfile(haswell, () => random);
    expect(random.taken()).toBe(2 * PARAMETER_NAMES.length);
    for (const name of ['madviseWorkCycles', 'ipiDeliverySocketCycles', 'vmallocTouchCycles'] as const) {
      expect(drawn.parameters[name]).toEqual(haswell.parameters[name]);
    }
    expect(drawn.parameters.invlpgCycles.value).not.toBe(haswell.parameters.invlpgCycles.value);
  });

  it('gives back the centre for two middle draws', () => {
    const drawn = drawWith(haswell, [0.5]);
    const others = PARAMETER_NAMES.filter((name) => name !== 'cpumaskAllocCycles');
    for (const name of others) expect(drawn.parameters[name].value).toBeCloseTo(haswell.parameters[name].value, 9);
  });

  it('draws a binary unknown as one end of its range', () => {
    expect(drawWith(haswell, [0.49]).parameters.cpumaskAllocCycles.value).toBe(0);
    expect(drawWith(haswell, [0.5]).parameters.cpumaskAllocCycles.value).toBe(140);
  });

  it('never leaves what is physically possible', () => {
    const unit = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
    fc.assert(
      fc.property(fc.array(unit, { minLength: 1, maxLength: 200 }), (numbers) => {
        const { parameters } = drawWith(skylake, numbers);
        return PARAMETER_NAMES.every(
          (name) => parameters[name].value >= 0 && (unitOf(name) !== 'fraction' || parameters[name].value <= 1),
        );
      }),
      { seed: 1 },
    );
  });

  it('puts 5 % of the draws below the range and 5 % above it', () => {
    const steps = 100;
    let below = 0;
    let above = 0;
    for (let i = 0; i < steps; i++) {
      for (let j = 0; j < steps; j++) {
        const { value, low, high } = drawnInvlpg(i, j, steps);
        if (value < low) below++;
        if (value > high) above++;
      }
    }
    expect(below / steps ** 2).toBeCloseTo(0.05, 2);
    expect(above / steps ** 2).toBeCloseTo(0.05, 2);
  });
});

/** The INVLPG parameter drawn from the middle of cell (i, j) of a grid over the unit square. */
function drawnInvlpg(i: number, j: number, steps: number) {
  return drawWith(haswell, [(i + 0.5) / steps, (j + 0.5) / steps]).parameters.invlpgCycles;
}
