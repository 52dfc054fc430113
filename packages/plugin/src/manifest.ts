/** Version of this contract. A strategy written for another one is refused with API_VERSION. */
export const API_VERSION = 1;

/** Form of a strategy's name, a regular expression of JSON Schema. */
export const NAME_PATTERN = '^[a-z][a-z0-9-]{0,63}$';

/**
 * Where the kernel's records lie in memory: several real patches changed nothing else. A field that is left out has its
 * default, the base of the RFC of May 2019 (Linux 5.2-rc).
 */
export interface Layout {
  /** `cpu_tlbstate` in one piece (default), or `is_lazy` apart on a line that other CPUs may read (RFC v2 patch 8). */
  readonly cpuTlbState?: 'together' | 'lazyApart';
  /** Call descriptors of 32 bytes, two a line (default), or one line each with room for 40 bytes of arguments (RFC v2 patch 10). */
  readonly csd?: 'packed' | 'line';
  /** A call to one CPU uses a descriptor on the initiator's stack (default), or the slot of the pair (RFC v1 patch 3). */
  readonly singleTargetCsd?: 'stack' | 'slot';
  /** `flush_tlb_info` in per-CPU memory (default), or on the initiator's stack (RFC v2 patch 12). */
  readonly flushInfo?: 'stack' | 'perCpu';
}

/** A moment of a flush: its return to the caller, or the first re-use of what it covered. */
export type Mark = 'return' | 'release';

/** From which mark on no CPU uses what was flushed. Only `unmap` may be deferred; every other kind holds from `return`. */
export interface Guarantee {
  /** `release`: the pages may still be used until the strategy gives them back with `kernel.release`. Default `return`. */
  readonly unmap?: Mark;
  /**
   * `none`: a walk may still read a page table that a flush freed (contract C3), and whoever frees tables has to see to it by other means.
   * It changes no verdict: `check` and `compare` judge the strategy as any other. The conformance kit leaves those cases out and says so.
   */
  readonly freeTable?: 'return' | 'none';
}

/**
 * Something that must be true of the environment. It is enforced on it, printed with every verdict, and can be switched off to see whether it was needed.
 * One of the two last members says what is enforced.
 */
export interface Assumption {
  /** Lower-case words with hyphens. */
  readonly name: string;
  /** One sentence for a reader of the verdict. */
  readonly statement: string;
  /**
   * In any stretch of time the ticks of any two CPUs differ by at most so many, handlers included: while a CPU begins one tick more than
   * that, every other one begins at least one and handles it to its end.
   */
  readonly maximumTickSkew?: number;
  /** NMI handlers touch no user memory: the assumption `nmi` of a check has this value unless it is given another one. */
  readonly nmi?: 'nothing';
}

/** Hardware without which a strategy cannot run. */
export type RequiredFeature = 'pcid' | 'invpcid' | 'invlpgb';

/** Everything about a strategy that can be known without running it. */
export interface Manifest<Schema extends object> {
  /** The contract version that the strategy was written for. */
  readonly apiVersion: typeof API_VERSION;
  /** Lower-case words with hyphens (`NAME_PATTERN`), unique among the loaded strategies. */
  readonly name: string;
  /** The name for a reader. */
  readonly title: string;
  /** One sentence. */
  readonly summary: string;
  /** Where the protocol comes from: files with a version, message-ids, papers. */
  readonly references: readonly string[];
  /** JSON Schema 2020-12 of the options, with `additionalProperties: false` and the defaults in it. */
  readonly optionsSchema: Schema;
  /** Hardware without which it cannot run; a machine that lacks it is refused with MISSING_HARDWARE. */
  readonly requires?: readonly RequiredFeature[];
  /** Where the kernel's records lie. */
  readonly layout?: Layout;
  /** From which mark on its guarantee holds, where that is not the return. */
  readonly guarantee?: Guarantee;
  /** What it assumes of the environment beyond the laboratory's own assumptions. */
  readonly assumes?: readonly Assumption[];
}
