import {
  type Cpu,
  defineStrategy,
  type Env,
  type FlushRequest,
  type Hooks,
  type Manifest,
  type Program,
  type Strategy,
  type Vector,
  type Word,
} from '@shootdown/plugin';

/** What the parts of the reference share. */
export interface Shared {
  readonly env: Env;
  /** One request at a time. */
  readonly lock: Word;
  /** CPUs that have not answered. */
  readonly waiting: Word;
  readonly request: readonly [mm: Word, firstPage: Word, pageCount: Word, generation: Word];
  readonly vector: Vector;
}

/** The parts in which a broken strategy differs. */
export interface Parts {
  readonly nextGeneration: (shared: Shared, cpu: Cpu, request: FlushRequest) => Program<number>;
  /** Whether a CPU of the mask that is not the initiator is interrupted. Default: all are. */
  readonly isTarget?: (shared: Shared, cpu: Cpu, other: number) => Program<boolean>;
  /** CPUs from this one on are forgotten. */
  readonly firstForgotten: number;
  readonly send: (shared: Shared, cpu: Cpu, targets: readonly number[]) => Program;
  readonly flushHere: (shared: Shared, cpu: Cpu, request: FlushRequest, generation: number) => Program;
  readonly wait: (shared: Shared, cpu: Cpu) => Program;
  readonly handle: (shared: Shared, cpu: Cpu) => Program;
  /** Further hooks. */
  readonly hooks: (shared: Shared) => Partial<Hooks>;
}

/** Interrupts every CPU of the mask, which flushes and then answers; waits for all answers. Right, and slow. */
export const rightParts: Parts = {
  *nextGeneration({ env }, cpu, { mm }) {
    return yield* cpu.call(env.kernel.nextGeneration, mm);
  },
  firstForgotten: Number.POSITIVE_INFINITY,
  *send({ waiting, vector }, cpu, targets) {
    yield* cpu.exchange(waiting, targets.length);
    for (const to of targets) yield* cpu.sendIpi(to, vector);
  },
  *flushHere({ env }, cpu, { mm, firstPage, pageCount }, generation) {
    yield* cpu.disableInterrupts();
    yield* cpu.call(env.kernel.flushHere, mm, firstPage, pageCount, generation);
    yield* cpu.enableInterrupts();
  },
  *wait({ waiting }, cpu) {
    yield* cpu.waitUntil(waiting, 'equal', 0);
  },
  *handle(shared, cpu) {
    yield* flushAsAsked(shared, cpu);
    yield* cpu.fetchAdd(shared.waiting, -1);
  },
  hooks: () => ({}),
};

/** A target does what the request says. */
export function* flushAsAsked({ env, request }: Shared, cpu: Cpu): Program {
  const [mm, firstPage, pageCount, generation] = request;
  const asked = yield* cpu.load(mm);
  const first = yield* cpu.load(firstPage);
  const count = yield* cpu.load(pageCount);
  yield* cpu.call(env.kernel.flushHere, asked, first, count, yield* cpu.load(generation));
}

const PLAIN = { type: 'object', additionalProperties: false, properties: {} };

/** The reference with some parts or some of its manifest replaced. */
export function reference(
  name: string,
  replaced: Partial<Parts> = {},
  manifest: Partial<Manifest<object>> = {},
): Strategy {
  const parts = { ...rightParts, ...replaced };
  return defineStrategy({
    apiVersion: 1,
    name,
    title: `Test: ${name}`,
    summary: 'Interrupts everybody and waits for all answers.',
    references: [],
    optionsSchema: PLAIN,
    ...manifest,
    create(env) {
      const shared = sharedOf(env);
      return {
        *flush(cpu, request) {
          yield* flush(parts, shared, cpu, request);
        },
        handlers: {
          *asked(cpu) {
            yield* parts.handle(shared, cpu);
          },
        },
        ...parts.hooks(shared),
      };
    },
  });
}

function sharedOf(env: Env): Shared {
  const one = env.records('reference', ['lock', 'waiting', 'mm', 'first', 'count', 'generation'], 1);
  const request = [one.mm(0), one.first(0), one.count(0), one.generation(0)] as const;
  return { env, lock: one.lock(0), waiting: one.waiting(0), request, vector: env.vector('asked') };
}

function* flush(parts: Parts, shared: Shared, cpu: Cpu, request: FlushRequest): Program {
  const generation = yield* parts.nextGeneration(shared, cpu, request);
  yield* cpu.waitAndExchange(shared.lock, 'equal', 0, 1);
  const [mm, firstPage, pageCount, asked] = shared.request;
  yield* cpu.store(mm, request.mm);
  yield* cpu.store(firstPage, request.firstPage);
  yield* cpu.store(pageCount, request.pageCount);
  yield* cpu.store(asked, generation);
  const targets: number[] = [];
  let other = yield* cpu.nextSetBit(request.cpus, 0);
  while (other >= 0) {
    if (yield* isAsked(parts, shared, cpu, other)) targets.push(other);
    other = yield* cpu.nextSetBit(request.cpus, other + 1);
  }
  if (targets.length > 0) yield* parts.send(shared, cpu, targets);
  yield* parts.flushHere(shared, cpu, request, generation);
  if (targets.length > 0) yield* parts.wait(shared, cpu);
  yield* cpu.store(shared.lock, 0);
}

function* isAsked({ isTarget, firstForgotten }: Parts, shared: Shared, cpu: Cpu, other: number): Program<boolean> {
  if (other === cpu.id || other >= firstForgotten) return false;
  return isTarget === undefined || (yield* isTarget(shared, cpu, other));
}
