import { type Change, everything, verdict, type VariantName } from '../analysis/verdict.js';

/** The strategies of the predictions; `none` is the series as it was posted. */
const STRATEGIES: readonly VariantName[] = ['sync', 'concurrent', 'early', 'none'];
const SCENARIOS = ['reclaim', 'clean-dirty', 'free-table'] as const;

interface Prediction {
  readonly id: string;
  readonly property: string;
  /** In the order of `STRATEGIES`. */
  readonly predicted: readonly string[];
  /** What the model has found of it in one strategy. */
  readonly found: (variant: VariantName, base: readonly string[]) => string;
}

/** The contract as it was violated in the cells with every assumption at its default. */
const contract =
  (id: string) =>
  (_variant: VariantName, base: readonly string[]): string =>
    base.some((kind) => kind.startsWith(`${id} `)) ? `violated (${id})` : 'ok';

const inCells =
  (cells: Readonly<Record<string, Change>>) =>
  (variant: VariantName): string =>
    Object.entries(cells)
      .map(([name, change]) => {
        const found = verdict(variant, change);
        return found === 'clean' ? `ok ${name}` : `violated ${name} (${found.split(' ')[0] ?? ''})`;
      })
      .join('; ');

/** What was expected of the protocols before the model existed, and where the model looks. */
const PREDICTIONS: readonly Prediction[] = [
  {
    id: 'P1',
    property: 'no architectural user access through a translation whose flush has returned',
    predicted: ['ok', 'ok', 'ok', 'fails'],
    found: contract('C1'),
  },
  {
    id: 'P2',
    property: 'stores through the old translation are visible at the return',
    predicted: ['ok', 'ok', 'ok', 'fails'],
    found: contract('C2'),
  },
  {
    id: 'P3',
    property: 'no A or D update of the old entry after the return',
    predicted: ['ok', 'ok', 'ok', 'fails'],
    found: contract('C7'),
  },
  {
    id: 'P4',
    property: 'no walk through a freed table',
    predicted: ['ok', 'ok', 'ok', 'ok'],
    found: contract('C3'),
  },
  {
    id: 'P5',
    property: 'no kernel access (NMI, kprobe) through a stale translation',
    predicted: ['ok', 'ok', 'ok for guarded code, open for kprobes', 'fails'],
    found: inCells({
      'NMI that asks': { nmis: 1 },
      'NMI that asks, lazy CPU, guard of Linux': { nmis: 1, targets: 'lazy', assume: { uaccessGuard: 'currentMm' } },
      kprobe: { assume: { kprobe: 'touches' } },
    }),
  },
  {
    id: 'P6',
    property: 'every flush ends',
    predicted: ['ok', 'ok', 'ok', 'ok'],
    found: contract('C6'),
  },
  {
    id: 'P7',
    property: 'the tlb_gen invariant',
    predicted: ['ok', 'ok', 'ok', 'ok'],
    found: contract('C10'),
  },
  {
    id: 'P8',
    property: 'requests and csds are touched within their lifetime',
    predicted: ['ok', 'ok', 'ok', 'ok'],
    found: contract('C8'),
  },
  {
    id: 'P9',
    property: 'no speculative load from memory that has become a device’s',
    predicted: ['ok', 'ok', 'violated in principle', 'fails'],
    found: inCells({
      user: { assume: { deviceLoad: 'on' } },
      lazy: { assume: { deviceLoad: 'on' }, targets: 'lazy' },
    }),
  },
];

/** Predictions and findings side by side. */
export function predictionTable(): string {
  const base = STRATEGIES.map((variant) => SCENARIOS.flatMap((scenario) => everything(variant, { scenario })));
  const head = ['', 'property', 'sync', 'concurrent', 'async-inline', 'as posted'];
  const rows = PREDICTIONS.map(({ id, property, predicted, found }) => [
    id,
    property,
    ...STRATEGIES.map((variant, index) => {
      const seen = found(variant, base[index] ?? []);
      return `${predicted[index] ?? ''} / ${seen}`;
    }),
  ]);
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
