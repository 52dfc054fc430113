import type { Machine } from '../machine/machine.js';

/** A move that no program makes: the hardware's own doing, or the environment's. `choice` says which of several. */
export interface MachineAction {
  readonly name: string;
  /** Choices 0 … n-1 that `enabled` may accept; most of them need not be enabled. */
  choices(machine: Machine): number;
  enabled(machine: Machine, cpu: number, choice: number): boolean;
  apply(machine: Machine, cpu: number, choice: number): void;
  text(machine: Machine, choice: number): string;
}
