import type { ErrorCode } from '@shootdown/core';
import { type Cpu, defineStrategy, type Env, type Program, type Strategy, type Word } from '@shootdown/plugin';
import { reference, rightParts, type Shared } from './reference.js';

/** A value that is wrong in one way, the case that must reject it, and how. */
export interface Broken {
  readonly what: string;
  readonly value: unknown;
  readonly rejectedBy: string;
  readonly code: ErrorCode;
  /** What the message must tell. */
  readonly tells: string;
}

const broken = (rejectedBy: string, code: ErrorCode, what: string, value: unknown, tells = ''): Broken => ({
  what,
  value,
  rejectedBy,
  code,
  tells,
});

/** A value that the compiler takes for what it is not: what plain JavaScript can do. */
const untyped = (value: unknown): never => value as never;

const withSchema = (name: string, optionsSchema: object): Strategy => reference(name, {}, { optionsSchema });

const optionThrows: Strategy = defineStrategy({
  ...reference('option-throws'),
  optionsSchema: {
    type: 'object',
    additionalProperties: false,
    properties: { mode: { enum: ['plain', 'fancy'], default: 'plain' } },
  },
  create(env, { mode }) {
    if (mode === 'fancy') throw new RangeError('fancy is not written yet');
    return reference('option-throws').create(env, {} as never);
  },
});

/** What an author might do before and after the right thing. */
const around = (name: string, before: (shared: Shared, cpu: Cpu) => Program): Strategy =>
  reference(name, {
    *nextGeneration(shared, cpu, request) {
      yield* before(shared, cpu);
      return yield* rightParts.nextGeneration(shared, cpu, request);
    },
  });

const triesSilently: Strategy = reference('tries-silently', {
  *nextGeneration(shared, cpu, request) {
    Reflect.set(request, 'pageCount', 0);
    return yield* rightParts.nextGeneration(shared, cpu, request);
  },
});

const changesEnv: Strategy = defineStrategy({
  ...reference('changes-env'),
  create(env: Env) {
    untyped(Object.assign(env, { cpuCount: 1 }));
    return reference('changes-env').create(env, {} as never);
  },
});

let boots = 0;
const remembersBoots: Strategy = defineStrategy({
  ...reference('remembers-boots'),
  create(env: Env) {
    const mine = ++boots;
    const mark = env.records('boots', ['count'], 1).count(0);
    return around('remembers-boots', function* (_, cpu) {
      yield* cpu.store(mark, mine);
      if (mine % 2 === 0) yield* cpu.work(10);
    }).create(env, {} as never);
  },
});

const readsTheClock: Strategy = around('reads-the-clock', function* (_, cpu) {
  if (Date.now() < 0) yield* cpu.fence();
});

const prints: Strategy = around('prints', function* (_, cpu) {
  if (cpu.id > 1000) yield* cpu.fence();
  console.debug('flushing');
});

/** Counts in a variable of `create`. */
const counting = (name: string, isSeen: (flushes: number) => boolean): Strategy =>
  defineStrategy({
    ...reference(name),
    create(env: Env) {
      let flushes = 0;
      return around(name, function* (_, cpu) {
        if (isSeen(++flushes)) yield* cpu.fence();
      }).create(env, {} as never);
    },
  });

let latest: Word | undefined;
const latestInstance: Strategy = defineStrategy({
  ...reference('latest-instance'),
  create(env: Env) {
    latest = env.records('latest', ['word'], env.cpuCount).word(env.cpuCount - 1);
    return around('latest-instance', function* (_, cpu) {
      if (latest !== undefined) yield* cpu.store(latest, 1);
    }).create(env, {} as never);
  },
});

/** Answers before it flushes, whatever was asked. */
const early = {
  *handle(shared: Shared, cpu: Cpu): Program {
    const [mm, firstPage, pageCount, generation] = shared.request;
    const asked = yield* cpu.load(mm);
    const first = yield* cpu.load(firstPage);
    const count = yield* cpu.load(pageCount);
    const upTo = yield* cpu.load(generation);
    yield* cpu.fetchAdd(shared.waiting, -1);
    yield* cpu.call(shared.env.kernel.flushHere, asked, first, count, upTo);
  },
};

/** Answers early with a guard for NMIs, so that freed tables are all that is wrong. */
const earlyGuarded: Strategy = defineStrategy({
  ...reference('early-guarded'),
  create(env: Env) {
    const busy = env.records('busy', ['flag'], env.cpuCount, { home: (cpu) => cpu }).flag;
    return reference('early-guarded', {
      *handle(shared, cpu) {
        yield* cpu.store(busy(cpu.id), 1);
        yield* early.handle(shared, cpu);
        yield* cpu.store(busy(cpu.id), 0);
      },
      hooks: () => ({
        *mayAccessUser(cpu) {
          return yield* cpu.test(busy(cpu.id), 'equal', 0);
        },
      }),
    }).create(env, {} as never);
  },
});

const noWait: Strategy = reference('no-wait', { *wait() {} });

const interruptsOff: Strategy = reference('interrupts-off', {
  *wait(shared, cpu) {
    yield* cpu.disableInterrupts();
    yield* rightParts.wait(shared, cpu);
    yield* cpu.enableInterrupts();
  },
  *nextGeneration(shared, cpu, request) {
    const generation = yield* rightParts.nextGeneration(shared, cpu, request);
    // The lock is waited for with interrupts off as well: its owner waits for this CPU.
    yield* cpu.disableInterrupts();
    return generation;
  },
});

const spins: Strategy = reference('spins', {
  *wait({ waiting }, cpu) {
    while ((yield* cpu.load(waiting)) !== -1) yield* cpu.work(10);
  },
});

const leavesInterruptsOff: Strategy = reference('leaves-interrupts-off', {
  *wait(shared, cpu) {
    yield* rightParts.wait(shared, cpu);
    yield* cpu.disableInterrupts();
  },
});

/** Two CPUs that keep interrupting each other. */
const pingPong: Strategy = reference('ping-pong', {
  *handle(shared, cpu) {
    yield* rightParts.handle(shared, cpu);
    yield* cpu.sendIpi(cpu.id === 1 ? 2 : 1, shared.vector);
  },
  *wait({ waiting }, cpu) {
    yield* cpu.waitUntil(waiting, 'notEqual', 1);
  },
});

const alwaysInvpcid: Strategy = reference('always-invpcid', {
  *flushHere(shared, cpu, request, generation) {
    yield* rightParts.flushHere(shared, cpu, request, generation);
    yield* cpu.invpcid(0, shared.env.kernel.kernelPcid(0), request.firstPage);
  },
});

const oneMaskWord: Strategy = reference('one-mask-word', { firstForgotten: 32 });

const ownGeneration: Strategy = reference('own-generation', {
  *nextGeneration({ env }, cpu, { mm }) {
    return mm < 0 ? 0 : ((yield* cpu.fetchAdd(env.kernel.generation(mm), 1)) + 1) | 0;
  },
});

const deferring = (name: string, hooks: (shared: Shared) => object): Strategy =>
  reference(name, { hooks }, { guarantee: { unmap: 'release' } });

const neverReleases: Strategy = deferring('never-releases', () => ({
  *release(cpu: Cpu) {
    yield* cpu.fence();
  },
}));

const skipsLazy: Strategy = reference('skips-lazy', {
  *nextGeneration(_, cpu) {
    yield* cpu.fence();
    return 0;
  },
  *isTarget({ env }, cpu, other) {
    return yield* cpu.test(env.kernel.isLazy(other), 'equal', 0);
  },
});

/** Stores that an ICR write may overtake: the count is no locked op. */
const lateStores: Strategy = reference('late-stores', {
  *send({ waiting, vector }, cpu, targets) {
    yield* cpu.store(waiting, targets.length);
    for (const to of targets) yield* cpu.sendIpi(to, vector);
  },
});

/** A loop whose iterations are never forgotten. */
const unbounded: Strategy = reference('unbounded', {
  *wait({ waiting }, cpu) {
    while (!(yield* cpu.test(waiting, 'equal', 0))) yield* cpu.work(10);
  },
});

/** Each is wrong in one way, and rejected by a case of this name. */
export const brokenStrategies: readonly Broken[] = [
  broken('manifest', 'NOT_A_STRATEGY', 'no strategy', { name: 'plain' }, 'defineStrategy'),
  broken('manifest', 'INVALID_MANIFEST', 'a bad name', reference('Bad Name'), 'name must match'),
  broken(
    'options.defaults',
    'OPTIONS_SCHEMA',
    'a schema that does not compile',
    withSchema('no-schema', { type: 'object', additionalProperties: false, propertees: {} }),
    'propertees',
  ),
  broken(
    'options.defaults',
    'OPTIONS_DEFAULTS',
    'a default that fails the schema',
    withSchema('bad-default', {
      type: 'object',
      additionalProperties: false,
      properties: { n: { type: 'integer', default: 'many' } },
    }),
    'n must be integer',
  ),
  broken(
    'options.values',
    'PLUGIN_THREW',
    'an option value that does not boot',
    optionThrows,
    'fancy is not written yet',
  ),
  broken(
    'inputs.frozen',
    'CHANGED_INPUT',
    'a request that is changed without an error',
    triesSilently,
    'request.pageCount',
  ),
  broken('inputs.frozen', 'CHANGED_INPUT', 'an env that is changed', changesEnv, 'env.cpuCount'),
  broken('determinism.twice', 'NONDETERMINISM', 'a variable of the module', remembersBoots, 'differ'),
  broken('determinism.without-host', 'PLUGIN_THREW', 'a clock', readsTheClock, 'Date was used'),
  broken('determinism.without-host', 'PLUGIN_THREW', 'output', prints, 'console was used'),
  broken(
    'state.words',
    'SHARED_STATE',
    'a variable of create()',
    counting('counts', (flushes) => flushes % 2 === 0),
    'outside',
  ),
  broken(
    'state.two-instances',
    'SHARED_STATE',
    'the words of the latest instance',
    latestInstance,
    'beside which another one',
  ),
  broken(
    'state.used-again',
    'SHARED_STATE',
    'a variable that shows late',
    counting('counts-late', (flushes) => flushes > 7),
    'used before',
  ),
  broken(
    'promises.hooks',
    'NOT_CONFORMING',
    'a deferred guarantee without its hook',
    deferring('no-release', () => ({})),
    'no hook release',
  ),
  broken('promises.release', 'DEADLOCK', 'pages that never come back', neverReleases, ''),
  broken('progress.ends', 'NEVER_FINISHES', 'a spin for ever', spins, 'CPU 0 is at'),
  broken('progress.each-other', 'CONTRACT_VIOLATED', 'waiting with interrupts off', interruptsOff, 'C6'),
  broken('progress.all-at-once', 'DEADLOCK', 'waiting with interrupts off, timed', interruptsOff, 'Nothing can move'),
  broken(
    'progress.interrupts-on',
    'NOT_CONFORMING',
    'interrupts left off',
    leavesInterruptsOff,
    'CPU 0 runs its thread with interrupts off',
  ),
  broken('accounting.ipis', 'NEVER_FINISHES', 'handlers that call each other for ever', pingPong, 'handlers still run'),
  broken('machine.no-invpcid', 'NOT_CONFORMING', 'an instruction that not every machine has', alwaysInvpcid, 'invpcid'),
  broken('cpus.33', 'CONTRACT_VIOLATED', 'a mask of 32 CPUs', oneMaskWord, 'C1 exposed'),
  broken(
    'generations.no-wrap',
    'NOT_CONFORMING',
    'a generation of its own that wraps',
    ownGeneration,
    'beyond the last generation',
  ),
  broken('contract.unmap.user', 'CONTRACT_VIOLATED', 'no wait', noWait, 'C1 exposed'),
  broken('contract.unmap.user', 'UNBOUNDED_PROGRAM', 'a loop without become', unbounded, 'become'),
  broken(
    'contract.free-table.user',
    'CONTRACT_VIOLATED',
    'an early answer for freed tables',
    earlyGuarded,
    'C3 walked',
  ),
  broken(
    'contract.reclaim.user.nmi',
    'CONTRACT_VIOLATED',
    'an early answer without a guard for NMIs',
    reference('unguarded', early),
    'C1 exposed',
  ),
  broken('contract.unmap.lazy', 'CONTRACT_VIOLATED', 'lazy CPUs left out without a generation', skipsLazy, 'C1'),
  broken(
    'contract.unmap.user.late-stores',
    'CONTRACT_VIOLATED',
    'an ICR write that overtakes the request',
    lateStores,
    'overtake',
  ),
];
