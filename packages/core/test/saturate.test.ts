import { describe, expect, it } from 'vitest';
import {
  Action,
  Boot,
  countOutcomes,
  type KernelCpu,
  Machine,
  MACHINE_ACTIONS,
  makePte,
  type Program,
  Pte,
} from '../src/index.js';
import { enterTranslation, hasWayFor } from '../src/mmu/translation-set.js';
import { SMALL } from './fixtures/small.js';

const WRITABLE = Pte.writable | Pte.accessed | Pte.dirty;

/** One CPU under a saturated walker; page 0 is mapped to frame 0, with A set unless told otherwise. */
function run(body: (cpu: KernelCpu, boot: Boot) => Program, leaf: number = WRITABLE, translationWays = 4): Machine {
  const boot = new Boot(SMALL);
  boot.memory.initial(boot.tableEntry(0, 0), makePte(1, Pte.writable));
  boot.memory.initial(boot.tableEntry(1, 0), makePte(0, leaf));
  boot.thread(
    't',
    0,
    boot.program('p', (cpu) => body(cpu, boot)),
    [],
  );
  const machine = new Machine(boot, { walker: 'saturated', translationWays, sequentiallyConsistent: true });
  while (machine.canExecute(0)) machine.execute(0, 0);
  return machine;
}

/** In how many ways a load and a store of page 0 can go. */
const ways = (machine: Machine): readonly number[] => [
  countOutcomes(machine, 0, 0, false),
  countOutcomes(machine, 0, 0, true),
];

describe('a saturated walker', () => {
  it('holds what every walk since the last invalidation can have cached', () => {
    expect(ways(run(function* () {}))).toEqual([1, 1]);
    const moved = run(function* (cpu, boot) {
      yield* cpu.store(boot.tableEntry(1, 0), makePte(1, WRITABLE));
    });
    expect(ways(moved)).toEqual([2, 2]);
    const flushed = run(function* (cpu, boot) {
      yield* cpu.store(boot.tableEntry(1, 0), makePte(1, WRITABLE));
      yield* cpu.invlpg(0);
    });
    expect(ways(flushed)).toEqual([1, 1]);
  });

  it('lets an access use a stale translation or fault on a fresh walk', () => {
    const unmapped = run(function* (cpu, boot) {
      yield* cpu.store(boot.tableEntry(1, 0), 0);
    });
    expect(ways(unmapped)).toEqual([2, 2]);
    const readOnly = run(function* (cpu, boot) {
      yield* cpu.store(boot.tableEntry(1, 0), makePte(0, Pte.accessed));
    });
    expect(ways(readOnly)).toEqual([2, 2]);
  });

  it('walks on through a cached pointer to a table that is no longer linked', () => {
    const unlinked = run(function* (cpu, boot) {
      yield* cpu.store(boot.tableEntry(0, 0), 0);
      yield* cpu.store(boot.tableEntry(1, 0), makePte(1, WRITABLE));
    });
    expect(ways(unlinked)).toEqual([3, 3]);
  });

  it('caches no leaf without A: setting it is a move of its own', () => {
    const machine = run(function* () {}, Pte.writable);
    expect(ways(machine)).toEqual([0, 0]);
    expect(MACHINE_ACTIONS[Action.walkWhole]?.enabled(machine, 0, 0)).toBe(true);
    MACHINE_ACTIONS[Action.walkWhole]?.apply(machine, 0, 0);
    expect(ways(machine)).toEqual([1, 1]);
    expect(MACHINE_ACTIONS[Action.walkWhole]?.enabled(machine, 0, 0)).toBe(false);
  });

  it('refuses to forget a translation when its ways are used up', () => {
    const twice = (): Machine =>
      run(
        function* (cpu, boot) {
          yield* cpu.store(boot.tableEntry(1, 0), makePte(1, WRITABLE));
          yield* cpu.store(boot.tableEntry(1, 0), makePte(0, Pte.accessed));
        },
        WRITABLE,
        2,
      );
    expect(twice).toThrow(expect.objectContaining({ code: 'TRANSLATION_SET_FULL' }));
  });

  it('refuses to forget the clean copy of a translation for the dirty one with other marks', () => {
    const boot = new Boot(SMALL);
    const machine = new Machine(boot, { walker: 'saturated', translationWays: 2, sequentiallyConsistent: true });
    const slot = machine.layout.tlbSlot(0, 0, 0);
    const clean = makePte(0, Pte.writable | Pte.accessed);
    enterTranslation(machine, slot, clean, 1);
    enterTranslation(machine, slot, clean, 2);
    const dirtied = clean | Pte.dirty;
    expect(hasWayFor(machine, slot, dirtied, 2)).toBe(true);
    expect(hasWayFor(machine, slot, dirtied, 4)).toBe(false);
    expect(() => enterTranslation(machine, slot, dirtied, 4)).toThrow(
      expect.objectContaining({ code: 'TRANSLATION_SET_FULL' }),
    );
  });
});
