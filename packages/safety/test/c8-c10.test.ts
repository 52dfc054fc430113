import type { Word } from '@shootdown/core';
import { describe, expect, it } from 'vitest';
import { type Body, Lab } from './kit.js';
import { around } from './protocols.js';

describe('C8 memory lifetime', () => {
  /** CPU 0 gives a record to CPU 1 and takes it back, then CPU 1 writes it, too late or in time. */
  function lend(late: boolean): Lab {
    const lab = new Lab();
    const csd = lab.boot.records('csd', ['func'], 1, { wordClass: 'handoff', home: () => 0 });
    lab.thread('initiator', 0, function* (cpu) {
      yield* cpu.store(csd.func(0), 1);
      yield* cpu.handOver(csd.group(0), 1).exchange(lab.go, 1);
      yield* cpu.waitUntil(lab.ack, 'equal', 1);
    });
    lab.thread('target', 1, function* (cpu) {
      yield* cpu.waitUntil(lab.go, 'equal', 1);
      if (!late) yield* cpu.store(csd.func(0), 2);
      yield* cpu.handOver(csd.group(0), 0).exchange(lab.ack, 1);
      if (late) yield* cpu.store(csd.func(0), 2);
    });
    lab.run(0);
    lab.run(1);
    lab.run(0);
    return lab;
  }

  it('is violated by a write after the record was given back', () => {
    const lab = lend(true);
    expect(lab.verdict).toEqual(['C8 written']);
    expect(lab.machine.violations[0]?.text).toBe('CPU 1 wrote csd.func, which CPU 0 owns at that time');
  });
  it('holds while the writer owns it', () => {
    expect(lend(false).verdict).toEqual([]);
  });
});

interface Generations {
  readonly lab: Lab;
  readonly mm: Word;
  readonly context: Word;
}
/** tlb_gen of mm 0 and of its context on CPU 1, both at 1; CPU 1 is in the kernel and then returns to user mode. */
function withGenerations(target: (g: Generations) => Body, initiator: (g: Generations) => Body): Generations {
  const lab = new Lab();
  const words = lab.boot.records('gen', ['mm'], 1);
  const own = lab.boot.records('ctx', ['gen'], 2, { home: (cpu) => cpu });
  const g: Generations = { lab, mm: words.mm(0), context: own.gen(1) };
  lab.boot.memory.initial(g.mm, 1);
  lab.boot.memory.initial(g.context, 1);
  lab.monitor.watchTlbGeneration(0, g.mm);
  lab.monitor.watchGeneration({ word: g.context, cpu: 1, pcids: [0] });
  lab.thread('initiator', 0, initiator(g));
  lab.thread('target', 1, target(g));
  return g;
}
/** Unmaps page 0, takes generation 2 and waits for nobody yet. */
const openFlush = ({ lab, mm }: Generations): Body =>
  function* (cpu) {
    yield* cpu.exchange(lab.leaf(0), 0);
    yield* around(cpu, 'unmap', function* (own) {
      const generation = (yield* own.fetchAdd(mm, 1)) + 1;
      yield* own.markGeneration(0, generation);
      yield* own.waitUntil(lab.ack, 'equal', 1);
      yield* own.invlpg(0);
    });
  };

describe('C10 generation invariant', () => {
  const claim =
    (flush: 'before' | 'after' | 'never', generation: number) =>
    ({ context }: Generations): Body =>
      function* (cpu) {
        if (flush === 'before') yield* cpu.invlpg(0);
        yield* cpu.store(context, generation);
        if (flush === 'after') yield* cpu.writeCr3(0, 0, false);
        yield* cpu.returnToUser();
      };
  function judge(flush: 'before' | 'after' | 'never', generation: number): readonly string[] {
    const { lab } = withGenerations(claim(flush, generation), openFlush);
    lab.run(0);
    lab.run(1);
    return lab.verdict;
  }

  it('is violated when a context says it has flushed what it still owes', () => {
    expect(judge('never', 2)).toEqual(['C10 owes']);
  });
  it('holds when it has flushed before, or before the next user instruction as switch_mm does', () => {
    expect(judge('before', 2)).toEqual([]);
    expect(judge('after', 2)).toEqual([]);
  });
  it('is violated by a generation ahead of the mm', () => {
    expect(judge('before', 3)).toEqual(['C10 ahead']);
  });
  it('holds for an older generation whatever is owed', () => {
    expect(judge('never', 1)).toEqual([]);
  });

  it('catches a context that was faster than the announcement of the generation', () => {
    const { lab } = withGenerations(claim('never', 2), openFlush);
    lab.step(0, 4);
    lab.run(1);
    expect(lab.verdict).toEqual([]);
    lab.step(0);
    expect(lab.verdict).toEqual(['C10 owes']);
  });

  it('ignores a generation that is taken outside of a flush', () => {
    const { lab } = withGenerations(
      claim('before', 2),
      ({ mm }) =>
        function* (cpu) {
          yield* cpu.fetchAdd(mm, 1);
          yield* cpu.markGeneration(0, 2);
        },
    );
    lab.run(0);
    lab.run(1);
    expect(lab.verdict).toEqual([]);
  });

  it('does not hold a batch to the generation of its older half', () => {
    const { lab } = withGenerations(
      claim('never', 2),
      ({ mm }) =>
        function* (cpu) {
          for (const page of [0, 1]) {
            yield* cpu.exchange(lab.leaf(page), 0);
            yield* cpu.markCover(0, page, 1);
            if (page === 0) lab.monitor.invalidated(lab.machine, 1, 0, 0);
            else yield* cpu.waitUntil(lab.ack, 'equal', 1);
            yield* cpu.fetchAdd(mm, 1);
            yield* cpu.markGeneration(0, page + 2);
          }
        },
    );
    lab.run(0);
    lab.run(1);
    lab.machine.write(0, lab.ack, 1);
    lab.run(0);
    expect(lab.machine.isFinished(0)).toBe(true);
    expect(lab.verdict).toEqual([]);
  });
});
