import {
  Action,
  type Machine,
  MACHINE_ACTIONS,
  type MachineAction,
  Opcode,
  pendingOp,
  PROGRAM_OPS,
} from '@shootdown/core';

/** What happened, one line per program op: `cpu: text`. */
export type Log = string[];

const act = (action: number): MachineAction => {
  const found = MACHINE_ACTIONS[action];
  if (found === undefined) throw new Error(`No machine action ${action}.`);
  return found;
};
const deliver = act(Action.deliver);
const takeInterrupt = act(Action.takeInterrupt);
const drain = act(Action.drain);
const finishBroadcast = act(Action.finishBroadcast);

/** One move of a CPU in a fixed preference: interrupt, op, page walk, drain; INVLPGBs are carried out at once. False when it can make none. */
export function step(machine: Machine, cpu: number, log: Log = []): boolean {
  for (let vector = 0; vector < machine.layout.vectorCount; vector++) {
    if (deliver.enabled(machine, cpu, vector)) deliver.apply(machine, cpu, vector);
  }
  for (let choice = 0; choice < finishBroadcast.choices(machine); choice++) {
    if (finishBroadcast.enabled(machine, cpu, choice)) finishBroadcast.apply(machine, cpu, choice);
  }
  if (takeInterrupt.enabled(machine, cpu, 0)) {
    takeInterrupt.apply(machine, cpu, 0);
    return true;
  }
  if (machine.pending(cpu) >= 0 && machine.canExecute(cpu)) {
    const base = machine.pending(cpu);
    const op = PROGRAM_OPS[machine.runner.operands[base] as number];
    log.push(`${cpu}: ${op?.text(machine, base) ?? '?'}`);
    machine.execute(cpu, 0);
    return true;
  }
  if (walk(machine, cpu)) return true;
  if (!drain.enabled(machine, cpu, 0)) return false;
  drain.apply(machine, cpu, 0);
  return true;
}

/** Walks for the page that the CPU waits for. */
function walk(machine: Machine, cpu: number): boolean {
  const name = pendingOp(machine, cpu)?.name;
  if (name !== 'userLoad' && name !== 'userStore') return false;
  const page = machine.runner.operands[machine.pending(cpu) + 1] as number;
  const start = act(Action.startWalk);
  if (!start.enabled(machine, cpu, page)) return false;
  start.apply(machine, cpu, page);
  for (const one of [Action.stepWalk, Action.fill])
    while (act(one).enabled(machine, cpu, 0)) act(one).apply(machine, cpu, 0);
  return machine.canExecute(cpu);
}

/** Runs the CPUs in turn until the given threads have finished. Throws when nobody can move. */
export function runToEnd(machine: Machine, threads: readonly number[], log: Log = [], limit = 100_000): Log {
  for (let round = 0; round < limit; round++) {
    if (threads.every((thread) => machine.isFinished(thread))) return log;
    let moved = false;
    for (let cpu = 0; cpu < machine.layout.cpuCount; cpu++) if (step(machine, cpu, log)) moved = true;
    if (!moved) throw new Error(`Nobody can move. Last steps:\n${log.slice(-30).join('\n')}`);
  }
  throw new Error(`Not finished after ${limit} rounds. Last steps:\n${log.slice(-30).join('\n')}`);
}

/** Every move that a CPU could make now: its op, and each machine action with each choice. */
function* movesOf(machine: Machine, cpu: number): Generator<() => void> {
  const base = machine.pending(cpu);
  if (base >= 0 && machine.canExecute(cpu)) {
    const isChoice = machine.runner.operands[base] === Opcode.choose;
    const ways = isChoice ? (machine.runner.operands[base + 1] as number) : 1;
    for (let way = 0; way < ways; way++) yield () => void machine.execute(cpu, way);
  }
  for (const action of MACHINE_ACTIONS) {
    for (let choice = 0; choice < (action?.choices(machine) ?? 0); choice++) {
      if (action?.enabled(machine, cpu, choice) === true) yield () => action.apply(machine, cpu, choice);
    }
  }
}

/** Runs with moves drawn at random, program ops most often, until the threads have finished or a violation is seen. */
export function runAtRandom(
  machine: Machine,
  threads: readonly number[],
  random: { next(): number },
  limit = 100_000,
): void {
  for (let move = 0; move < limit; move++) {
    if (machine.violations.length > 0 || threads.every((thread) => machine.isFinished(thread))) return;
    const cpu = Math.floor(random.next() * machine.layout.cpuCount);
    const moves = [...movesOf(machine, cpu)];
    const prefersOp = random.next() < 0.7;
    moves[prefersOp ? 0 : Math.floor(random.next() * moves.length)]?.();
  }
  throw new Error(`Not finished after ${limit} random moves.`);
}
