/**
 * Kinds of events, in their order at one instant. Broadcasts arrive at the CPUs of a reach as `broadcast` + its number, vector v as
 * `arrival` + v; `host` takes a virtual CPU away or gives it back.
 */
export const Event = { drain: 0, step: 1, broadcast: 2, tick: 4, host: 5, arrival: 6 } as const;

/** What a CPU is doing between events. */
export const Mode = {
  idle: 0,
  executing: 1,
  walking: 2,
  entering: 3,
  asleep: 4,
  draining: 5,
  leavingGuest: 6,
  enteringGuest: 7,
} as const;
