import { Boot, type KernelCpu, Machine, makePte, type Program, Pte } from '@shootdown/core';
import { SafetyMonitor } from '@shootdown/safety';
import { describe, expect, it } from 'vitest';
import { type Exploration, explore, type MachineFactory } from '../src/index.js';
import { ONE_PAGE } from './one-page.js';

type Body = (cpu: KernelCpu, leaf: number) => Program;

/** CPU 0 runs the one body and CPU 1 the other, under the monitors. */
function machineOf(...bodies: readonly Body[]): MachineFactory {
  return (options) => {
    const boot = new Boot({ ...ONE_PAGE, cpuCount: bodies.length });
    const leaf = boot.tableEntry(0, 0);
    boot.memory.initial(leaf, makePte(0, Pte.writable | Pte.accessed | Pte.dirty));
    bodies.forEach((body, cpu) => {
      const program = boot.program(`cpu${cpu}`, (own) => body(own, leaf));
      boot.thread(`thread${cpu}`, cpu, program, [], {});
    });
    const monitor = new SafetyMonitor(boot, { flushes: 1, rootOf: () => 0, ownsFrames: true });
    return new Machine(boot, { ...options, monitor });
  };
}

function told(
  bodies: readonly Body[],
  rememberMoves: number,
): Pick<Exploration, 'states' | 'transitions' | 'terminalStates' | 'violations'> {
  const found = explore(machineOf(...bodies), { rememberMoves, actions: { evictablePages: [0] } });
  const { states, transitions, violations, terminalStates } = found;
  return { states, transitions, terminalStates, violations };
}

/** The change of the page table may still lie in the store buffer when a flush has begun: it revokes what memory still grants. */
function* buffered(cpu: KernelCpu, leaf: number): Program {
  yield* cpu.markCover(0, 0, 1);
  yield* cpu.store(leaf as never, 0);
  yield* cpu.markCall('unmap');
  yield* cpu.markReturn();
}

function* uses(cpu: KernelCpu): Program {
  yield* cpu.userLoad(0);
  yield* cpu.userStore(0, 1);
}

function* releases(cpu: KernelCpu): Program {
  yield* cpu.setFrameOwner(0, -1);
}

function* owns(cpu: KernelCpu): Program {
  yield* cpu.setFrameOwner(0, 0);
  yield* cpu.userStore(0, 1);
}

describe('remembered moves', () => {
  it.each([
    ['a walk while a change of the page table is buffered on another CPU', 'C1 used', [buffered, uses]],
    ['a frame that goes back while another CPU has a store to it buffered', 'C2 released', [releases, owns]],
  ])('are made again where they depend on another CPU: %s', (_title, violated, bodies) => {
    const made = told(bodies, 0);
    expect(told(bodies, 1000)).toEqual(made);
    expect(made.violations.map(({ contract, form }) => `${contract} ${form}`)).toContain(violated);
  });
});
