import type { Manifest } from '@shootdown/plugin';

/** The guarantee of an unmap holds from the release of its pages on: its flush lasts until then. */
export function defersUnmaps({ guarantee }: Pick<Manifest<object>, 'guarantee'>): boolean {
  return guarantee?.unmap === 'release';
}

/** It relies on the ticks of all CPUs: every state has those that are under way in it. */
export function assumesTicks({ assumes = [] }: Pick<Manifest<object>, 'assumes'>): boolean {
  return assumes.some(({ maximumTickSkew }) => maximumTickSkew !== undefined);
}
