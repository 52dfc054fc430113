import { LiveRunner, type Runner } from '@shootdown/core';
import type { Observer } from './observer.js';

/** Tells the observer of frames that begin and end, with the time, and calls `progressed` when it has counted an operation. */
export function listenToFrames(
  runner: Runner,
  observer: Observer | undefined,
  clock: { readonly nowPs: number },
  progressed: () => void,
): void {
  if (observer === undefined || !(runner instanceof LiveRunner)) return;
  runner.listener = {
    programs: observer.framesOf,
    enter: (context, cpu, program) => observer.enter(context, cpu, program, clock.nowPs),
    leave: (context, cpu, program) => {
      const { operations } = observer;
      observer.leave(context, cpu, program, clock.nowPs);
      if (observer.operations !== operations) progressed();
    },
  };
}
