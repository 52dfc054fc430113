import { type Boot, type Group, type Records, type Word, wordAt } from '@shootdown/core';
import { type CallFunctionLayout, CSD_FIELDS, type CsdField } from './layout.js';

/**
 * Words of every `call_single_data_t`. A csd is named by a number: the slots of all (initiator, target) pairs first,
 * then one csd on each CPU's kernel stack, then one of each CPU for calls that are no flushes. Both exist on demand only.
 *
 * The payload belongs to one CPU at a time (contract C8): the initiator from taking the lock until the push has
 * succeeded, the target from then until it unlocks. `flags` is the word that passes it on, so anybody may poll it.
 */
export class Csds {
  readonly #cpuCount: number;
  /** Number of (initiator, target) pairs, and so of the first stack csd. */
  readonly #pairs: number;
  readonly #slots: Records<'next'>;
  readonly #stacks: Records<'next'> | undefined;
  readonly #others: Records<'next'> | undefined;
  readonly #offsets: { readonly func: number; readonly info: number; readonly flags: number };

  /** `hasOthers`: CPUs send calls of their own besides the flushes. */
  constructor(boot: Boot, layout: CallFunctionLayout, hasOthers = false) {
    const cpuCount = boot.shape.cpuCount;
    const fields: readonly CsdField[] = CSD_FIELDS[layout.csd];
    const common = { stride: fields.length, wordClass: 'handoff', syncFields: ['flags'] } as const;
    this.#cpuCount = cpuCount;
    this.#pairs = cpuCount ** 2;
    this.#offsets = { func: fields.indexOf('func'), info: fields.indexOf('info'), flags: fields.indexOf('flags') };
    const home = (index: number): number => Math.floor(index / cpuCount);
    const owner = (index: number): number => index % cpuCount;
    this.#slots = boot.records('csd', fields, this.#pairs, { ...common, home, owner });
    this.#stacks =
      layout.singleTargetCsd === 'slot'
        ? undefined
        : boot.records('stack_csd', fields, cpuCount, { ...common, stride: 8, home: (cpu) => cpu, vmalloc: true });
    this.#others = hasOthers
      ? boot.records('other_csd', fields, cpuCount, { ...common, stride: 8, home: (cpu) => cpu })
      : undefined;
  }

  /** The slot of this pair. It lies in the target's per-CPU memory, next to other initiators' slots for it (kernel/smp.c, `cfd->csd`). */
  slot(initiator: number, target: number): number {
    return target * this.#cpuCount + initiator;
  }
  /** The csd on this CPU's kernel stack, or -1 when the layout has none. */
  stack(initiator: number): number {
    return this.#stacks === undefined ? -1 : this.#pairs + initiator;
  }
  /** The csd that this CPU passes to `smp_call_function_single_async` for a call that is no flush. */
  other(initiator: number): number {
    return this.#pairs + this.#cpuCount + initiator;
  }
  /** The CPU that uses the csd to send. */
  initiator(csd: number): number {
    return csd % this.#cpuCount;
  }
  group(csd: number): Group {
    return this.#records(csd).group(this.#index(csd));
  }
  next(csd: number): Word {
    return this.#records(csd).next(this.#index(csd));
  }
  func(csd: number): Word {
    return wordAt(this.next(csd), this.#offsets.func);
  }
  /** The info pointer; in a `line` csd also payload word 0. */
  info(csd: number): Word {
    return wordAt(this.next(csd), this.#offsets.info);
  }
  flags(csd: number): Word {
    return wordAt(this.next(csd), this.#offsets.flags);
  }

  #index(csd: number): number {
    return csd < this.#pairs ? csd : csd % this.#cpuCount;
  }
  #records(csd: number): Records<'next'> {
    if (csd >= this.#pairs + this.#cpuCount) return this.#others ?? this.#slots;
    return csd >= this.#pairs ? (this.#stacks ?? this.#slots) : this.#slots;
  }
}
