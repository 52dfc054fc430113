import { type Cpu, defineStrategy, type Env, type Hooks, type Program, type Strategy } from '@shootdown/plugin';

/** A flush of every CPU of the request by one vector of its own, and a counter of targets that are still to answer. */
export function testStrategy(more: (env: Env) => Partial<Hooks> = () => ({})): Strategy {
  return defineStrategy({
    apiVersion: 1,
    name: 'test',
    title: 'Test',
    summary: 'Flushes by broadcast and counts the answers.',
    references: [],
    optionsSchema: { type: 'object' },
    create(env) {
      const { kernel, records, vector, cpuCount } = env;
      const state = records('test', ['lock', 'waiting', 'mm'], 1);
      const flushVector = vector('test-flush');
      function* flushSelf(cpu: Cpu, mm: number): Program {
        yield* cpu.call(kernel.flushHere, mm, 0, -1, 0);
      }
      return {
        *flush(cpu, { mm }) {
          yield* cpu.call(kernel.nextGeneration, mm);
          yield* cpu.waitAndExchange(state.lock(0), 'equal', 0, 1);
          yield* cpu.store(state.mm(0), mm);
          yield* cpu.exchange(state.waiting(0), cpuCount - 1);
          for (let to = 0; to < cpuCount; to++) if (to !== cpu.id) yield* cpu.sendIpi(to, flushVector);
          yield* cpu.disableInterrupts();
          yield* flushSelf(cpu, mm);
          yield* cpu.enableInterrupts();
          yield* cpu.waitUntil(state.waiting(0), 'equal', 0);
          yield* cpu.store(state.lock(0), 0);
        },
        handlers: {
          *'test-flush'(cpu) {
            yield* flushSelf(cpu, yield* cpu.load(state.mm(0)));
            yield* cpu.fetchAdd(state.waiting(0), -1);
          },
        },
        ...more(env),
      };
    },
  });
}
