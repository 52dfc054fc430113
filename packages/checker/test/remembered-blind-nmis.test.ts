import type { Boot } from '@shootdown/core';
import { describe, expect, it } from 'vitest';
import { explore, type Exploration, type Reduction, REDUCTIONS } from '../src/index.js';
import { machineOf, thread, vector } from './reduced.js';

/** Whether CPU 1 may still be interrupted is told by what CPU 0's own program can still do, which an NMI on CPU 0 does not look at. */
function build(boot: Boot): void {
  const words = boot.records('word', ['x', 'y'], 1, { stride: 8 });
  boot.system = {
    nmi: boot.program('nmi', function* (cpu) {
      yield* cpu.load(words.x(0));
    }),
  };
  const poke = vector(boot, function* (cpu) {
    yield* cpu.exchange(words.x(0), 1);
  });
  thread(boot, 0, function* (cpu) {
    const sends = yield* cpu.choose(2);
    for (let turn = 0; turn < 6; turn++) yield* cpu.exchange(words.y(0), turn);
    if (sends) yield* cpu.sendIpi(1, poke);
    else yield* cpu.exchange(words.y(0), 9);
  });
  thread(boot, 1, function* (cpu) {
    yield* cpu.exchange(words.y(0), 8);
  });
}

const told = ({ states, transitions, depth }: Exploration): unknown => ({ states, transitions, depth });

describe('an NMI that is remembered to come to nothing', () => {
  it.each([[['private', 'idle-nmis']], [REDUCTIONS.filter((each) => each !== 'late-moves')], [REDUCTIONS]] as const)(
    'comes to nothing where it is made, too: %o',
    (reductions: readonly Reduction[]) => {
      const make = machineOf(build, { nmiBudget: 1 });
      expect(told(explore(make, { reductions }))).toEqual(told(explore(make, { reductions, rememberMoves: 0 })));
    },
  );
});
