import { defineStrategy, type Strategy } from '@shootdown/plugin';
import { noOptions } from './shared-schema.js';

/** arch/x86/mm/tlb.c of 2025: an ASID that is the same everywhere, flushed by hardware. */
const strategy: Strategy = defineStrategy({
  apiVersion: 1,
  name: 'broadcast-skeleton',
  title: 'Broadcast invalidation',
  summary: 'INVLPGB to every CPU at once, TLBSYNC waits for this CPU’s own.',
  references: ['AMD APM vol. 3, INVLPGB and TLBSYNC'],
  optionsSchema: noOptions,
  requires: ['pcid', 'invlpgb'],
  create({ kernel, asidCount, mmCount, records, initial }) {
    const globalAsid = records('global_asid', ['asid'], mmCount).asid;
    for (let mm = 0; mm < mmCount; mm++) initial(globalAsid(mm), asidCount + mm);

    return {
      *flush(cpu, { mm, firstPage, pageCount }) {
        if (mm >= 0) {
          yield* cpu.call(kernel.nextGeneration, mm);
          yield* cpu.invlpgb(yield* cpu.load(globalAsid(mm)), firstPage, pageCount);
        } else {
          for (let each = 0; each < mmCount; each++) yield* cpu.invlpgb(asidCount + each, firstPage, pageCount);
        }
        yield* cpu.phase('wait');
        yield* cpu.tlbsync();
      },
      *chooseAsid(cpu, mm) {
        return yield* cpu.load(globalAsid(mm));
      },
    };
  },
});

export default strategy;
