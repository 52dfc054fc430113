/** What a new strategy starts from: a folder of `templates`, and what its protocol does. */
export const STARTING_POINTS = {
  synchronous: 'the initiator waits until every CPU has flushed',
  'early-acknowledgement': 'a target acknowledges once it has copied the request, then flushes',
  deferred: 'an unmap waits for nobody, its pages come back when every CPU has flushed',
} as const;

export type StartingPoint = keyof typeof STARTING_POINTS;

export function isStartingPoint(value: string): value is StartingPoint {
  return Object.hasOwn(STARTING_POINTS, value);
}
