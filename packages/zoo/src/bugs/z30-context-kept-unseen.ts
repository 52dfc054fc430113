import { contextId, type MmSteps } from '@shootdown/mm';
import { sync } from '@shootdown/strategy-sync';
import { cellOf } from '../cells.js';
import type { SeamEntry } from '../entry.js';

const chooseNewAsid: MmSteps['chooseNewAsid'] = function* (mm, cpu, next, _newest) {
  const { tlbState, shape, port } = mm;
  const given = port.chooseAsid === undefined ? -1 : yield* cpu.call(port.chooseAsid, next);
  if (given >= 0) return 2 * given;
  if (!shape.pcid) return 1;
  for (let asid = 0; asid < shape.asids; asid++) {
    if (!(yield* cpu.test(tlbState.contextId(cpu.id, asid), 'equal', contextId(next)))) continue;
    return 2 * asid;
  }
  const fresh = yield* cpu.load(tlbState.nextAsid(cpu.id));
  const asid = fresh >= shape.asids ? 0 : fresh;
  yield* cpu.store(tlbState.nextAsid(cpu.id), asid + 1);
  return 2 * asid + 1;
};

export const z30: SeamEntry = {
  id: 'Z30',
  title: 'a context is entered again with what the CPU kept of it',
  source: 'KVM on RISC-V, Linux 4b9ac285e253',
  story:
    'The tag is the same and the CPU holds entries from the last time it ran this context; what was flushed elsewhere meanwhile was not flushed here. Flush when something has happened since: on RISC-V when the vCPU comes from another CPU, in the shipped code when tlb_gen has moved.',
  memory: 'sc',
  kind: 'seam',
  seams: ['chooseNewAsid'],
  shipped: 'fixed',
  replacement: { steps: { chooseNewAsid } },
  strategy: sync,
  options: {},
  cell: cellOf({ scenario: 'reclaim', targets: 'switching' }),
};
