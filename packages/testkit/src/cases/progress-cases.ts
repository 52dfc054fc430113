import { CpuField, type Machine } from '@shootdown/core';
import { findScenario, type Scenario, scenarios } from '@shootdown/scenarios';
import { type CaseDefinition, seen } from '../definition.js';
import { checkCommands, checkContract, type ContractCell } from '../explored/contract-cell.js';
import { defersUnmaps } from '../manifest-facts.js';
import type { Subject } from '../subject.js';
import { compareCommand, judge, subjectCell } from '../timed/subject-cell.js';
import { simulateCell } from '../timed/timed-cell.js';

/**
 * Two CPUs that each flush a page of their own while both use both, so that each is a target of the other at the same time. Of two that unmap one page
 * only the first finds something to flush. Who waits for whom needs no store buffer to be seen.
 */
const EACH_OTHER: ContractCell = {
  scenario: 'two-pages',
  targets: 'user',
  initiators: 2,
  cpus: 2,
  nmis: 0,
  walker: 'demand',
  memory: 'sc',
};

/** Every flush ends, and leaves the CPU as it found it. */
export function progressCases({ strategy }: Subject): readonly CaseDefinition[] {
  // Flushes that last until a release make the cell large, and an unmap that nobody waits for says little in it.
  return [...CASES, { ...eachOther, tier: defersUnmaps(strategy) ? 'full' : 'quick' }];
}

const eachOther: Omit<CaseDefinition, 'tier'> = {
  id: 'progress.each-other',
  section: 'progress',
  expected:
    'two CPUs that flush at each other both get to their end in every interleaving: nobody waits with interrupts off for one that waits for it',
  more: (subject) => checkCommands(subject, EACH_OTHER),
  check: (subject) => checkContract(subject, EACH_OTHER),
};

const CASES: readonly CaseDefinition[] = [
  {
    id: 'progress.ends',
    section: 'progress',
    tier: 'quick',
    expected: 'every flush ends, alone and beside other CPUs, in every scenario of the timed driver',
    more: (subject) => [compareCommand(subject, subjectCell(subject))],
    check(subject) {
      for (const { name } of scenarios)
        for (const threads of [1, 2, 4]) {
          const cell = subjectCell(subject, { scenario: name, threads });
          judge(subject, cell, simulateCell(cell));
        }
    },
  },
  {
    id: 'progress.all-at-once',
    section: 'progress',
    tier: 'quick',
    expected: 'four CPUs that flush at the same time all end',
    more: (subject) => [compareCommand(subject, subjectCell(subject))],
    check: (subject) => checkAllAtOnce(subject, 4),
  },
  {
    id: 'progress.all-at-once.16',
    section: 'progress',
    tier: 'full',
    expected: 'sixteen CPUs that flush at the same time all end, or eight of them if flushes last until a release',
    more: (subject) => [compareCommand(subject, subjectCell(subject, { threads: 16 }))],
    check: (subject) => checkAllAtOnce(subject, 16),
  },
  {
    id: 'progress.interrupts-on',
    section: 'progress',
    tier: 'quick',
    expected: 'a CPU whose flush has returned takes interrupts',
    more: (subject) => [compareCommand(subject, subjectCell(subject))],
    check(subject) {
      for (const scenario of ['madvise', 'munmap', 'kswapd'])
        checkInterruptFlags(simulateCell(subjectCell(subject, { scenario })).machine, scenario);
    },
  },
];

/** Initiators whose deferred flushes the monitors can tell apart: each has several in flight until their release. */
const MOST_DEFERRING = 8;

function checkAllAtOnce(subject: Subject, threads: number): void {
  const initiators = defersUnmaps(subject.strategy) ? Math.min(threads, MOST_DEFERRING) : threads;
  for (const name of ['madvise', 'mprotect']) {
    const scenario: Scenario = { ...findScenario(name), initiators };
    const cell = subjectCell(subject, { scenario, threads });
    judge(subject, cell, simulateCell(cell));
  }
}

/** At the end of a run every operation has ended; a CPU inside a handler has IF off by right. */
function checkInterruptFlags(machine: Machine, scenario: string): void {
  const { cpuCount, threadCount } = machine.layout;
  for (let cpu = 0; cpu < cpuCount; cpu++) {
    const isOn = machine.state[machine.layout.cpu(cpu) + CpuField.interruptFlag] !== 0;
    if (isOn || machine.top(cpu) >= threadCount) continue;
    throw seen(
      'NOT_CONFORMING',
      `CPU ${cpu} runs its thread with interrupts off after ${scenario}. Every cpu.disableInterrupts() needs its cpu.enableInterrupts().`,
    );
  }
}
