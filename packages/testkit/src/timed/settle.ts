import { Action, MACHINE_ACTIONS, type Machine, type MachineAction, ShootdownError } from '@shootdown/core';

/** Moves after which a machine that will not come to rest is given up. */
const MOST_MOVES = 100_000;

/** What brings an IPI to its handler and a store to memory. */
const TO_REST: readonly MachineAction[] = [
  Action.deliver,
  Action.takeInterrupt,
  Action.drain,
  Action.finishBroadcast,
].map((number) => {
  const action = MACHINE_ACTIONS[number];
  if (action === undefined) throw new ShootdownError('INTERNAL', `There is no machine action ${number}.`);
  return action;
});

/** Lets every IPI arrive and every handler end, while no thread goes on. Returns whether that ends. */
export function settle(machine: Machine): boolean {
  for (let move = 0; move < MOST_MOVES; move++) if (!moveOnce(machine)) return true;
  return false;
}

function moveOnce(machine: Machine): boolean {
  for (let cpu = 0; cpu < machine.layout.cpuCount; cpu++) {
    for (const action of TO_REST)
      for (let choice = 0; choice < action.choices(machine); choice++)
        if (action.enabled(machine, cpu, choice)) {
          action.apply(machine, cpu, choice);
          return true;
        }
    if (machine.top(cpu) >= machine.layout.threadCount && machine.canExecute(cpu)) {
      machine.execute(cpu, 0);
      return true;
    }
  }
  return false;
}
