import {
  type Cell,
  cellActions,
  cellMachine,
  type Exploration,
  explore,
  type Memory,
  REDUCTIONS,
} from '@shootdown/checker';
import { resolveOptions } from '@shootdown/host';
import { type MessageSteps, messageWith } from '@shootdown/strategy-message';

export interface MessageCell extends Partial<Omit<Cell, 'strategy' | 'options' | 'steps' | 'programs'>> {
  readonly memory?: Memory;
  readonly options?: object;
  /** Steps in place of the strategy's. */
  readonly steps?: Partial<MessageSteps>;
}

/** Explores a cell of the strategy up to its first violation; by default two CPUs, one initiator, a target in user mode, no NMI. */
export function exploreMessage({ memory = 'sc', options = {}, steps = {}, ...change }: MessageCell): Exploration {
  const strategy = messageWith(steps);
  const base = { scenario: 'unmap', targets: 'user', initiators: 1, cpus: 2, nmis: 0, walker: 'demand' } as const;
  const cell: Cell = { ...base, strategy, options: resolveOptions(strategy, options), ...change };
  return explore(cellMachine(cell, memory), {
    actions: cellActions(cell),
    stopAtFirst: true,
    reductions: REDUCTIONS,
    maxStates: 2_000_000,
  });
}

/** The verdict with the size of the graph when it was explored to its end; else the contract that is violated first, and after how many moves. */
export function told({ verdict, isComplete, states, transitions, violations }: Exploration): string {
  const [violation] = violations;
  if (violation !== undefined)
    return `${violation.contract} ${violation.form} after ${violation.trace.length} moves: ${violation.text}`;
  return `${verdict}, ${isComplete ? 'complete' : 'cut'}: ${states} states, ${transitions} transitions`;
}

/** Waits for the reply and for nothing else, so requests of others wait for the monitor. */
export const deaf: Partial<MessageSteps> = {
  *awaitReply({ done }, cpu, to) {
    yield* cpu.waitUntil(done(cpu.id, to), 'equal', 1);
    return true;
  },
};

/** Turns away by a plain store, which the look at the bell may overtake. */
export const unfenced: Partial<MessageSteps> = {
  *turnAway({ attentive }, cpu) {
    yield* cpu.store(attentive(cpu.id), 0);
  },
};

/** Rings and leaves it at that. */
export const silent: Partial<MessageSteps> = {
  *ring({ bell }, cpu, to) {
    yield* cpu.exchange(bell(to), 1);
  },
};

/** Replies before it flushes. */
export const early: Partial<MessageSteps> = {
  *answer({ env, requests, done, seen, channel }, cpu, from, turn) {
    const mm = yield* cpu.load(requests.mm(channel(from, cpu.id)));
    yield* cpu.store(seen(cpu.id, from), turn);
    yield* cpu.exchange(done(from, cpu.id), 1);
    yield* cpu.disableInterrupts();
    yield* cpu.call(env.kernel.flushHere, mm, 0, -1, 0);
    yield* cpu.enableInterrupts();
  },
};
