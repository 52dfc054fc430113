import { describe, expect, it } from 'vitest';
import { type LitmusTest, type LitmusThread, record, runLitmus } from './litmus.js';

/** A shape with what x86-TSO and sequential consistency say about it, and the exact size of its state space. */
interface Shape {
  readonly name: string;
  readonly threads: readonly LitmusThread[];
  readonly final?: LitmusTest['final'];
  readonly tso: Expected;
  readonly sc: Expected;
}
interface Expected {
  readonly outcomes: readonly string[];
  readonly states: number;
  readonly transitions: number;
}

/** Writes 1 to one word, then reads another into a register. */
const storeThenLoad = (store: 'x' | 'y', load: 'x' | 'y', register: number): LitmusThread =>
  function* (cpu, lab) {
    yield* cpu.store(lab[store], 1);
    yield* record(cpu, register, yield* cpu.load(lab[load]));
  };
const fencedStoreThenLoad = (store: 'x' | 'y', load: 'x' | 'y', register: number): LitmusThread =>
  function* (cpu, lab) {
    yield* cpu.store(lab[store], 1);
    yield* cpu.fence();
    yield* record(cpu, register, yield* cpu.load(lab[load]));
  };
const exchangeThenLoad = (store: 'x' | 'y', load: 'x' | 'y', register: number): LitmusThread =>
  function* (cpu, lab) {
    yield* cpu.exchange(lab[store], 1);
    yield* record(cpu, register, yield* cpu.load(lab[load]));
  };
const loadThenStore = (load: 'x' | 'y', store: 'x' | 'y', register: number): LitmusThread =>
  function* (cpu, lab) {
    yield* record(cpu, register, yield* cpu.load(lab[load]));
    yield* cpu.store(lab[store], 1);
  };
const twoStores = (first: 'x' | 'y', firstValue: number, second: 'x' | 'y', secondValue: number): LitmusThread =>
  function* (cpu, lab) {
    yield* cpu.store(lab[first], firstValue);
    yield* cpu.store(lab[second], secondValue);
  };
const twoLoads = (first: 'x' | 'y', second: 'x' | 'y', register: number): LitmusThread =>
  function* (cpu, lab) {
    yield* record(cpu, register, yield* cpu.load(lab[first]));
    yield* record(cpu, register + 1, yield* cpu.load(lab[second]));
  };
const storeOnly = (word: 'x' | 'y'): LitmusThread =>
  function* (cpu, lab) {
    yield* cpu.store(lab[word], 1);
  };
const storeLoadSame = (value: number, register: number): LitmusThread =>
  function* (cpu, lab) {
    yield* cpu.store(lab.x, value);
    yield* record(cpu, register, yield* cpu.load(lab.x));
  };
const n6First: LitmusThread = function* (cpu, lab) {
  yield* cpu.store(lab.x, 1);
  yield* record(cpu, 0, yield* cpu.load(lab.x));
  yield* record(cpu, 1, yield* cpu.load(lab.y));
};
const finalX: LitmusTest['final'] = (machine, lab) => `x=${String(machine.state[lab.x])}`;
const finalXy: LitmusTest['final'] = (machine, lab) =>
  `x=${String(machine.state[lab.x])} y=${String(machine.state[lab.y])}`;
/** Every combination of 0 and 1 in four registers, but for the one in which the two readers see the writes in opposite orders. */
const IRIW_OUTCOMES: readonly string[] = Array.from({ length: 16 }, (_, bits) =>
  [3, 2, 1, 0].map((place, index) => `r${index}=${(bits >> place) & 1}`).join(' '),
).filter((outcome) => outcome !== 'r0=1 r1=0 r2=1 r3=0');
const expected = (states: number, transitions: number, ...outcomes: readonly string[]): Expected => ({
  outcomes,
  states,
  transitions,
});

const SHAPES: readonly Shape[] = [
  {
    name: 'mp',
    threads: [twoStores('x', 1, 'y', 1), twoLoads('y', 'x', 0)],
    tso: expected(64, 107, 'r0=0 r1=0', 'r0=0 r1=1', 'r0=1 r1=1'),
    sc: expected(43, 63, 'r0=0 r1=0', 'r0=0 r1=1', 'r0=1 r1=1'),
  },
  {
    name: 'sb',
    threads: [storeThenLoad('x', 'y', 0), storeThenLoad('y', 'x', 1)],
    tso: expected(113, 226, 'r0=0 r1=0', 'r0=0 r1=1', 'r0=1 r1=0', 'r0=1 r1=1'),
    sc: expected(49, 74, 'r0=0 r1=1', 'r0=1 r1=0', 'r0=1 r1=1'),
  },
  {
    name: 'sb+mfence',
    threads: [fencedStoreThenLoad('x', 'y', 0), fencedStoreThenLoad('y', 'x', 1)],
    tso: expected(79, 128, 'r0=0 r1=1', 'r0=1 r1=0', 'r0=1 r1=1'),
    sc: expected(66, 104, 'r0=0 r1=1', 'r0=1 r1=0', 'r0=1 r1=1'),
  },
  {
    name: 'sb+xchg',
    threads: [exchangeThenLoad('x', 'y', 0), exchangeThenLoad('y', 'x', 1)],
    tso: expected(49, 74, 'r0=0 r1=1', 'r0=1 r1=0', 'r0=1 r1=1'),
    sc: expected(49, 74, 'r0=0 r1=1', 'r0=1 r1=0', 'r0=1 r1=1'),
  },
  {
    name: 'lb',
    threads: [loadThenStore('x', 'y', 0), loadThenStore('y', 'x', 1)],
    tso: expected(56, 86, 'r0=0 r1=0', 'r0=0 r1=1', 'r0=1 r1=0'),
    sc: expected(41, 60, 'r0=0 r1=0', 'r0=0 r1=1', 'r0=1 r1=0'),
  },
  {
    name: 'n5',
    threads: [storeLoadSame(1, 0), storeLoadSame(2, 1)],
    tso: expected(104, 202, 'r0=1 r1=1', 'r0=1 r1=2', 'r0=2 r1=2'),
    sc: expected(65, 98, 'r0=1 r1=1', 'r0=1 r1=2', 'r0=2 r1=2'),
  },
  {
    name: 'n6',
    threads: [n6First, twoStores('y', 2, 'x', 2)],
    final: finalX,
    tso: expected(132, 260, 'r0=1 r1=0 x=1', 'r0=1 r1=0 x=2', 'r0=1 r1=2 x=1', 'r0=1 r1=2 x=2', 'r0=2 r1=2 x=2'),
    sc: expected(59, 86, 'r0=1 r1=0 x=2', 'r0=1 r1=2 x=1', 'r0=1 r1=2 x=2', 'r0=2 r1=2 x=2'),
  },
  {
    name: '2+2w',
    threads: [twoStores('x', 1, 'y', 2), twoStores('y', 1, 'x', 2)],
    final: finalXy,
    tso: expected(65, 118, 'x=1 y=2', 'x=2 y=1', 'x=2 y=2'),
    sc: expected(28, 38, 'x=1 y=2', 'x=2 y=1', 'x=2 y=2'),
  },
  {
    name: 'iriw',
    threads: [storeOnly('x'), storeOnly('y'), twoLoads('x', 'y', 0), twoLoads('y', 'x', 2)],
    tso: expected(2056, 5820, ...IRIW_OUTCOMES),
    sc: expected(1552, 4198, ...IRIW_OUTCOMES),
  },
];

describe.each(SHAPES)('$name', (shape) => {
  it.each(['tso', 'sc'] as const)('under %s', (memory) => {
    const found = runLitmus({
      name: shape.name,
      threads: shape.threads,
      memory,
      ...(shape.final === undefined ? {} : { final: shape.final }),
    });
    expect([...found.outcomes.keys()]).toEqual(shape[memory].outcomes);
    expect([found.verdict, found.states, found.transitions]).toEqual([
      'clean',
      shape[memory].states,
      shape[memory].transitions,
    ]);
  });
});
