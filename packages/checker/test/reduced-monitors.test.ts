import { Boot, Machine } from '@shootdown/core';
import { explore, type Exploration, type ExploreOptions, REDUCTIONS } from '@shootdown/checker';
import { SafetyMonitor } from '@shootdown/safety';
import { describe, expect, it } from 'vitest';
import { LITMUS_SHAPE } from './litmus.js';
import { type Body, thread } from './reduced.js';

type Build = (boot: Boot, monitor: SafetyMonitor) => void;

function exploreWatched(build: Build, options: ExploreOptions): Exploration {
  return explore((given) => {
    const boot = new Boot(LITMUS_SHAPE);
    const monitor = new SafetyMonitor(boot, { flushes: 1, rootOf: () => 0 });
    build(boot, monitor);
    return new Machine(boot, { ...given, monitor });
  }, options);
}

const found = ({ violations }: Exploration): readonly string[] =>
  violations.map(({ contract, form }) => `${contract} ${form}`);

describe('reductions under the safety monitor', () => {
  it('leave the tlb_gen of an mm behind a context that is ahead of it', () => {
    const build: Build = (boot, monitor) => {
      const context = boot.records('context', ['gen'], 1, { home: () => 0 });
      const mm = boot.records('mm', ['gen'], 1, { home: () => 1 });
      monitor.watchGeneration({ word: context.gen(0), cpu: 0, pcids: [0] });
      monitor.watchTlbGeneration(0, mm.gen(0));
      const ahead: Body = function* (cpu) {
        yield* cpu.store(context.gen(0), 1);
      };
      thread(boot, 0, ahead, { user: true });
      thread(boot, 1, function* (cpu) {
        yield* cpu.fetchAdd(mm.gen(0), 1);
      });
    };
    for (const reductions of [[], REDUCTIONS])
      expect(found(exploreWatched(build, { reductions }))).toEqual(['C10 ahead']);
  });

  it('tell the way to what lies beyond a violation', () => {
    const build: Build = (boot) => {
      const records = boot.records('record', ['payload'], 1, { wordClass: 'handoff', home: () => 0 });
      const words = boot.records('word', ['mine', 'lock'], 1, { stride: 8 });
      thread(boot, 0, function* (cpu) {
        yield* cpu.waitUntil(words.lock(0), 'equal', 1);
      });
      thread(boot, 1, function* (cpu) {
        yield* cpu.load(records.payload(0));
        yield* cpu.phase('wait');
        yield* cpu.fence();
        yield* cpu.store(words.mine(0), 1);
      });
    };
    for (const reductions of [[], REDUCTIONS]) {
      const exploration = exploreWatched(build, { reductions, expandBeyond: ['C8 read'] });
      expect(found(exploration)).toEqual(['C8 read', 'C6 deadlock']);
      expect(exploration.violations[1]?.trace.at(-1)?.text).toBe('iret');
    }
  });
});
