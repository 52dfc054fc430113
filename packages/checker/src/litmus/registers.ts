import {
  type Boot,
  commonLookout,
  type KernelCpu,
  type Machine,
  type Monitor,
  noMonitor,
  type Op,
} from '@shootdown/core';
import { SafetyMonitor } from '@shootdown/safety';

/** Ghost registers of a test: what threads have read. */
const REGISTERS = 4;

/** Notes a value in a ghost register. The mark is a `cover` of no pages, which covers nothing. */
export function record(cpu: KernelCpu, index: number, value: number): Op {
  return cpu.markCover(index, value, 0);
}

const registersOnly: Monitor = {
  ...noMonitor,
  words: REGISTERS,
  lookout: commonLookout,
  mark(machine, _cpu, _mark, index, value) {
    machine.state[machine.layout.monitor + index] = value + 1;
  },
};

/** The safety contract, with the registers behind its own memory. */
class ContractAndRegisters extends SafetyMonitor {
  override get words(): number {
    return super.words + REGISTERS;
  }

  override mark(machine: Machine, cpu: number, mark: number, a: number, b: number, c: number): void {
    if (mark === 0 && c === 0) machine.state[machine.layout.monitor + super.words + a] = b + 1;
    else super.mark(machine, cpu, mark, a, b, c);
  }
}

/** The monitor of a test; without flushes nothing but the registers. */
export function litmusMonitor(boot: Boot, flushes: number): Monitor {
  if (flushes === 0) return registersOnly;
  return new ContractAndRegisters(boot, { flushes, rootOf: () => 0 });
}

/** `r0=1 r1=0`, registers that were never written left out. */
export function registerText(machine: Machine): string {
  const first = machine.layout.monitor + machine.monitor.words - REGISTERS;
  const values = Array.from({ length: REGISTERS }, (_, index) => machine.state[first + index] as number);
  return values.flatMap((value, index) => (value === 0 ? [] : [`r${index}=${value - 1}`])).join(' ');
}
