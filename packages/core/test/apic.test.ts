import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Action,
  Boot,
  CpuField,
  deliverableVector,
  type KernelCpu,
  Machine,
  MACHINE_ACTIONS,
  type Program,
} from '../src/index.js';
import { acceptIpi, beginService, endService, launchIpi } from '../src/machine/apic.js';
import { SMALL } from './fixtures/small.js';

const VECTORS = 5;

/** The local APIC as SDM vol. 3 §11.8 tells it, with sets instead of registers. */
class ReferenceApic {
  readonly travelling: number[] = [];
  readonly requested = new Set<number>();
  readonly inService = new Set<number>();

  deliverable(): number {
    const highest = Math.max(-1, ...this.requested);
    return highest > Math.max(-1, ...this.inService) ? highest : -1;
  }
  arrive(vector: number): boolean {
    const at = this.travelling.indexOf(vector);
    if (at < 0) return false;
    this.travelling.splice(at, 1);
    this.requested.add(vector);
    return true;
  }
  take(): number {
    const vector = this.deliverable();
    if (vector >= 0) {
      this.requested.delete(vector);
      this.inService.add(vector);
    }
    return vector;
  }
  end(): void {
    if (this.inService.size > 0) this.inService.delete(Math.max(...this.inService));
  }
}

function machineWithVectors(): Machine {
  const boot = new Boot(SMALL);
  const handler = boot.program('handler', function* (cpu: KernelCpu): Program {
    yield* cpu.endOfInterrupt();
  });
  for (let vector = 0; vector < VECTORS; vector++) boot.vector(`vector ${vector}`, handler);
  return new Machine(boot);
}

const bits = (set: ReadonlySet<number>): number => [...set].reduce((sum, vector) => sum | (1 << vector), 0);
const command = fc.record({ kind: fc.constantFrom('send', 'arrive', 'take', 'end'), vector: fc.nat(VECTORS - 1) });

describe('local APIC', () => {
  it('does what the reference does, whatever the order of sends, arrivals, deliveries and EOIs', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        const machine = machineWithVectors();
        const reference = new ReferenceApic();
        const block = machine.layout.cpu(1);
        for (const { kind, vector } of commands) {
          if (kind === 'send') {
            launchIpi(machine, 1, vector);
            reference.travelling.push(vector);
          } else if (kind === 'arrive') {
            const enabled = MACHINE_ACTIONS[Action.deliver]?.enabled(machine, 1, vector);
            if (enabled === true) acceptIpi(machine, 1, vector);
            expect(reference.arrive(vector)).toBe(enabled);
          } else if (kind === 'take') {
            const taken = deliverableVector(machine, 1);
            if (taken >= 0) beginService(machine, 1, taken);
            expect(taken).toBe(reference.take());
          } else {
            endService(machine, 1);
            reference.end();
          }
          expect(machine.state[block + CpuField.irr]).toBe(bits(reference.requested));
          expect(machine.state[block + CpuField.isr]).toBe(bits(reference.inService));
        }
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('absorbs a second request while the first is pending, and keeps one that arrives in service', () => {
    const machine = machineWithVectors();
    launchIpi(machine, 1, 2);
    launchIpi(machine, 1, 2);
    launchIpi(machine, 1, 2);
    acceptIpi(machine, 1, 2);
    acceptIpi(machine, 1, 2);
    expect(deliverableVector(machine, 1)).toBe(2);
    beginService(machine, 1, 2);
    expect(deliverableVector(machine, 1)).toBe(-1);
    acceptIpi(machine, 1, 2);
    expect(deliverableVector(machine, 1)).toBe(-1);
    endService(machine, 1);
    expect(deliverableVector(machine, 1)).toBe(2);
  });
});
