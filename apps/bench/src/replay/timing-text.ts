import type { TraceStep } from '@shootdown/checker';
import { terminalText } from '@shootdown/reporter';
import type { Holder } from '@shootdown/simulator';
import { alignColumns } from '../output/align.js';
import { wrapped } from '../output/wrap.js';
import type { ReplayDocument } from './replay-document.js';
import type { MoveRecord, TimingRecord } from './timed-replay.js';

/** What a run in time needs of luck, for a person. */
export function timingText({ machine, timing, untimed, trace }: ReplayDocument, width: number): string {
  const sentence = (text: string): string => wrapped(terminalText(text), width);
  if (timing === null) return sentence(untimed ?? '');
  const named = timing.moves.map((move, index) => ({ move, step: trace[index] as TraceStep }));
  const blocks = [
    [sentence(totalText(machine, timing))],
    heldBlock(named, trace, sentence),
    unmadeBlock(timing, sentence),
    listed('Nothing says when these come; they come as soon as they may', named, ({ byChance }) => byChance).map(
      sentence,
    ),
    listed('The simulator has no cost for these; they take no time', named, ({ unpriced }) => unpriced).map(sentence),
  ];
  return blocks.flat().join('\n');
}

type Sentence = (text: string) => string;

interface Named {
  readonly move: MoveRecord;
  readonly step: TraceStep;
}

function totalText(machine: string, { totalNs, beginNs, hasSoftware }: TimingRecord): string {
  const software = hasSoftware ? 'with' : 'without';
  const later = beginNs.flatMap((beginsNs, cpu) => (beginsNs > 0 ? [` CPU ${cpu} begins at ${ns(beginsNs)}.`] : []));
  return `In time on ${machine}: ${ns(totalNs)}, ${software} straight-line kernel code, lines as the same run has left them.${later.join('')}`;
}

const WHO: Readonly<Record<Holder, string>> = {
  user: 'user code',
  kernel: 'kernel code',
  interrupt: 'interrupt that has arrived',
  ipi: 'IPI on its way',
  storeBuffer: 'store buffer',
  walker: 'page walker',
  broadcast: 'INVLPGB on its way',
};

/** The longest first. */
function heldBlock(named: readonly Named[], trace: readonly TraceStep[], sentence: Sentence): readonly string[] {
  const held = named.filter(({ move }) => move.heldNs > 0).sort((a, b) => b.move.heldNs - a.move.heldNs);
  if (held.length === 0) return [sentence('No move has to come later than costs explain.')];
  const rows = held.map(({ move, step }) => [
    inColumn(move.heldNs),
    `CPU ${step.cpu}, ${WHO[move.holder]}:`,
    step.text,
    `at ${ns(move.endNs)} instead of ${ns(move.endNs - move.heldNs)}${behindText(move, trace)}`,
  ]);
  return [sentence(`Later than costs explain, ${sums(held)}:`), alignColumns(rows)];
}

function behindText({ behind }: MoveRecord, trace: readonly TraceStep[]): string {
  const other = behind === null ? undefined : trace[behind];
  return other === undefined ? '' : `, after CPU ${other.cpu}: ${other.text}`;
}

/** `CPU 0 by 12.3 ns, CPU 1 by 4.5 ns in all`. */
function sums(held: readonly Named[]): string {
  const cpus = [...new Set(held.map(({ step }) => step.cpu))].sort((a, b) => a - b);
  const ofCpu = (cpu: number): number =>
    held.reduce((sum, { move, step }) => sum + (step.cpu === cpu ? move.heldNs : 0), 0);
  return `${cpus.map((cpu) => `CPU ${cpu} by ${ns(ofCpu(cpu))}`).join(', ')} in all`;
}

function unmadeBlock({ unmade }: TimingRecord, sentence: Sentence): readonly string[] {
  if (unmade.length === 0) return [];
  const rows = unmade.map(({ cpu, holder, heldNs }) => [inColumn(heldNs), `CPU ${cpu}, ${WHO[holder]}`]);
  const title = 'Due before the end and not made; if the run needs that, it needs them to be late by:';
  return [sentence(title), alignColumns(rows)];
}

function listed(title: string, named: readonly Named[], isOne: (move: MoveRecord) => boolean): readonly string[] {
  const found = named.filter(({ move }) => isOne(move));
  if (found.length === 0) return [];
  return [`${title}: ${found.map(({ move, step }) => `CPU ${step.cpu} ${step.text} (${ns(move.endNs)})`).join(', ')}.`];
}

/** Wide enough for ten microseconds. */
function inColumn(value: number): string {
  return ns(value).padStart(12);
}

function ns(value: number): string {
  return `${value.toFixed(1)} ns`;
}
