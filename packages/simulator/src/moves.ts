import { type Action, FIRST_ACTION, MACHINE_ACTIONS, type Machine, type Schedule } from '@shootdown/core';
import type { CpuTimes } from './cpu-times.js';
import { type TimedViolation, ViolationLog } from './violation-log.js';

type ActionNumber = (typeof Action)[keyof typeof Action];

/** Where machine actions are made. Each move is recorded for replay, and what the monitors say of it gets its time. */
export class Moves {
  readonly #machine: Machine;
  readonly #times: CpuTimes;
  readonly #schedule: Schedule | undefined;
  readonly #log: ViolationLog = new ViolationLog();

  constructor(machine: Machine, times: CpuTimes, schedule: Schedule | undefined) {
    this.#machine = machine;
    this.#times = times;
    this.#schedule = schedule;
  }

  /** The first violation of each contract and form on each CPU, with its time. */
  get violations(): readonly TimedViolation[] {
    return this.#log.violations;
  }

  isEnabled(cpu: number, action: ActionNumber, choice: number): boolean {
    return MACHINE_ACTIONS[action]?.enabled(this.#machine, cpu, choice) === true;
  }

  act(cpu: number, action: ActionNumber, choice: number): void {
    MACHINE_ACTIONS[action]?.apply(this.#machine, cpu, choice);
    this.made(cpu, FIRST_ACTION + action, choice, 0);
  }

  /** A move of the machine, action or op, has been made. */
  made(cpu: number, move: number, choice: number, result: number): void {
    if (this.#machine.violations.length > 0) this.#log.collect(this.#machine, this.#times.nowPs);
    if (this.#schedule !== undefined) this.#schedule.add(cpu, move, choice, result);
  }
}
