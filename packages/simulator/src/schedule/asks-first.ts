import type { Schedule } from '@shootdown/core';
import type { EngineState } from './engine-state.js';
import { Engine, engineOf } from './engines.js';

/**
 * Which of two engines that could begin at one instant does: a store asks for its line before another CPU does, or behind it, as the schedule
 * says. Whether a store can leave its buffer is looked at before anything begins.
 */
export function asksFirst(schedule: Schedule, engine: EngineState, other: EngineState | undefined): boolean {
  const isDrain = ({ head }: EngineState): boolean => engineOf(schedule.move(head)) === Engine.storeBuffer;
  if (other === undefined || !(isDrain(engine) || isDrain(other))) return false;
  const isUnseen = isDrain(engine) && engine.enabledPs === undefined;
  if (isUnseen || (isDrain(other) && other.enabledPs === undefined)) return isUnseen;
  return other.cpu !== engine.cpu && engine.head < other.head;
}
