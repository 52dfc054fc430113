import { type ProgramRef, ShootdownError, type Word } from '@shootdown/core';
import { INIT_MM } from '@shootdown/mm';
import type { Kernel } from './kernel.js';

/** A kernel thread of the strategy: one on every CPU. */
export interface RunnableThread {
  readonly name: string;
  /** Not 0: the thread of this CPU has been woken. */
  readonly wake: (cpu: number) => Word;
  /** What it does once per wake-up. */
  readonly run: ProgramRef<[]>;
}

/** What the scheduler of a kernel remembers whose strategy has kernel threads. */
export interface RunQueue {
  readonly threads: readonly RunnableThread[];
  /** Their wake words on a CPU. */
  readonly wakeWords: (cpu: number) => readonly Word[];
  /** Number of the machine's thread that runs the thread at this position of `threads` on a CPU. */
  readonly threadOf: (cpu: number, position: number) => number;
  /** `current_task`: number of the thread that a CPU runs. */
  readonly current: (cpu: number) => Word;
  /** The thread that gave the CPU to a kernel thread, and its mm: who gets it back. */
  readonly preempted: (cpu: number) => Word;
  readonly preemptedMm: (cpu: number) => Word;
}

/**
 * The words of the scheduler; undefined when the strategy has no kernel threads. Their machine threads are declared by `addKernelThreads`.
 *
 * @throws ShootdownError INVALID_OPERAND when a thread does not have a word of its own on every CPU to be woken by
 */
export function runQueueOf(kernel: Kernel): RunQueue | undefined {
  const { boot } = kernel;
  const { threads } = kernel.hooks;
  if (threads.length === 0) return undefined;
  const place = { home: (cpu: number) => cpu, wordClass: 'cpu' } as const;
  const { cpuCount } = boot.shape;
  const own = boot.records('runqueue', ['current', 'preempted', 'preempted_mm'], cpuCount, place);
  const words = wakeWordsOf(kernel);
  const perCpu = threads.length + 1;
  const first = boot.threads.length;
  return {
    threads,
    wakeWords: (cpu) => words[cpu] ?? [],
    threadOf: (cpu, position) => first + cpu * perCpu + 1 + position,
    current: own.current,
    preempted: own.preempted,
    preemptedMm: own.preempted_mm,
  };
}

/** The wake words by CPU and position. Threads that shared one would wake each other, or not at all. */
function wakeWordsOf({ boot, hooks, strategy }: Kernel): readonly (readonly Word[])[] {
  const known = new Set<number>();
  const wordOf = ({ name, wake }: RunnableThread, cpu: number): Word => {
    const word = wake(cpu);
    const isOwn = Number.isInteger(word) && word > 0 && word < boot.memory.size && !known.has(word);
    if (!isOwn)
      throw new ShootdownError(
        'INVALID_OPERAND',
        `Strategy '${strategy.name}' wakes thread '${name}' of CPU ${cpu} by ${String(word)}, which is no word or another thread's. Give each thread a word of env.records on every CPU.`,
        { details: { strategy: strategy.name, hook: `threads.${name}.wake`, cpu } },
      );
    known.add(word);
    return word;
  };
  return Array.from({ length: boot.shape.cpuCount }, (_, cpu) => hooks.threads.map((thread) => wordOf(thread, cpu)));
}

/**
 * Declares what every CPU has from boot on: the idle thread (`swapper`), which runs where the workload puts nothing, and the strategy's
 * kernel threads (`smpboot_register_percpu_thread`). All of them sleep.
 */
export function addKernelThreads(kernel: Kernel, { threads }: RunQueue): void {
  const { boot, programs } = kernel;
  const asleep = { daemon: true, asleep: true };
  const start = boot.program('kthread', function* (cpu, position: number) {
    yield* cpu.enableInterrupts();
    return yield* cpu.become(programs.smpbootThreadFn, position);
  });
  for (let cpu = 0; cpu < boot.shape.cpuCount; cpu++) {
    kernel.startCpu(cpu, INIT_MM, { lazy: false, user: false });
    boot.thread(`swapper/${cpu}`, cpu, programs.idle, [0], asleep);
    for (const [position, { name }] of threads.entries()) boot.thread(`${name}/${cpu}`, cpu, start, [position], asleep);
  }
}
