import {
  Boot,
  commonLookout,
  type KernelCpu,
  Machine,
  type Monitor,
  noMonitor,
  type Program,
  type Vector,
} from '@shootdown/core';
import { explore, type ExploreOptions, type MachineFactory, REDUCTIONS } from '@shootdown/checker';
import { expect } from 'vitest';
import { LITMUS_SHAPE } from './litmus.js';

/** Who touches a record that is another's, and who executes user code or uses a page while it is in debt: `mark generation` says who (1: it is, 0: no more). */
const watching: Monitor = {
  ...noMonitor,
  words: LITMUS_SHAPE.cpuCount,
  lookout: {
    ...commonLookout,
    mark: (_machine, _cpu, _mark, debtor, _isOwed, onlooker) => {
      onlooker.common();
      onlooker.mode(debtor);
    },
  },
  mark: (machine, _cpu, _mark, debtor, isOwed) => {
    machine.state[machine.layout.monitor + debtor] = isOwed;
    if (machine.inUserMode(debtor)) watching.exposed(machine, debtor);
  },
  exposed: (machine, cpu) => {
    if (machine.state[machine.layout.monitor + cpu] !== 0) machine.report('C1', 'exposed', cpu, 'in debt');
  },
  access: (machine, cpu) => {
    if (machine.state[machine.layout.monitor + cpu] !== 0) machine.report('C1', 'used', cpu, 'in debt');
  },
  foreignAccess: (machine, cpu) => {
    machine.report('C8', 'touched', cpu, 'foreign access');
  },
};

export interface Options {
  readonly nmiBudget?: number;
  readonly storeBufferDepth?: number;
  readonly sequentiallyConsistent?: boolean;
  readonly probeBudget?: number;
  readonly cpuCount?: number;
  readonly icrWriteDrainsStores?: boolean;
}

/** A machine that `build` gives programs to. */
export function machineOf(build: (boot: Boot) => void, options: Options): MachineFactory {
  return (given) => {
    const boot = new Boot({ ...LITMUS_SHAPE, ...options });
    build(boot);
    return new Machine(boot, { ...given, ...options, monitor: watching });
  };
}

function said(make: MachineFactory, options: ExploreOptions): unknown {
  const project = ({ state, layout }: Machine): string => state.subarray(0, layout.cpuBlock).join();
  const { verdict, violations, outcomes } = explore(make, { ...options, project });
  return {
    verdict,
    violations: violations.map(({ contract, form }) => `${contract} ${form}`).sort(),
    ends: [...outcomes.keys()],
  };
}

/** The reductions change nothing of what is said, and it is something that they could have hidden. */
export function expectSame(
  build: (boot: Boot) => void,
  options: Options,
  violations: readonly string[],
  ends: number,
  beyond: Pick<ExploreOptions, 'expandBeyond'> = {},
): void {
  const make = machineOf(build, options);
  const plain = said(make, beyond) as { violations: readonly string[]; ends: readonly string[] };
  expect([plain.violations, plain.ends.length]).toEqual([violations, ends]);
  expect(said(make, { ...beyond, reductions: REDUCTIONS })).toEqual(plain);
}

export type Body = (cpu: KernelCpu) => Program;
export function thread(
  boot: Boot,
  cpu: number,
  body: Body,
  options: { readonly daemon?: boolean; readonly user?: boolean } = {},
): void {
  const name = `t${cpu}`;
  boot.thread(name, cpu, boot.program(name, body), [], options);
}
export function vector(boot: Boot, body: Body): Vector {
  return boot.vector(
    'poke',
    boot.program('handler', function* (cpu: KernelCpu): Program {
      yield* body(cpu);
      yield* cpu.endOfInterrupt();
    }),
  );
}

/** What random walks hardly ever find: a search meets it first. */
const CHOICES = 30;
export function* isRare(cpu: KernelCpu): Program<boolean> {
  return (yield* cpu.choose(CHOICES)) === 7 && (yield* cpu.choose(CHOICES)) === 9;
}
