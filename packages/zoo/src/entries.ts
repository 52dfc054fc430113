import type { Entry } from './entry.js';
import { z0 } from './bugs/z00-as-posted.js';
import { z1 } from './bugs/z01-mask-store-unordered.js';
import { z2 } from './bugs/z02-generation-after-ipi.js';
import { z3 } from './bugs/z03-filter-by-loaded-mm.js';
import { z4 } from './bugs/z04-lazy-cpus-and-freed-tables.js';
import { z5 } from './bugs/z05-reclaim-without-mark.js';
import { z6 } from './bugs/z06-migration-before-flush.js';
import { z7 } from './bugs/z07-mremap.js';
import { z8 } from './bugs/z08-clean-without-flush.js';
import { z9 } from './bugs/z09-table-dropped-before-flush.js';
import { z10 } from './bugs/z10-mask-cleared-before-cr3.js';
import { z11 } from './bugs/z11-switch-with-interrupts-on.js';
import { z12 } from './bugs/z12-nmi-while-lazy.js';
import { z13 } from './bugs/z13-host-loses-the-flag.js';
import { z14 } from './bugs/z14-leftover-interrupt.js';
import { z15 } from './bugs/z15-dying-target.js';
import { z16 } from './bugs/z16-lock-with-interrupts-off.js';
import { z17 } from './bugs/z17-mark-after-unlock.js';
import { z18 } from './bugs/z18-partial-flush-always.js';
import { z19 } from './bugs/z19-flush-then-switch.js';
import { z21 } from './bugs/z21-sole-user-frees-at-once.js';
import { z22 } from './bugs/z22-one-kind-of-cpus.js';
import { z23 } from './bugs/z23-freed-tables-not-said.js';
import { z24 } from './bugs/z24-sync-on-another-cpu.js';
import { z26 } from './bugs/z26-walker-without-grace-period.js';
import { z27 } from './bugs/z27-copy-before-flush.js';
import { z28 } from './bugs/z28-vmid-published-early.js';
import { z29 } from './bugs/z29-lazy-cpu-resumes.js';
import { z30 } from './bugs/z30-context-kept-unseen.js';
import { z32 } from './bugs/z32-resurrected-entry.js';
import { z34 } from './bugs/z34-handler-insists.js';
import { z37 } from './bugs/z37-ipi-overtakes-request.js';
import { m1 } from './mutants/m01-no-wait.js';
import { m2 } from './mutants/m02-early-with-freed-tables.js';
import { m3 } from './mutants/m03-unlock-before-copy.js';
import { m4 } from './mutants/m04-next-after-unlock.js';
import { m5 } from './mutants/m05-no-nmi-guard.js';
import { m6 } from './mutants/m06-marker-after-unlock.js';
import { m7 } from './mutants/m07-partial-flush-out-of-order.js';
import { m8 } from './mutants/m08-reread-generation.js';
import { m9 } from './mutants/m09-generation-before-mask.js';
import { m10 } from './mutants/m10-lazy-exit-without-barrier.js';
import { m11 } from './mutants/m11-wait-with-interrupts-off.js';
import { m12 } from './mutants/m12-release-before-flush.js';
import { m13 } from './mutants/m13-no-batched-pending-check.js';
import { m14 } from './mutants/m14-no-tlbsync.js';
import { m15 } from './mutants/m15-plain-store-of-the-flag.js';
import { m16 } from './mutants/m16-record-reused-in-flight.js';

/** Every entry: bugs that happened, then mutants, each in the order of their numbers. */
export const entries: readonly Entry[] = [
  z0,
  z1,
  z2,
  z3,
  z4,
  z5,
  z6,
  z7,
  z8,
  z9,
  z10,
  z11,
  z12,
  z13,
  z14,
  z15,
  z16,
  z17,
  z18,
  z19,
  z21,
  z22,
  z23,
  z24,
  z26,
  z27,
  z28,
  z29,
  z30,
  z32,
  z34,
  z37,
  m1,
  m2,
  m3,
  m4,
  m5,
  m6,
  m7,
  m8,
  m9,
  m10,
  m11,
  m12,
  m13,
  m14,
  m15,
  m16,
];
