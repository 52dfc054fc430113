import { defineStrategy, type Env, type Strategy } from '@shootdown/plugin';
import type { Latr, LatrOptions, LatrSteps } from './latr.js';
import { latrSteps } from './steps.js';

/**
 * LATR: an unmap interrupts nobody. It leaves a record; every CPU sweeps the records of the others at its ticks and context switches, and
 * what was unmapped goes back after two ticks. Whatever may not wait is flushed by IPI.
 */
export const latr: Strategy = latrWith({});

/** The strategy with some of its steps replaced. */
export function latrWith(replaced: Partial<LatrSteps>): Strategy {
  const steps = { ...latrSteps, ...replaced };
  return defineStrategy({
    apiVersion: 1,
    name: 'latr',
    title: 'LATR (lazy)',
    summary:
      'An unmap leaves a record that every CPU sweeps at its next tick; pages come back two ticks later. Nobody is interrupted.',
    references: ['M. K. Kumar et al., "LATR: Lazy Translation Coherence", ASPLOS 2018 (on Linux 4.10), from memory'],
    optionsSchema: {
      type: 'object',
      additionalProperties: false,
      properties: {
        records: {
          type: 'integer',
          minimum: 1,
          maximum: 64,
          default: 64,
          description:
            'Records of a CPU; fewer where the kernel has fewer batches of pages. An unmap that finds none free sends IPIs.',
        },
        ticks: {
          type: 'integer',
          minimum: 1,
          maximum: 8,
          default: 2,
          description:
            'Ticks of the CPU after which what it unmapped goes back. 1 is broken: another CPU may not have ticked yet.',
        },
        reclaim: {
          enum: ['afterTicks', 'whenSwept'],
          default: 'afterTicks',
          description:
            'Pages go back after so many ticks, or at the first tick that finds a record swept by every CPU, however many that takes.',
        },
      },
    },
    guarantee: { unmap: 'release' },
    assumes: [
      {
        name: 'ticks-in-step',
        statement: 'Between two ticks of a CPU every other CPU begins a tick and handles it to its end.',
        maximumTickSkew: 1,
      },
    ],
    create(env, options) {
      const strategy = latrOf(env, options, steps);
      return {
        *flush(cpu, request) {
          yield* steps.flush(strategy, cpu, request);
        },
        *release(cpu, batch) {
          yield* steps.release(strategy, cpu, batch);
        },
        *tick(cpu) {
          yield* steps.sweep(strategy, cpu);
          yield* steps.reclaim(strategy, cpu);
        },
        // Not before CR3 is loaded: then no mm counts as loaded, and the bit would be cleared without an invalidation.
        *afterLoadCr3(cpu, mm) {
          if (mm >= 0) yield* steps.sweep(strategy, cpu);
        },
        *enterIdle(cpu) {
          yield* steps.sweep(strategy, cpu);
        },
      };
    },
  });
}

/** One batch is gathered while the others wait, so there is a record for all but one. */
function latrOf(env: Env, options: LatrOptions, steps: LatrSteps): Latr {
  const { cpuCount, batchesPerCpu, records, mask, callFunction, kernel } = env;
  const perCpu = Math.min(options.records, Math.max(1, batchesPerCpu - 1));
  const count = cpuCount * perCpu;
  const home = (record: number): number => Math.floor(record / perCpu);
  const own = records('latr_cpu', ['next', 'open'], cpuCount, { home: (cpu) => cpu, wordClass: 'cpu' });
  const masks = Array.from({ length: count }, (_, record) => mask(`latr_cpus ${record}`));
  return {
    env,
    options,
    steps,
    remote: callFunction.register(kernel.flushByInfo),
    perCpu,
    state: records('latr_state', ['mm', 'firstPage', 'pageCount', 'tlbGen'], count, { home }),
    owed: (record) => masks[record] as (typeof masks)[number],
    published: records('latr_published', ['records'], cpuCount, { home: (cpu) => cpu }).records,
    held: records('latr_held', ['batch', 'ticksLeft'], count, { home, wordClass: 'cpu' }),
    next: own.next,
    open: own.open,
  };
}
