import { ShootdownError } from '../errors.js';
import haswell from './machines/haswell.json' with { type: 'json' };
import milan from './machines/milan.json' with { type: 'json' };
import server from './machines/server.json' with { type: 'json' };
import skylake from './machines/skylake-2s.json' with { type: 'json' };
import type { MachineProfile } from './profile.js';

/** The machines that come with the laboratory, the one of the headline table first. */
export const machineProfiles: readonly MachineProfile[] = [
  haswell as MachineProfile,
  skylake as MachineProfile,
  server as MachineProfile,
  milan as MachineProfile,
];

/**
 * A built-in machine by name.
 * @throws ShootdownError UNKNOWN_MACHINE, naming the machines there are.
 */
export function machineProfile(name: string): MachineProfile {
  const found = machineProfiles.find((profile) => profile.name === name);
  if (found !== undefined) return found;
  const known = machineProfiles.map((profile) => profile.name);
  throw new ShootdownError(
    'UNKNOWN_MACHINE',
    `No machine is called "${name}"; choose ${known.join(', ')} or give a profile file.`,
    { details: { name, known } },
  );
}
