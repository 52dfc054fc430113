import type { Strategy } from '@shootdown/plugin';
import deferred from '../templates/deferred/src/strategy.js';
import earlyAcknowledgement from '../templates/early-acknowledgement/src/strategy.js';
import synchronous from '../templates/synchronous/src/strategy.js';
import type { StartingPoint } from '../src/starting-points.js';

const RAW: Readonly<Record<StartingPoint, Strategy>> = {
  synchronous,
  'early-acknowledgement': earlyAcknowledgement,
  deferred,
};

/** The strategy of a starting point as it is when its blanks are filled in. */
export function namedTemplate(point: StartingPoint): Strategy {
  return { ...RAW[point], name: point, title: point };
}
