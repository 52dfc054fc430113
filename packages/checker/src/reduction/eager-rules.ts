/** Which of the reductions are on. */
export interface EagerRules {
  /** Accesses to words that nobody else can still touch, or write, and ops that nobody else can observe. */
  readonly private: boolean;
  /** Accesses to hand-off words by their owner. */
  readonly owned: boolean;
  /** Stores into frames whose contents no program reads. */
  readonly unreadFrames: boolean;
  /** Invalidations of own translations, where they commute with what others do to page tables. */
  readonly invalidations: boolean;
  /** What only makes a difference to what follows a violation, as long as there is none. */
  readonly cleanFirst: boolean;
}
