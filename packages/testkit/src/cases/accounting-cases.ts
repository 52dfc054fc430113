import { FIRST_ACTION, Machine, OPCODE_NAMES, Opcode, replay, type Schedule } from '@shootdown/core';
import { scenarios } from '@shootdown/scenarios';
import type { TimedResult } from '@shootdown/simulator';
import { type CaseDefinition, seen } from '../definition.js';
import type { Subject } from '../subject.js';
import { checkEnd } from '../timed/interleave.js';
import { ipiAccount } from '../timed/ipi-account.js';
import { compareCommand, subjectCell } from '../timed/subject-cell.js';
import { cellWorkload, simulateCell, type TimedCell } from '../timed/timed-cell.js';

/** Where times and counts come from, and that none is lost. */
export const accountingCases: readonly CaseDefinition[] = [
  {
    id: 'accounting.ipis',
    section: 'accounting',
    tier: 'quick',
    expected: 'every IPI that is sent arrives and leads to a handler that ends',
    more: (subject) => [compareCommand(subject, subjectCell(subject))],
    check: (subject) => forEachScenario(subject, checkIpis),
  },
  {
    id: 'accounting.phases',
    section: 'accounting',
    tier: 'quick',
    expected: 'the phases of an operation add up to its time exactly, and none is negative',
    more: (subject) => [compareCommand(subject, subjectCell(subject))],
    check: (subject) => forEachScenario(subject, checkPhases),
  },
  {
    id: 'accounting.counters',
    section: 'accounting',
    tier: 'quick',
    expected: 'samples, ops and IPIs of a run are those of its moves',
    more: (subject) => [compareCommand(subject, subjectCell(subject))],
    check: (subject) => forEachScenario(subject, checkCounters),
  },
  {
    id: 'accounting.replay',
    section: 'accounting',
    tier: 'quick',
    expected: 'a timed run repeats on the machine that the checker explores, with equal answers and an equal end',
    more: (subject) => [compareCommand(subject, subjectCell(subject))],
    check: (subject) => forEachScenario(subject, checkReplay),
  },
];

type Judge = (cell: TimedCell, result: TimedResult, schedule: Schedule, place: string) => void;

function forEachScenario(subject: Subject, check: Judge): void {
  for (const { name } of scenarios) {
    const cell = subjectCell(subject, { scenario: name });
    const result = simulateCell(cell, true);
    if (result.schedule !== undefined) check(cell, result, result.schedule, `In ${name} with ${cell.threads} threads`);
  }
}

const checkIpis: Judge = (cell, _, schedule, place) => {
  const { boot, monitor } = cellWorkload(cell);
  const { sent, arrived, waiting, isRestless } = ipiAccount(new Machine(boot, { monitor }), schedule);
  if (isRestless) throw seen('NEVER_FINISHES', `${place} handlers still run after 100,000 moves.`);
  if (sent !== arrived) throw seen('NOT_CONFORMING', `${place} ${sent} IPIs were sent and ${arrived} arrived.`);
  if (waiting.length > 0) throw seen('NOT_CONFORMING', `${place} IPIs are never taken: ${waiting.join('; ')}.`);
};

export const checkPhases: Judge = (_cell, { phasesNs, meanNs }, _schedule, place) => {
  const phases = Object.entries(phasesNs);
  const sum = phases.reduce((total, [, ns]) => total + ns, 0);
  if (sum !== meanNs)
    throw seen('NOT_CONFORMING', `${place} the phases add up to ${sum} ns, the mean is ${meanNs} ns.`);
  const wrong = phases.find(([, ns]) => !(ns >= 0));
  if (wrong !== undefined) throw seen('NOT_CONFORMING', `${place} phase ${wrong[0]} took ${wrong[1]} ns.`);
};

export const checkCounters: Judge = (cell, { latency, ops, opCounts, ipis }, schedule, place) => {
  const { scenario, iterations, threads } = cell;
  const differs = (what: string, told: number, counted: number): Error =>
    seen('NOT_CONFORMING', `${place} the run tells ${told} ${what}, its moves have ${counted}.`);
  const samples = scenario.initiators * iterations;
  if (latency.count !== samples) throw differs('operations', latency.count, samples);
  const moves = movesByOpcode(schedule);
  const all = moves.reduce((total, count) => total + count, 0);
  if (ops !== all) throw differs('ops', ops, all);
  for (const name of OPCODE_NAMES) {
    const [told, counted] = [opCounts[name] ?? 0, moves[Opcode[name]] ?? 0];
    if (told > counted) throw differs(`ops ${name}`, told, counted);
  }
  const most = (opCounts['sendIpi'] ?? 0) + (opCounts['sendIpiMask'] ?? 0) * threads;
  if (ipis > most) throw differs('IPIs at most', most, ipis);
};

function movesByOpcode(schedule: Schedule): readonly number[] {
  const counts = new Array<number>(FIRST_ACTION).fill(0);
  for (let index = 0; index < schedule.length; index++) {
    const move = schedule.move(index);
    if (move < FIRST_ACTION) counts[move] = (counts[move] ?? 0) + 1;
  }
  return counts;
}

const checkReplay: Judge = (cell, { machine }, schedule) => {
  const { boot, monitor } = cellWorkload(cell);
  const again = new Machine(boot, { monitor });
  replay(again, schedule);
  checkEnd(again, machine.state);
};
