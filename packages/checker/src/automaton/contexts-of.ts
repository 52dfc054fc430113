import type { Machine } from '@shootdown/core';

/** The contexts of a CPU: its threads, its interrupt, its NMI and, where CPUs are virtual, its host. */
export function contextsOf({ boot, layout }: Pick<Machine, 'boot' | 'layout'>, cpu: number): readonly number[] {
  const contexts = boot.threads.flatMap((thread, index) => (thread.cpu === cpu ? [index] : []));
  for (let context = layout.threadCount + cpu; context < layout.contexts; context += layout.cpuCount)
    contexts.push(context);
  return contexts;
}
