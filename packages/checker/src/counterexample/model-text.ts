import { type Machine, MACHINE_ACTIONS, PROGRAM_OPS } from '@shootdown/core';

/**
 * What a schedule depends on besides the bodies of the programs: ops and actions by number, the machine's shape, every
 * region of memory, program, vector and thread in order, and the words before the first step. Two machines with equal
 * texts execute the same choices alike unless a program's body has changed, which the replay notices at its first step.
 */
export function modelText(machine: Machine): string {
  const { boot } = machine;
  const { memory, programs, threads, vectors, shape } = boot;
  return JSON.stringify({
    ops: PROGRAM_OPS.map((op) => op?.name ?? null),
    actions: MACHINE_ACTIONS.map((action) => action?.name ?? null),
    shape,
    sequentiallyConsistent: machine.sequentiallyConsistent,
    monitorWords: machine.monitor.words,
    regions: memory.regions.map(({ name, start, stride, count, fields, wordClass }) => [
      name,
      start,
      stride,
      count,
      fields,
      wordClass,
    ]),
    initialValues: [...memory.initialValues],
    programs: programs.map(({ name, owner }) => [owner, name]),
    vectors,
    threads,
  });
}
