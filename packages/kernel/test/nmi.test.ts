import { Action, Machine, MACHINE_ACTIONS } from '@shootdown/core';
import { INIT_MM, SWITCHING } from '@shootdown/mm';
import { describe, expect, it } from 'vitest';
import { addIdle, addSpinner, bootKernel, type Environment, NO_COSTS } from '../src/index.js';
import { step } from './drive.js';
import { SHAPE } from './shape.js';
import { testStrategy } from './test-strategy.js';

/** Whether an NMI on CPU 0 reads user memory. */
function touches(nmi: Environment['nmi'], state: { lazy?: boolean; agrees?: boolean }): boolean {
  const kernel = bootKernel({
    shape: SHAPE,
    costs: NO_COSTS,
    environment: { nmi },
    strategy: testStrategy(({ initial, records }) => {
      const agrees = records('agrees', ['value'], 1).value(0);
      initial(agrees, state.agrees === false ? 0 : 1);
      return {
        *mayAccessUser(cpu) {
          return yield* cpu.test(agrees, 'equal', 1);
        },
      };
    }),
  });
  if (state.lazy === true) addIdle(kernel.kernel, 0, 0, false);
  else addSpinner(kernel.kernel, 0, 0);
  const machine = new Machine(kernel.boot, { nmiBudget: 1 });
  MACHINE_ACTIONS[Action.takeNmi]?.apply(machine, 0, 0);
  const log: string[] = [];
  while (machine.top(0) === machine.nmiContext(0)) step(machine, 0, log);
  return log.includes('0: read page 0');
}

describe('an NMI handler', () => {
  it('touches user memory as the environment states', () => {
    expect(touches('nothing', {})).toBe(false);
    expect(touches('touches', {})).toBe(true);
    expect(touches('touches', { lazy: true, agrees: false })).toBe(true);
  });

  it('that asks is refused on a lazy CPU and by the strategy', () => {
    expect(touches('asks', {})).toBe(true);
    expect(touches('asks', { lazy: true })).toBe(false);
    expect(touches('asks', { agrees: false })).toBe(false);
  });
});

describe('the guard of user accesses', () => {
  /** What `nmi_uaccess_okay` answers on a CPU whose words say this. */
  function agrees(
    uaccessGuard: Environment['uaccessGuard'],
    words: { loaded?: number; current?: number; lazy?: number },
  ): boolean {
    const kernel = bootKernel({
      shape: SHAPE,
      costs: NO_COSTS,
      environment: { uaccessGuard },
      strategy: testStrategy(),
    });
    addSpinner(kernel.kernel, 0, 0);
    const { tlbState } = kernel.kernel.mm;
    kernel.boot.memory.initial(tlbState.loadedMm(0), words.loaded ?? 0);
    kernel.boot.memory.initial(kernel.kernel.currentMm(0), words.current ?? 0);
    kernel.boot.memory.initial(tlbState.isLazy(0), words.lazy ?? 0);
    const machine = new Machine(kernel.boot, { nmiBudget: 1 });
    MACHINE_ACTIONS[Action.takeNmi]?.apply(machine, 0, 0);
    const log: string[] = [];
    while (machine.top(0) === machine.nmiContext(0)) step(machine, 0, log);
    return log.includes('0: read page 0');
  }

  it.each([
    ['a thread of the loaded mm', {}, [true, true, true, true]],
    ['CR3 being changed', { loaded: SWITCHING }, [false, false, false, false]],
    ['another mm loaded', { loaded: 1 }, [true, false, true, false]],
    [
      'a kernel thread on a borrowed mm, which is not marked lazy any more',
      { current: INIT_MM },
      [true, false, true, false],
    ],
    ['a thread that is being left for a lazy one', { lazy: 1 }, [true, true, false, false]],
  ] as const)('%s', (_state, words, expected) => {
    const guards = ['loadedMm', 'currentMm', 'notLazy', 'lazyAware'] as const;
    expect(guards.map((guard) => agrees(guard, words))).toEqual(expected);
  });
});
