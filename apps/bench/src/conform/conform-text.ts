import { terminalText } from '@shootdown/reporter';
import { alignColumns } from '../output/align.js';
import type { CaseRecord, ConformDocument } from './conform-document.js';

/** The outcome of every case, what the failed ones say, and the sum. */
export function conformText({ cases, strategy, tier }: ConformDocument): string {
  const failures = cases.flatMap(({ error }) => (error === undefined ? [] : [errorLines(error)]));
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

function errorLines({ code, message }: NonNullable<CaseRecord['error']>): string {
  return `${code}: ${message}`.split('\n').map(terminalText).join('\n');
}
