import { terminalText } from '@shootdown/reporter';
import { alignColumns } from '../output/align.js';
import type { CaseRecord, ConformDocument } from './conform-document.js';

/** The outcome of every case, what the failed ones say, and the sum. */
export function conformText({ cases, strategy, tier }: ConformDocument): string {
  const failures = failuresByReason(cases).map(failureText);
  const count = (status: CaseRecord['status']): number => cases.filter((each) => each.status === status).length;
  const sum = `${strategy}, ${tier}: ${count('passed')} passed, ${count('failed')} failed, ${count('left out')} left out by the manifest`;
  const isTimed = cases.some(({ seconds }) => seconds !== null);
  const head = isTimed ? ['case', 'seconds', 'outcome'] : ['case', 'outcome'];
  return [alignColumns([head, ...cases.map((each) => row(each, isTimed))]), ...failures, terminalText(sum)]
    .map((block) => `${block}\n`)
    .join('\n');
}

function row({ id, seconds, ...outcome }: CaseRecord, isTimed: boolean): readonly string[] {
  return isTimed ? [id, seconds?.toFixed(1) ?? '', outcomeText(outcome)] : [id, outcomeText(outcome)];
}

function outcomeText({ status, reason, error }: Pick<CaseRecord, 'status' | 'reason' | 'error'>): string {
  if (error !== undefined) return `FAILED ${error.code}`;
  return reason === undefined ? status : `${status}: ${reason}`;
}

type Failure = CaseRecord & { readonly error: NonNullable<CaseRecord['error']> };

/** A strategy that cannot even be created fails every case for one reason, which need be told once only. */
function failuresByReason(cases: readonly CaseRecord[]): readonly (readonly [first: Failure, ...same: Failure[]])[] {
  const groups = new Map<string, [Failure, ...Failure[]]>();
  for (const each of cases) {
    if (!hasFailed(each)) continue;
    const { code, seen = each.id } = each.error;
    const reason = `${code} ${seen}`;
    const group = groups.get(reason);
    if (group === undefined) groups.set(reason, [each]);
    else group.push(each);
  }
  return [...groups.values()];
}

function hasFailed(each: CaseRecord): each is Failure {
  return each.error !== undefined;
}

function failureText([{ error }, ...same]: readonly [Failure, ...Failure[]]): string {
  const also = same.length === 0 ? [] : [`  seen also in: ${same.map(({ id }) => id).join(', ')}`];
  return [...`${error.code}: ${error.message}`.split('\n'), ...also].map(terminalText).join('\n');
}
