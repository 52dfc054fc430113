import { type Cpu, defineStrategy, type Program, type Strategy } from '@shootdown/plugin';

/**
 * A flush of every other CPU by one vector. It waits for the answers at once, when the pages are released (and promises no
 * more of an unmap), never, or flushes nobody else.
 */
export function broadcast(
  others: 'waited for' | 'waited for at the release' | 'not waited for' | 'left out',
): Strategy {
  const isDeferred = others === 'waited for at the release';
  return defineStrategy({
    apiVersion: 1,
    name: `broadcast, ${others}`,
    title: 'Broadcast',
    summary: 'Interrupts every other CPU and counts the answers.',
    references: [],
    optionsSchema: { type: 'object' },
    ...(isDeferred ? { guarantee: { unmap: 'release' } } : {}),
    create({ kernel, records, vector, cpuCount }) {
      const state = records('broadcast', ['lock', 'waiting', 'mm'], 1);
      const flushVector = vector('broadcast-flush');
      function* flushHere(cpu: Cpu, mm: number): Program {
        yield* cpu.call(kernel.flushHere, mm, 0, -1, 0);
      }
      function* tellOthers(cpu: Cpu, mm: number): Program {
        yield* cpu.store(state.mm(0), mm);
        yield* cpu.exchange(state.waiting(0), cpuCount - 1);
        for (let to = 0; to < cpuCount; to++) if (to !== cpu.id) yield* cpu.sendIpi(to, flushVector);
      }
      return {
        *flush(cpu, { mm }) {
          yield* cpu.call(kernel.nextGeneration, mm);
          yield* cpu.waitAndExchange(state.lock(0), 'equal', 0, 1);
          if (others !== 'left out') yield* tellOthers(cpu, mm);
          yield* cpu.disableInterrupts();
          yield* flushHere(cpu, mm);
          yield* cpu.enableInterrupts();
          if (others === 'waited for') yield* cpu.waitUntil(state.waiting(0), 'equal', 0);
          yield* cpu.store(state.lock(0), 0);
        },
        ...(isDeferred
          ? {
              *release(cpu, batch) {
                yield* cpu.waitUntil(state.waiting(0), 'equal', 0);
                yield* cpu.call(kernel.release, batch);
              },
            }
          : {}),
        handlers: {
          *'broadcast-flush'(cpu) {
            yield* flushHere(cpu, yield* cpu.load(state.mm(0)));
            yield* cpu.fetchAdd(state.waiting(0), -1);
          },
        },
      };
    },
  });
}
