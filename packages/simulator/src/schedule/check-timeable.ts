import { cpuCountOf, type Machine, type MachineProfile, Opcode, type Schedule, ShootdownError } from '@shootdown/core';

/** Ops that not every machine has, with the feature of the profile that says so. */
const FEATURES: readonly (readonly [opcode: number, feature: 'invlpgb' | 'invpcid'])[] = [
  [Opcode.invlpgb, 'invlpgb'],
  [Opcode.tlbsync, 'invlpgb'],
  [Opcode.invpcid, 'invpcid'],
];

/** @throws ShootdownError NOT_TIMEABLE when the simulator has no duration for something that the schedule needs on a machine of this profile */
export function checkTimeable(
  { saturated, layout }: Machine,
  schedule: Schedule,
  { name, topology, features }: MachineProfile,
): void {
  if (saturated) throw refusal('its walker is saturated, and what is kept as sets has no walks to time', name);
  if (layout.cpuCount > cpuCountOf(topology))
    throw refusal(
      `it has ${layout.cpuCount} CPUs and machine '${name}' has ${cpuCountOf(topology)}; choose another one`,
      name,
    );
  const moves = new Set(Array.from({ length: schedule.length }, (_, index) => schedule.move(index)));
  const missing = FEATURES.find(([opcode, feature]) => moves.has(opcode) && !features[feature]);
  if (missing !== undefined)
    throw refusal(`it needs ${missing[1]}, which machine '${name}' lacks; choose one that has it`, name);
}

function refusal(reason: string, machine: string): ShootdownError {
  return new ShootdownError('NOT_TIMEABLE', `The schedule cannot be timed: ${reason}.`, { details: { machine } });
}
