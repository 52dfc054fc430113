import { defineStrategy, type Env, type Mask, type Strategy, type Word } from '@shootdown/plugin';
import { type Scoreboard, type ScoreboardSteps, scoreboardSteps } from './steps.js';

/**
 * FreeBSD/amd64: no lock and no queue. A matrix has a slot for each pair of target and initiator; the initiator zeroes it, the
 * target puts the initiator's generation there, and does so before it invalidates, whatever the request is for.
 */
export const scoreboard: Strategy = scoreboardWith({});

/** The strategy with some of its steps replaced. */
export function scoreboardWith(replaced: Partial<ScoreboardSteps>): Strategy {
  const steps = { ...scoreboardSteps, ...replaced };
  return defineStrategy({
    apiVersion: 1,
    name: 'scoreboard',
    title: 'Scoreboard (FreeBSD)',
    summary:
      'A target stores the initiator’s generation into a matrix before it invalidates; nothing is locked or queued.',
    references: [
      'FreeBSD sys/amd64/amd64/mp_machdep.c: smp_targeted_tlb_shootdown_native, invlop_handler',
      'FreeBSD r363195: the acknowledgement comes before the invalidation',
    ],
    optionsSchema: { type: 'object', additionalProperties: false, properties: {} },
    guarantee: { freeTable: 'none' },
    assumes: [
      {
        name: 'nmi-leaves-user-memory',
        statement: 'NMI handlers touch no user memory, as those of FreeBSD do not.',
        nmi: 'nothing',
      },
    ],
    create(env) {
      const strategy = scoreboardOf(env, steps);
      return {
        *flush(cpu, request) {
          yield* steps.flush(strategy, cpu, request);
        },
        handlers: {
          *invlop(cpu) {
            yield* steps.handle(strategy, cpu);
          },
        },
      };
    },
  });
}

/** Slots and generations begin at 1: a slot of 0 would be a request. */
function scoreboardOf(env: Env, steps: ScoreboardSteps): Scoreboard {
  const { cpuCount, records, initial, vector } = env;
  const requests = records('smp_tlb', ['addr1', 'pages', 'pmap', 'tlbGen', 'gen'], cpuCount, { home: (cpu) => cpu });
  const matrix = records('invl_scoreboard', ['done'], cpuCount ** 2, {
    home: (index) => Math.floor(index / cpuCount),
    stride: 1,
  });
  const slot = (target: number, initiator: number): Word => matrix.done(target * cpuCount + initiator);
  for (let target = 0; target < cpuCount; target++) {
    initial(requests.gen(target), 1);
    for (let initiator = 0; initiator < cpuCount; initiator++) initial(slot(target, initiator), 1);
  }
  const others = Array.from({ length: cpuCount }, (_, cpu) => allBut(env, cpu));
  return { env, steps, requests, slot, others, vector: vector('invlop') };
}

function allBut({ cpuCount, mask, maskWord, initial }: Env, cpu: number): Mask {
  const others = mask(`others ${cpu}`);
  for (let first = 0; first < cpuCount; first += 32) {
    let bits = 0;
    for (let other = first; other < Math.min(first + 32, cpuCount); other++)
      if (other !== cpu) bits |= 1 << (other - first);
    initial(maskWord(others, first), bits);
  }
  return others;
}
