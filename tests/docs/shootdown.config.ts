import { machineProfile } from '@shootdown/core';
import type { ShootdownConfig } from 'shootdown';
import oneByOne from './one-by-one.js';

const haswell = machineProfile('haswell');

const config: ShootdownConfig = {
  strategies: [oneByOne],
  machines: [{ ...haswell, name: 'haswell-pti', features: { ...haswell.features, pti: true } }],
  defaults: {
    compare: { machine: 'haswell-pti', strategy: ['sync', 'one-by-one'], threads: [1, 2, 4], iterations: 200 },
  },
};

export default config;
