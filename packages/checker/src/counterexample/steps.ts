import { Action, FIRST_ACTION } from '@shootdown/core';
import type { TraceStep } from '../exploration.js';

/** Consecutive moves of one CPU within one named span. */
export interface Step {
  /** From 1. */
  readonly number: number;
  readonly cpu: number;
  /** The program that the moves belong to; `hardware` for moves that no program makes. */
  readonly span: string;
  /** Programs that it called meanwhile and whose moves are in this step too, in order. */
  readonly inner: readonly string[];
  readonly moves: readonly TraceStep[];
}

/** Moves in the making of steps. An empty path is the hardware's. */
interface Group {
  readonly cpu: number;
  readonly path: readonly string[];
  readonly moves: readonly TraceStep[];
}

/** Steps that a person can follow. */
const MOST_STEPS = 12;

/**
 * A trace as numbered steps, as fine as `most` allows: the spans are the programs as they call each other, and while there
 * are too many, the step with the fewest moves joins the neighbour it has most callers in common with.
 */
export function stepsOf(trace: readonly TraceStep[], most: number = MOST_STEPS): readonly Step[] {
  const groups = trace.reduce<Group[]>(appended, []);
  while (groups.length > most && joinSmallest(groups));
  return groups.map((group, index) => stepOf(group, index + 1));
}

/** A hardware move belongs to what its CPU does just then, but an interrupt that is taken begins something new. */
function appended(groups: Group[], move: TraceStep): Group[] {
  const last = groups.at(-1);
  if (last !== undefined && last.cpu === move.cpu && belongs(last, move))
    groups[groups.length - 1] = { ...last, moves: [...last.moves, move] };
  else groups.push({ cpu: move.cpu, path: move.programs, moves: [move] });
  return groups;
}

const TAKEN: readonly number[] = [FIRST_ACTION + Action.takeInterrupt, FIRST_ACTION + Action.takeNmi];

function belongs({ path }: Group, { move, programs }: TraceStep): boolean {
  if (programs.length === 0) return !TAKEN.includes(move);
  return path.length === programs.length && path.every((name, index) => name === programs[index]);
}

/** Joins the smallest step that has a neighbour on its CPU; false when there is none. */
function joinSmallest(groups: Group[]): boolean {
  const order = groups.map((group, index) => ({ index, size: group.moves.length })).sort((a, b) => a.size - b.size);
  for (const { index } of order) {
    const first = nearest(groups, index);
    if (first < 0) continue;
    groups.splice(first, 2, joined(groups[first] as Group, groups[first + 1] as Group));
    return true;
  }
  return false;
}

/** The earlier one of the two steps to join: the given one and the neighbour with the longer common path; -1 for none. */
function nearest(groups: readonly Group[], index: number): number {
  const before = closeness(groups[index - 1], groups[index]);
  const after = closeness(groups[index], groups[index + 1]);
  if (before < 0 && after < 0) return -1;
  return before >= after ? index - 1 : index;
}

function closeness(first: Group | undefined, second: Group | undefined): number {
  if (first === undefined || second === undefined || first.cpu !== second.cpu) return -1;
  return common(first.path, second.path).length;
}

function joined(first: Group, second: Group): Group {
  const path =
    first.path.length === 0 ? second.path : second.path.length === 0 ? first.path : common(first.path, second.path);
  return { cpu: first.cpu, path, moves: [...first.moves, ...second.moves] };
}

function common(first: readonly string[], second: readonly string[]): readonly string[] {
  const end = first.findIndex((name, index) => name !== second[index]);
  return end < 0 ? first : first.slice(0, end);
}

function stepOf({ cpu, path, moves }: Group, number: number): Step {
  const called = moves.map(({ programs }) => programs[path.length]).filter((name) => name !== undefined);
  return {
    number,
    cpu,
    span: path.at(-1) ?? (called.length === 0 ? 'hardware' : 'several threads'),
    inner: [...new Set(called)],
    moves,
  };
}
