/** What a new strategy starts from: a folder of `templates`. */
export type StartingPoint = 'synchronous' | 'early-acknowledgement' | 'deferred';

/** What the protocol of each starting point does. */
export const STARTING_POINTS: Readonly<Record<StartingPoint, string>> = {
  synchronous: 'the initiator waits until every CPU has flushed',
  'early-acknowledgement': 'a target acknowledges once it has copied the request, then flushes',
  deferred: 'an unmap waits for nobody, its pages come back when every CPU has flushed',
};

export function isStartingPoint(value: string): value is StartingPoint {
  return Object.hasOwn(STARTING_POINTS, value);
}
