import { CsdFlag } from '@shootdown/smp-call-function';
import type { LatrSteps } from './latr.js';
import { isDue, reclaim, release } from './reclaim.js';
import { sweep, sweepRecord, sweepRecords } from './sweep.js';

/** `tlb_gen` is counted for lazy requests too: a CPU that loads the mm later compares it and flushes, whatever records it has missed. */
const flush: LatrSteps['flush'] = function* (latr, cpu, request) {
  const { env, steps, open } = latr;
  yield* cpu.phase('prepare');
  yield* env.spend(cpu, env.costs.flushSetupCycles);
  const tlbGen = yield* cpu.call(env.kernel.nextGeneration, request.mm);
  const targets = yield* steps.targetsOf(latr, cpu, request);
  const record = targets.length === 0 ? -1 : yield* steps.freeRecord(latr, cpu, request);
  if (record < 0) return yield* steps.callOthers(latr, cpu, request, tlbGen, targets);
  yield* steps.publish(latr, cpu, record, request, tlbGen, targets);
  yield* cpu.store(open(cpu.id), record + 1);
  yield* steps.flushHere(latr, cpu, request, tlbGen);
};

const targetsOf: LatrSteps['targetsOf'] = function* ({ env }, cpu, { kind, cpus }) {
  const skipsLazy = kind !== 'freeTable' && kind !== 'kernel';
  const targets: number[] = [];
  for (const member of yield* env.callFunction.members(cpu, cpus)) {
    if (member === cpu.id) continue;
    if (skipsLazy && (yield* cpu.test(env.kernel.isLazy(member), 'equal', 1))) continue;
    targets.push(member);
  }
  return targets;
};

/** Records are used in turn and released in turn: if the next one is in use, all are. */
const freeRecord: LatrSteps['freeRecord'] = function* ({ perCpu, next, held }, cpu, { kind }) {
  if (kind !== 'unmap') return -1;
  const record = cpu.id * perCpu + (yield* cpu.load(next(cpu.id)));
  return (yield* cpu.test(held.ticksLeft(record), 'equal', 0)) ? record : -1;
};

/** The locked increment drains the store buffer: the record is visible before the first tick that counts for it. */
const publish: LatrSteps['publish'] = function* (latr, cpu, record, { mm, firstPage, pageCount }, tlbGen, targets) {
  const { env, state, owed, published, next, perCpu } = latr;
  yield* cpu.phase('queue');
  yield* cpu.store(state.mm(record), mm);
  yield* cpu.store(state.firstPage(record), firstPage);
  yield* cpu.store(state.pageCount(record), pageCount);
  yield* cpu.store(state.tlbGen(record), tlbGen);
  yield* env.callFunction.writeMask(cpu, owed(record), targets);
  yield* cpu.fetchAdd(published(cpu.id), 1);
  yield* cpu.store(next(cpu.id), (record + 1) % perCpu);
};

const flushHere: LatrSteps['flushHere'] = function* ({ env }, cpu, { mm, firstPage, pageCount }, tlbGen) {
  yield* cpu.phase('localFlush');
  yield* cpu.disableInterrupts();
  yield* cpu.call(env.kernel.flushHere, mm, firstPage, pageCount, tlbGen);
  yield* cpu.enableInterrupts();
};

/** The own flush comes first, as in Linux 4.10. */
const callOthers: LatrSteps['callOthers'] = function* (latr, cpu, request, tlbGen, targets) {
  const { env, steps, remote } = latr;
  const { kernel, callFunction: smp } = env;
  const { kind, mm, firstPage, pageCount } = request;
  yield* kernel.flushInfo.fill(cpu, mm, firstPage, pageCount, tlbGen, kind === 'freeTable', true);
  yield* steps.flushHere(latr, cpu, request, tlbGen);
  if (targets.length === 0) return;
  const csdOf = (to: number): number => smp.csds.slot(cpu.id, to);
  yield* cpu.phase('queue');
  const call = { func: remote, info: kernel.flushInfo.pointer(cpu.id), flags: CsdFlag.synchronous };
  const woken = yield* smp.queueAll(cpu, targets, csdOf, call);
  yield* cpu.phase('send');
  if (targets.length > 1) yield* smp.sendMany(cpu, woken);
  else for (const to of woken) yield* smp.sendSingle(cpu, to);
  yield* cpu.phase('wait');
  for (const to of targets) yield* smp.csdLockWait(cpu, csdOf(to));
};

/** From memory of the paper; on the kernel around it, Linux 5.2, where the paper has 4.10. */
export const latrSteps: LatrSteps = {
  flush,
  targetsOf,
  freeRecord,
  publish,
  flushHere,
  callOthers,
  release,
  sweep,
  sweepRecords,
  sweepRecord,
  reclaim,
  isDue,
};
