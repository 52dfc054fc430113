import { terminalText } from '@shootdown/reporter';
import type { CaseOutcome } from '@shootdown/testkit';
import { alignColumns } from '../output/align.js';
import type { ConformDocument } from './conform-document.js';

/** The outcome of every case, what the failed ones say, and the sum. */
export function conformText({ cases, strategy, tier }: ConformDocument): string {
  const failures = cases.flatMap(({ error }) => (error === undefined ? [] : [errorLines(error)]));
  const count = (status: CaseOutcome['status']): number => cases.filter((each) => each.status === status).length;
  const sum = `${strategy}, ${tier}: ${count('passed')} passed, ${count('failed')} failed, ${count('left out')} left out by the manifest`;
  return [alignColumns([['case', 'outcome'], ...cases.map(row)]), ...failures, terminalText(sum)]
    .map((block) => `${block}\n`)
    .join('\n');
}

function row({ id, status, reason, error }: CaseOutcome): readonly string[] {
  if (error !== undefined) return [id, `FAILED ${error.code}`];
  return [id, reason === undefined ? status : `${status}: ${reason}`];
}

function errorLines({ code, message }: NonNullable<CaseOutcome['error']>): string {
  return `${code}: ${message}`.split('\n').map(terminalText).join('\n');
}
