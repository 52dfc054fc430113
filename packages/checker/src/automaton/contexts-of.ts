import type { Machine } from '@shootdown/core';
import { threadsOf } from './threads-of.js';

/** The contexts of a CPU: its threads, its interrupt, its NMI and, where CPUs are virtual, its host. */
export function contextsOf({ boot, layout }: Pick<Machine, 'boot' | 'layout'>, cpu: number): readonly number[] {
  const contexts = [...threadsOf({ boot }, cpu)];
  for (let context = layout.threadCount + cpu; context < layout.contexts; context += layout.cpuCount)
    contexts.push(context);
  return contexts;
}
