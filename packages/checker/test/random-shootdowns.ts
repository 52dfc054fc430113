import { FLUSH_KINDS, type FlushKind, randomStream } from '@shootdown/core';
import type { ActionPolicy } from '../src/index.js';

const KINDS = [
  'invlpg',
  'cr3',
  'cr3',
  'invpcid',
  'read',
  'read',
  'write',
  'write',
  'observe',
  'leave',
  'enter',
  'claim',
  'claimOther',
  'grow',
  'rely',
  'hold',
  'release',
  'install',
  'zap',
  'link',
  'unlink',
  'store',
  'ipi',
  'ipi',
  'answer',
  'answered',
  'owner',
  'freeTable',
  'maybe',
  'maybeStore',
  'work',
  'fence',
  'take',
  'payload',
  'generation',
  'disable',
  'enable',
  'halt',
] as const;
const FLUSH = 'flush';
/** All that the monitors report, to go on behind it. */
export const CONTRACT_FORMS: readonly string[] = [
  'C1 used',
  'C1 exposed',
  'C1 released',
  'C2 effects',
  'C2 late',
  'C2 released',
  'C3 walked',
  'C4 refilled',
  'C4 unpublished',
  'C5 used',
  'C7 used',
  'C7 effects',
  'C7 late',
  'C8 read',
  'C8 written',
  'C10 ahead',
  'C10 owes',
];
const HANDLING = [
  'invlpg',
  'cr3',
  'read',
  'write',
  'claim',
  'claimOther',
  'grow',
  'rely',
  'release',
  'hold',
  'install',
  'store',
  'answer',
  'answer',
  'owner',
  'maybe',
  'maybeStore',
  'fence',
  'ipi',
  'zap',
  'freeTable',
  'payload',
  'generation',
  FLUSH,
] as const;
const GLANCING = [
  'read',
  'read',
  'ask',
  'maybe',
  'write',
  'invlpg',
  'claim',
  'payload',
  'store',
  'rely',
  FLUSH,
] as const;

const ABOUT_CLAIMS = new Set<string>(['claim', 'claimOther', 'grow', 'generation', 'store', 'rely', 'ipi']);

/** One thing that a program does: to a page of an address space, `which` chooses among variants. */
export interface Instruction {
  readonly kind: string;
  readonly page: number;
  readonly mm: number;
  readonly which: number;
  readonly flush: FlushKind;
  readonly inside: readonly Instruction[];
}
export type Body = readonly Instruction[];

/** A machine to be booted by `shootdownOf`. */
export interface RandomShootdown {
  readonly cpus: number;
  readonly pcids: number;
  readonly storeBufferDepth: number;
  readonly isReleased: boolean;
  readonly ownsFrames: boolean;
  readonly claims: number;
  readonly threads: readonly Body[];
  readonly second: Body | undefined;
  readonly handler: Body;
  readonly nmi: Body;
  readonly probe: Body;
  readonly nmiBudget: number;
  readonly probeBudget: number;
  readonly flags: readonly number[];
  readonly isLinked: boolean;
  readonly isUser: boolean;
  readonly sequentiallyConsistent: boolean;
  readonly walker: 'saturated' | 'explicit';
  readonly isVirtual: boolean;
  readonly ticks: boolean;
  readonly actions: ActionPolicy;
}

/** The machine of this seed. Each has a few kinds of instructions only, so that what depends on each other comes together. */
export function drawnShootdown(seed: number, salt = 'random-shootdowns'): RandomShootdown {
  const random = randomStream(seed, salt);
  const below = (end: number): number => Math.floor(random.next() * end);
  const one = <T>(from: readonly T[]): T => from[below(from.length)] as T;
  const instruction = (kind: string, inside: Body = []): Instruction => ({
    kind,
    page: below(2),
    mm: below(4) === 0 ? 1 : 0,
    which: below(3),
    inside,
    flush: one<FlushKind>(['unmap', 'unmap', 'cleanDirty', 'freeTable', ...FLUSH_KINDS]),
  });
  const few = (kinds: readonly string[]): readonly string[] => Array.from({ length: 5 }, () => one(kinds));
  const kinds = few(
    below(2) === 0 ? KINDS : [...KINDS.filter((kind) => ABOUT_CLAIMS.has(kind)), 'leave', 'enter', 'cr3', 'invlpg'],
  );
  const inFlush = kinds.filter((kind) => kind !== 'maybe');
  const [handling, glancing] = [few(HANDLING), few(GLANCING)];
  const some = (kinds: readonly string[], most: number): Body =>
    Array.from({ length: below(most + 1) }, () => {
      const kind = one(kinds);
      return instruction(
        kind,
        kind === FLUSH ? some([...inFlush, 'work'], 2) : kind === 'maybe' ? some([...inFlush, 'work'], 1) : [],
      );
    });
  const cpus = one([2, 2, 2, 3]);
  const most = cpus === 3 ? 2 : 4;
  const thread = (cpu: number): Body =>
    cpu === 0 || below(3) === 0
      ? [...some(kinds, 1), instruction(FLUSH, some([...inFlush, 'work'], 3)), ...some(kinds, most - 2)]
      : some(kinds, most);
  const isSaturated = below(5) !== 0;
  const isVirtual = below(8) === 0;
  const hasProbe = below(6) === 0;
  return {
    cpus,
    pcids: one([1, 1, 2]),
    storeBufferDepth: one([1, 2, 4]),
    isReleased: below(3) === 0,
    ownsFrames: below(2) === 0,
    claims: below(3),
    threads: Array.from({ length: cpus }, (_, cpu) => thread(cpu)),
    second: below(6) === 0 ? some(kinds, 2) : undefined,
    handler: some(handling, 3),
    nmi: some(glancing, 2),
    probe: some(glancing, 1),
    nmiBudget: one([0, 0, 1]),
    probeBudget: hasProbe ? 1 : 0,
    flags: [below(7), below(7), below(7)],
    isLinked: below(4) !== 0,
    isUser: below(2) === 0,
    sequentiallyConsistent: below(6) === 0,
    walker: isSaturated ? 'saturated' : 'explicit',
    isVirtual,
    ticks: below(12) === 0,
    actions: isSaturated || below(2) === 0 ? {} : { speculativePages: [below(2)], evictablePages: [below(2)] },
  };
}
