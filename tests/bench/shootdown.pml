/*
 * The small shootdown of shootdown.ts, written by hand: the same machine, programs and granularity, for another explorer.
 * One d_step is one move of the checker: an op, the arrival of an IPI, the taking of a vector, an NMI, a step of the walker.
 * -DN=3: CPUs. -DNMIS=1: NMIs in the whole machine, whose body touches the page. -DEARLY: the handler acknowledges first.
 */
#ifndef N
#define N 2
#endif
#ifndef NMIS
#define NMIS 0
#endif

/* The entry of the page. */
#define MAPPED 0
#define ACCESSED 1
#define CLEARED 2

/* A walk in flight: it reads the upper entry next, or the leaf, or has found a leaf. */
#define NO_WALK 0
#define UPPER 1
#define LEAF 2
#define FOUND 3

/* The op that a handler is at. */
#define IDLE 0
#define EOI 1
#define TAKE 2
#ifdef EARLY
#define ACKNOWLEDGE 3
#define FLUSH 4
#else
#define FLUSH 3
#define ACKNOWLEDGE 4
#endif
#define IRET 5

/* The op that an NMI is at. */
#define NO_NMI 0
#define TOUCH 1
#define NMI_IRET 2

/* The op that the initiator is at: the entry, then a request and an ICR write for each target, its own flush, the waits, the mark that the shootdown is over, its end. */
#define CLEAR 0
#define FLUSH_OWN (2*N - 1)
#define MARK (3*N - 1)
#define END (3*N)

byte pte = MAPPED;
bool request[N];
bool done[N];
byte nmis = NMIS;
byte at = CLEAR;

bool tlb[N];
bool tables[N];
byte walk[N];
byte inFlight[N];
bool isRequested[N];
byte handler[N];
byte nmi[N];
bool hasFaulted[N];

#define isOver (at > MARK)
#define isUser(c) (c != 0 && handler[c] == IDLE && !hasFaulted[c])
#define touches(c) (nmi[c] == TOUCH || (nmi[c] == NO_NMI && isUser(c)))
#define invalidate(c) tlb[c] = false; tables[c] = false; walk[c] = NO_WALK

/* The moves of a CPU besides its kernel's: walks that an access waits for, accesses that hit and that fault, NMIs. */
#define HARDWARE(c) \
  :: d_step { touches(c) && !tlb[c] && pte != CLEARED && walk[c] == NO_WALK -> \
       if \
       :: tables[c] -> walk[c] = LEAF \
       :: else -> walk[c] = UPPER \
       fi } \
  :: d_step { walk[c] == UPPER -> tables[c] = true; walk[c] = LEAF } \
  :: d_step { walk[c] == LEAF -> \
       if \
       :: pte == CLEARED -> walk[c] = NO_WALK \
       :: else -> pte = ACCESSED; walk[c] = FOUND \
       fi } \
  :: d_step { walk[c] == FOUND -> tlb[c] = true; walk[c] = NO_WALK } \
  :: d_step { touches(c) && tlb[c] -> \
       assert(!isOver); \
       if \
       :: nmi[c] == TOUCH -> nmi[c] = NMI_IRET \
       :: else -> skip \
       fi } \
  :: d_step { touches(c) && !tlb[c] && pte == CLEARED -> \
       invalidate(c); \
       if \
       :: nmi[c] == TOUCH -> nmi[c] = NMI_IRET \
       :: else -> hasFaulted[c] = true \
       fi } \
  :: d_step { nmis > 0 && nmi[c] == NO_NMI -> nmis--; nmi[c] = TOUCH } \
  :: d_step { nmi[c] == NMI_IRET -> nmi[c] = NO_NMI }

#define runs(c, op) (nmi[c] == NO_NMI && handler[c] == op)

active proctype initiator()
{
end:
  do
  HARDWARE(0)
  :: d_step { runs(0, IDLE) && at == CLEAR -> pte = CLEARED; at++ }
  :: d_step { runs(0, IDLE) && at > CLEAR && at < FLUSH_OWN && at % 2 == 1 -> request[(at + 1) / 2] = true; at++ }
  :: d_step { runs(0, IDLE) && at > CLEAR && at < FLUSH_OWN && at % 2 == 0 -> inFlight[at / 2]++; at++ }
  :: d_step { runs(0, IDLE) && at == FLUSH_OWN -> invalidate(0); at++ }
  :: d_step { runs(0, IDLE) && at > FLUSH_OWN && at < MARK && done[at - FLUSH_OWN] -> at++ }
  :: d_step { runs(0, IDLE) && (at == MARK || at == END) -> at++ }
  od
}

active [N - 1] proctype target()
{
end:
  do
  HARDWARE(_pid)
  :: d_step { inFlight[_pid] > 0 -> inFlight[_pid]--; isRequested[_pid] = true }
  :: d_step { runs(_pid, IDLE) && isRequested[_pid] -> isRequested[_pid] = false; handler[_pid] = EOI }
  :: d_step { runs(_pid, EOI) -> handler[_pid]++ }
  :: d_step { runs(_pid, TAKE) -> request[_pid] = false; handler[_pid]++ }
  :: d_step { runs(_pid, FLUSH) -> invalidate(_pid); handler[_pid]++ }
  :: d_step { runs(_pid, ACKNOWLEDGE) -> done[_pid] = true; handler[_pid]++ }
  :: d_step { runs(_pid, IRET) -> handler[_pid] = IDLE }
  od
}
