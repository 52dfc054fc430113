import { explore, type Exploration } from '@shootdown/checker';
import { Boot, Machine, type MachineShape, type Word } from '@shootdown/core';

/** Two CPUs store 1 to a word of their own, then read the other's. The keys of `outcomes` are what both have read. */
export function storeBuffering(shape: MachineShape): Exploration {
  const words: { seen?: (cpu: number) => Word } = {};
  const read = ({ state }: Machine, cpu: number): number | undefined => words.seen && state[words.seen(cpu)];
  return explore(
    (options) => {
      const boot = new Boot(shape);
      const x = boot.records('x', ['value', 'seen'], 2);
      words.seen = x.seen;
      const program = boot.program('thread', function* (cpu) {
        yield* cpu.store(x.value(cpu.id), 1);
        const other = yield* cpu.load(x.value(1 - cpu.id));
        yield* cpu.store(x.seen(cpu.id), other);
      });
      for (const cpu of [0, 1]) boot.thread(`t${cpu}`, cpu, program, []);
      return new Machine(boot, options);
    },
    { project: (machine) => `${read(machine, 0)}, ${read(machine, 1)}` },
  );
}
