import {
  type Boot,
  type Cpu,
  FLUSH_KINDS,
  type Mask,
  type Program,
  type ProgramRef,
  ShootdownError,
  type Vector,
} from '@shootdown/core';
import type { FlushRequest, Hooks } from '@shootdown/plugin';
import type { RunnableThread } from './run-queue.js';

/** A strategy's hooks as registered programs. They belong to the strategy, so they see a `Cpu` without kernel ops. */
export interface HookPrograms {
  readonly flush: ProgramRef<[kind: number, mm: number, firstPage: number, pageCount: number]>;
  readonly handlers: ReadonlyMap<string, ProgramRef<[]>>;
  readonly threads: readonly RunnableThread[];
  readonly mayAccessUser?: ProgramRef<[]>;
  readonly chooseAsid?: ProgramRef<[mm: number]>;
  readonly beforeLoadCr3?: ProgramRef<[mm: number]>;
  readonly afterLoadCr3?: ProgramRef<[mm: number]>;
  readonly kernelEntry?: ProgramRef<[]>;
  readonly returnToUser?: ProgramRef<[]>;
  readonly enterIdle?: ProgramRef<[]>;
  readonly leaveIdle?: ProgramRef<[]>;
  readonly release?: ProgramRef<[batch: number]>;
  readonly beforeReuse?: ProgramRef<[frame: number]>;
  readonly tick?: ProgramRef<[]>;
  readonly vmEntry?: ProgramRef<[]>;
}

/**
 * Registers the hooks. `cpusOf` says which CPUs a request of this kind and mm concerns.
 * Throws INVALID_OPERAND when vectors and handlers do not match.
 */
export function registerHooks(
  boot: Boot,
  hooks: Hooks,
  vectors: ReadonlyMap<string, Vector>,
  cpusOf: (cpu: number, kind: FlushRequest['kind'], mm: number) => Mask,
): HookPrograms {
  checkHandlers(boot.owner, hooks, vectors);
  return {
    flush: boot.program(
      'flush',
      function* (cpu: Cpu, kindIndex: number, mm: number, firstPage: number, pageCount: number): Program {
        const kind = FLUSH_KINDS[kindIndex] ?? 'unmap';
        yield* hooks.flush(cpu, Object.freeze({ kind, mm, firstPage, pageCount, cpus: cpusOf(cpu.id, kind, mm) }));
      },
    ),
    handlers: new Map(
      Object.entries(hooks.handlers ?? {}).map(([name, run]) => [name, boot.program(`handler ${name}`, run)]),
    ),
    threads: Object.entries(hooks.threads ?? {}).map(([name, thread]) => ({
      name,
      wake: (cpu) => thread.wake(cpu),
      run: boot.program(`thread ${name}`, (cpu: Cpu) => thread.run(cpu)),
    })),
    ...optionalHooks(boot, hooks),
  };
}

function optionalHooks(boot: Boot, hooks: Hooks): Omit<HookPrograms, 'flush' | 'handlers' | 'threads'> {
  const plain = <Args extends readonly number[]>(
    name: string,
    run: ((cpu: Cpu, ...args: Args) => Program<number | void>) | undefined,
  ) => (run === undefined ? {} : { [name]: boot.program(name, run) });
  const asks = <Args extends readonly number[]>(
    name: string,
    run: ((cpu: Cpu, ...args: Args) => Program<boolean>) | undefined,
  ) =>
    run === undefined
      ? {}
      : {
          [name]: boot.program(name, function* (cpu: Cpu, ...args: Args): Program<number> {
            return (yield* run(cpu, ...args)) ? 1 : 0;
          }),
        };
  return {
    ...asks('mayAccessUser', hooks.mayAccessUser?.bind(hooks)),
    ...plain('chooseAsid', hooks.chooseAsid?.bind(hooks)),
    ...plain('beforeLoadCr3', hooks.beforeLoadCr3?.bind(hooks)),
    ...plain('afterLoadCr3', hooks.afterLoadCr3?.bind(hooks)),
    ...plain('kernelEntry', hooks.kernelEntry?.bind(hooks)),
    ...plain('returnToUser', hooks.returnToUser?.bind(hooks)),
    ...plain('enterIdle', hooks.enterIdle?.bind(hooks)),
    ...plain('leaveIdle', hooks.leaveIdle?.bind(hooks)),
    ...plain('release', hooks.release?.bind(hooks)),
    ...plain('tick', hooks.tick?.bind(hooks)),
    ...plain('vmEntry', hooks.vmEntry?.bind(hooks)),
    ...asks('beforeReuse', hooks.beforeReuse?.bind(hooks)),
  };
}

function checkHandlers(strategy: string, hooks: Hooks, vectors: ReadonlyMap<string, Vector>): void {
  const handled = new Set(Object.keys(hooks.handlers ?? {}));
  for (const name of vectors.keys()) {
    if (!handled.has(name))
      throw unmatched(strategy, name, `took the vector '${name}' but has no handler for it. Add handlers['${name}']`);
  }
  for (const name of handled) {
    if (!vectors.has(name))
      throw unmatched(
        strategy,
        name,
        `has a handler '${name}' without a vector. Call env.vector('${name}') in create()`,
      );
  }
}

function unmatched(strategy: string, vector: string, what: string): ShootdownError {
  return new ShootdownError('INVALID_OPERAND', `Strategy '${strategy}' ${what}.`, { details: { strategy, vector } });
}
