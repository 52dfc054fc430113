import { makePte, Pte } from '@shootdown/core';
import { describe, expect, it } from 'vitest';
import { type Body, Lab, MM } from './kit.js';
import { around, flushVector, shootdown } from './protocols.js';

const reads: Body = function* (cpu) {
  yield* cpu.userLoad(0);
};
const writes: Body = function* (cpu) {
  yield* cpu.userStore(0, 1);
  yield* cpu.userStore(0, 2);
};

/** CPU 0 takes frame 0 from page 0, gives it back before or after the shootdown; CPU 1 uses the page. */
function lab(order: 'release first' | 'flush first', next: number, use: Body = writes): Lab {
  const made = new Lab({ ownsFrames: true });
  made.boot.initialFrameOwner.set([MM, MM, 1]);
  const flush = shootdown(made, flushVector(made, 'late'), 'late');
  const giveBack: Body = function* (cpu) {
    yield* cpu.setFrameOwner(0, next);
  };
  made.thread('initiator', 0, function* (cpu) {
    yield* cpu.exchange(made.leaf(0), 0);
    if (order === 'release first') yield* giveBack(cpu);
    yield* around(cpu, 'unmap', flush);
    if (order === 'flush first') yield* giveBack(cpu);
  });
  made.thread('user', 1, use, true);
  return made;
}

describe('a frame that goes back to the allocator', () => {
  it.each([-1, 1])('before its flush has returned: an access through the old entry is C1, new owner %d', (next) => {
    const made = lab('release first', next, reads);
    made.fill(1, 0);
    made.step(0, 2);
    made.step(1);
    expect(made.verdict).toEqual(['C1 released']);
  });

  it('before its flush: a store that was made before and is still buffered is C2', () => {
    const made = lab('release first', -1);
    made.fill(1, 0);
    made.step(1);
    made.step(0, 2);
    expect(made.verdict).toEqual(['C2 released']);
  });

  it('after its flush: nothing is left that could reach it', () => {
    const made = lab('flush first', -1);
    made.fill(1, 0);
    made.step(1);
    made.step(0, 4);
    made.interrupt(1, 0 as never);
    made.run(1);
    made.run(0);
    expect(made.verdict).toEqual(['fault unhandled']);
  });
});

describe('a caller that relies on the flush of another', () => {
  const relying = (isFlushed: boolean): Lab => {
    const made = new Lab();
    made.thread('initiator', 0, function* (cpu) {
      yield* cpu.exchange(made.leaf(0), Pte.present);
      yield* cpu.markCover(MM, 0, 1);
      yield* cpu.markCall('unmap');
    });
    made.thread(
      'user',
      1,
      function* (cpu) {
        if (isFlushed) yield* cpu.invlpg(0);
        yield* cpu.markRely(MM, 0, 1);
        yield* cpu.userLoad(0);
      },
      true,
    );
    return made;
  };

  it('before the CPU has invalidated: it is exposed', () => {
    const made = relying(false);
    made.fill(1, 0);
    made.step(0, 3);
    made.step(1);
    expect(made.verdict).toEqual(['C1 exposed']);
  });

  it('after the CPU has invalidated: it is not', () => {
    const made = relying(true);
    made.fill(1, 0);
    made.step(0, 3);
    made.step(1, 2);
    expect(made.verdict).toEqual([]);
  });

  it.each([0, 1])('whichever of two revoked translations the CPU still holds it goes through: way %d', (way) => {
    const made = new Lab({}, {}, { walker: 'saturated', sequentiallyConsistent: true });
    const leaf = (frame: number): number => makePte(frame, Pte.writable | Pte.accessed);
    made.boot.memory.initial(made.leaf(0), leaf(0));
    made.thread('initiator', 0, function* (cpu) {
      yield* cpu.exchange(made.leaf(0), leaf(2));
      yield* cpu.exchange(made.leaf(0), 0);
      yield* cpu.markCover(MM, 0, 1);
      yield* cpu.markCall('unmap');
    });
    made.thread('kernel', 1, function* (cpu) {
      yield* cpu.markRely(MM, 0, 1);
      yield* cpu.userLoad(0);
    });
    made.step(0, 4);
    made.step(1);
    made.machine.execute(1, way);
    expect(made.verdict).toEqual(['C1 exposed', 'C1 used']);
  });

  it('when no flush is in flight: there is nothing to rely on', () => {
    const made = relying(false);
    made.fill(1, 0);
    made.step(1);
    expect(made.verdict).toEqual([]);
  });
});
