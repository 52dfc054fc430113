import {
  cellScenarios,
  findCellScenario,
  flushKind,
  isDeferred,
  TARGET_STATES,
  type TargetState,
} from '@shootdown/checker';
import type { Tier } from '../conformance-case.js';
import type { CaseDefinition } from '../definition.js';
import { assumesTicks, defersUnmaps } from '../manifest-facts.js';
import { checkCommands, checkContract, type ContractCell } from '../explored/contract-cell.js';
import type { Subject } from '../subject.js';

/** Everything that one initiator can ask for. */
const SINGLE: readonly string[] = cellScenarios
  .filter(({ secondOperation }) => secondOperation === undefined)
  .map(({ name }) => name);

/** A few cells of each sort that are small; an NMI with walks on demand. The other sort of progress cases is a cell too. */
const SMALL: readonly ContractCell[] = [
  ...['unmap', 'protect', 'free-table', 'reclaim'].map((scenario) => cell(scenario, 'user')),
  cell('reclaim', 'lazy'),
  { ...cell('reclaim', 'user'), nmis: 1, walker: 'demand' },
];

/** With three CPUs it is about what they say to each other; two show what store buffers do to it. */
const LARGE: readonly ContractCell[] = [
  ...TARGET_STATES.flatMap((targets) => SINGLE.map((scenario) => cell(scenario, targets))).filter(
    ({ scenario, targets }) => !SMALL.some((small) => small.scenario === scenario && small.targets === targets),
  ),
  { ...cell('free-table', 'user'), cpus: 1 },
  { ...cell('unmap', 'user'), assume: { icr: 'plain' } },
  { ...cell('unmap', 'user'), nmis: 1 },
  { ...cell('reclaim', 'lazy'), nmis: 1 },
  { ...cell('protect', 'user'), initiators: 2 },
  { ...cell('reclaim-protect', 'user'), initiators: 2 },
  ...['reclaim', 'free-table'].map((scenario) => ({ ...cell(scenario, 'user'), cpus: 3, memory: 'sc' as const })),
];

/** The smallest cells without store buffers: where flushes last until a release, none of `SMALL` is. */
const SMALLEST: readonly ContractCell[] = SMALL.filter(({ targets, nmis }) => targets === 'user' && nmis === 0).map(
  (small) => ({ ...small, memory: 'sc' }),
);

/**
 * Every interleaving of small machines; which of them are quick is a matter of time, not of weight. An unmap that lasts until its release meets
 * store buffers beside a user only.
 */
export function contractCases(subject: Subject): readonly CaseDefinition[] {
  const { strategy } = subject;
  const quick = defersUnmaps(strategy) ? SMALLEST : SMALL;
  const large = LARGE.map((place) =>
    isDeferred({ ...place, strategy }) && place.assume === undefined ? { ...place, memory: 'sc' as const } : place,
  );
  return [
    ...quick.map((place) => contractCase(subject, 'quick', place)),
    ...[...SMALL, ...large]
      .filter((place) => !quick.includes(place))
      .map((place) => contractCase(subject, 'full', place)),
  ];
}

/**
 * A freed table beside a CPU that is leaving the mm is looked at with walks on demand: with walks at any time the window of `switch_mm` of Linux 5.4 is
 * found under every strategy (docs/contract.md).
 */
function cell(scenario: string, targets: TargetState): ContractCell {
  const isKernelsWindow = scenario === 'free-table' && (targets === 'switching' || targets === 'idle');
  const walker = isKernelsWindow ? 'demand' : 'saturated';
  return { scenario, targets, initiators: 1, cpus: 2, nmis: 0, walker };
}

function contractCase(subject: Subject, tier: Tier, place: ContractCell): CaseDefinition {
  const { strategy } = subject;
  const from = isDeferred({ ...place, strategy }) ? ', from the release of the pages on' : '';
  return {
    id: idOf(place),
    section: 'the-safety-contract',
    tier,
    expected: `no violation in any interleaving of ${textOf(place)}${from}`,
    skip: skipOf(subject, place),
    more: (given) => checkCommands(given, place),
    check: (given) => checkContract(given, place),
  };
}

function idOf({ scenario, targets, initiators, cpus, nmis, assume, memory }: ContractCell): string {
  return [
    `contract.${scenario}.${targets}`,
    ...(initiators === 1 ? [] : ['two-initiators']),
    ...(nmis === 0 ? [] : ['nmi']),
    ...(cpus === 2 ? [] : [cpus === 1 ? 'one-cpu' : 'three-cpus']),
    ...(assume === undefined ? [] : ['late-stores']),
    ...(memory === undefined ? [] : [memory]),
  ].join('.');
}

function textOf({ scenario, targets, initiators, cpus, nmis, assume, memory }: ContractCell): string {
  const who = initiators === 1 ? '' : ' by two initiators';
  const nmi = nmis === 0 ? '' : ' and an NMI';
  const beside = initiators === cpus ? '' : ` beside a CPU that is ${targets === 'user' ? 'in user mode' : targets}`;
  const icr = assume === undefined ? '' : ', where an ICR write may overtake stores';
  const order = memory === 'sc' ? ', without store buffers' : '';
  return `${scenario}${who} on ${cpus} CPU${cpus === 1 ? '' : 's'}${beside}${nmi}${icr}${order}`;
}

function skipOf({ strategy }: Subject, { scenario, cpus }: ContractCell): string | undefined {
  if (flushKind(findCellScenario(scenario)) === 'freeTable' && strategy.guarantee?.freeTable === 'none')
    return 'the manifest gives no guarantee for freed page tables';
  if (cpus > 2 && assumesTicks(strategy)) return 'the manifest assumes ticks, and those of three CPUs are too many';
  return undefined;
}
