import type { AssumptionRecord, BaseRecord } from './explain-document.js';
import type { ExplainRequest } from './explain-request.js';

/** What an explanation says and what it does not say. */
export function explainClaim(
  name: string,
  version: string,
  { scenarios, targets, cpus, initiators, memory, walker }: ExplainRequest,
  { base, assumptions }: { readonly base: readonly BaseRecord[]; readonly assumptions: readonly AssumptionRecord[] },
): string {
  const count = (finding: AssumptionRecord['finding']): number =>
    assumptions.filter((each) => each.finding === finding).length;
  const clean = base.filter(({ verdict }) => verdict === 'clean').length;
  return [
    `${name}, version ${version}: no violation within bounds in ${clean} of ${base.length} cells with every assumption at its default.`,
    `Of ${assumptions.length} flips ${count('loadBearing')} are load-bearing, ${count('notLoadBearing')} are not within these bounds, ${count('notExercised')} were not exercised and ${count('inconclusive')} are inconclusive.`,
    `Cells: ${scenarios.join(', ')}; targets ${targets.join(', ')}; ${cpus} CPUs, ${initiators} ${initiators === 1 ? 'initiator' : 'initiators'}, one flush each, of one page; at most one NMI, one probe and one call ahead in the machine; user accesses without bound; ${walker === 'demand' ? 'walks on demand only, no evictions' : `walks and evictions at any time${walker === 'saturated' ? ' (kept as sets)' : ''}`}; ${memory === 'sc' ? 'sequentially consistent memory only' : 'sequentially consistent memory first, then x86-TSO where nothing was found'}.`,
    'One assumption was flipped at a time: two that are not load-bearing alone may be so together. A larger machine may need more.',
    'It says nothing about hardware beyond this model, and nothing about compiled code.',
  ].join(' ');
}
