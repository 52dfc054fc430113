/** What a litmus test must give: the exact sets of outcomes and violations, and the exact size of the state space. */
export interface Expected {
  readonly states: number;
  readonly transitions: number;
  readonly outcomes: readonly string[];
  readonly violations: readonly string[];
}

export const EXPECTED: Readonly<Record<string, { readonly tso: Expected; readonly sc: Expected }>> = {
  'E1 ptwalk2: after INVLPG the old frame is not read': {
    tso: { states: 42, transitions: 77, outcomes: ['r0=20'], violations: [] },
    sc: { states: 35, transitions: 63, outcomes: ['r0=20'], violations: [] },
  },
  'E2 ptwalk-noinv: without INVLPG the old frame may be read': {
    tso: { states: 34, transitions: 49, outcomes: ['r0=0', 'r0=20'], violations: [] },
    sc: { states: 25, transitions: 31, outcomes: ['r0=0', 'r0=20'], violations: [] },
  },
  'E3 ptwalk3: two reads may take two walks and agree': {
    tso: { states: 18, transitions: 22, outcomes: ['r0=0 r1=0'], violations: [] },
    sc: { states: 18, transitions: 22, outcomes: ['r0=0 r1=0'], violations: [] },
  },
  'E4 ptwalk/new: store and load both use the new frame': {
    tso: { states: 82, transitions: 167, outcomes: ['r0=1 A=0 B=1'], violations: [] },
    sc: { states: 54, transitions: 97, outcomes: ['r0=1 A=0 B=1'], violations: [] },
  },
  'E5 tlbgap: old entry until INVLPG, never after': {
    tso: { states: 56, transitions: 78, outcomes: ['r0=0 r1=0 r2=20', 'r0=0 r1=20 r2=20'], violations: [] },
    sc: { states: 47, transitions: 60, outcomes: ['r0=0 r1=0 r2=20', 'r0=0 r1=20 r2=20'], violations: [] },
  },
  'E23 ROT: a leaf written before its table is linked is seen': {
    tso: { states: 342, transitions: 1093, outcomes: ['r0=20'], violations: [] },
    sc: { states: 330, transitions: 1053, outcomes: ['r0=20'], violations: [] },
  },
  'E23 the other way round: the walk meets an absent leaf': {
    tso: { states: 476, transitions: 1568, outcomes: ['r0=20'], violations: ['fault unhandled'] },
    sc: { states: 436, transitions: 1412, outcomes: ['r0=20'], violations: ['fault unhandled'] },
  },
  'E6 dirtybit: D is set before the store is visible': {
    tso: {
      states: 113,
      transitions: 207,
      outcomes: ['r0=1 r1=0 r2=0 D=1', 'r0=1 r1=0 r2=1 D=1', 'r0=1 r1=1 r2=1 D=1'],
      violations: [],
    },
    sc: {
      states: 86,
      transitions: 141,
      outcomes: ['r0=1 r1=0 r2=0 D=1', 'r0=1 r1=0 r2=1 D=1', 'r0=1 r1=1 r2=1 D=1'],
      violations: [],
    },
  },
  'E7 dirtybit2: D goes into the new entry only': {
    tso: { states: 20, transitions: 21, outcomes: ['r0=0 r1=1 D=1'], violations: [] },
    sc: { states: 17, transitions: 16, outcomes: ['r0=0 r1=1 D=1'], violations: [] },
  },
  'E8 intelbug: a load may pass a store whose D flag is being set': {
    tso: {
      states: 181,
      transitions: 351,
      outcomes: ['r0=30 r1=0', 'r0=30 r1=1', 'r0=31 r1=0', 'r0=31 r1=1'],
      violations: [],
    },
    sc: { states: 108, transitions: 180, outcomes: ['r0=30 r1=1', 'r0=31 r1=0', 'r0=31 r1=1'], violations: [] },
  },
  'E32 D lost: read, then plain store': {
    tso: {
      states: 135,
      transitions: 245,
      outcomes: ['r0=0 A=0 B=1', 'r0=0 A=1 B=20', 'r0=1 A=1 B=20'],
      violations: [],
    },
    sc: { states: 99, transitions: 168, outcomes: ['r0=0 A=0 B=1', 'r0=0 A=1 B=20', 'r0=1 A=1 B=20'], violations: [] },
  },
  'E32 D kept: exchange': {
    tso: { states: 90, transitions: 155, outcomes: ['r0=0 A=0 B=1', 'r0=1 A=1 B=20'], violations: [] },
    sc: { states: 83, transitions: 143, outcomes: ['r0=0 A=0 B=1', 'r0=1 A=1 B=20'], violations: [] },
  },
  'E9 mp': {
    tso: { states: 404, transitions: 773, outcomes: ['r0=1 r1=1', 'r0=30 r1=0', 'r0=30 r1=1'], violations: [] },
    sc: { states: 227, transitions: 388, outcomes: ['r0=1 r1=1', 'r0=30 r1=0', 'r0=30 r1=1'], violations: [] },
  },
  'E10 sb': {
    tso: {
      states: 775,
      transitions: 1770,
      outcomes: ['r0=1 r1=0', 'r0=1 r1=1', 'r0=30 r1=0', 'r0=30 r1=1'],
      violations: [],
    },
    sc: { states: 256, transitions: 444, outcomes: ['r0=1 r1=0', 'r0=1 r1=1', 'r0=30 r1=1'], violations: [] },
  },
  'E11 n5': {
    tso: { states: 212, transitions: 430, outcomes: ['r0=1 r1=1', 'r0=1 r1=2', 'r0=2 r1=2'], violations: [] },
    sc: { states: 137, transitions: 230, outcomes: ['r0=1 r1=1', 'r0=1 r1=2', 'r0=2 r1=2'], violations: [] },
  },
  'E12, E13, E14 synonyms: one location under two names': {
    tso: {
      states: 1338,
      transitions: 3054,
      outcomes: ['r0=1 r1=0', 'r0=1 r1=1', 'r0=1 r1=2', 'r0=2 r1=2'],
      violations: [],
    },
    sc: {
      states: 516,
      transitions: 903,
      outcomes: ['r0=1 r1=0', 'r0=1 r1=1', 'r0=1 r1=2', 'r0=2 r1=2'],
      violations: [],
    },
  },
  'E24 UpdateFromTLB: a cached upper entry leads to the new leaf': {
    tso: { states: 63, transitions: 124, outcomes: ['r0=1'], violations: ['fault unhandled'] },
    sc: { states: 47, transitions: 88, outcomes: ['r0=1'], violations: ['fault unhandled'] },
  },
  'E24 after INVLPG: the store faults': {
    tso: { states: 38, transitions: 72, outcomes: [], violations: ['fault unhandled'] },
    sc: { states: 30, transitions: 56, outcomes: [], violations: ['fault unhandled'] },
  },
  'E25 EntryMerging: a spurious fault, never permissions of two entries': {
    tso: { states: 33, transitions: 40, outcomes: ['A=0 B=1', 'r0=1 A=0 B=1'], violations: [] },
    sc: { states: 29, transitions: 34, outcomes: ['A=0 B=1', 'r0=1 A=0 B=1'], violations: [] },
  },
  'E29 SwitchTable: the same PCID without a flush': {
    tso: { states: 7, transitions: 7, outcomes: [], violations: ['C5 used'] },
    sc: { states: 7, transitions: 7, outcomes: [], violations: ['C5 used'] },
  },
  'E29 SwitchTable: the same PCID with a flush': {
    tso: { states: 14, transitions: 13, outcomes: ['r0=20'], violations: [] },
    sc: { states: 14, transitions: 13, outcomes: ['r0=20'], violations: [] },
  },
  'E29 SwitchTable: a PCID of its own': {
    tso: { states: 14, transitions: 13, outcomes: ['r0=20'], violations: [] },
    sc: { states: 14, transitions: 13, outcomes: ['r0=20'], violations: [] },
  },
};
