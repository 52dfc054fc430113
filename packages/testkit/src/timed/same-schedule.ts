import type { Schedule } from '@shootdown/core';

/** Whether two runs made the same moves with the same answers. */
export function sameSchedule(first: Schedule, second: Schedule): boolean {
  if (first.length !== second.length) return false;
  for (let i = 0; i < first.length; i++) {
    if (first.cpu(i) !== second.cpu(i) || first.move(i) !== second.move(i)) return false;
    if (first.choice(i) !== second.choice(i) || first.result(i) !== second.result(i)) return false;
  }
  return true;
}
