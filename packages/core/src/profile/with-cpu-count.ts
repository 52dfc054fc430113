import { ShootdownError } from '../errors.js';
import { cpuCountOf, type MachineProfile } from './profile.js';

/**
 * The same machine with fewer CPUs: the smallest symmetric topology with at least `cpuCount` logical CPUs, filled socket by socket.
 * Sockets come first because that is how a kernel fills a machine and how such machines are bought; hyper-threads are kept.
 * @throws ShootdownError TOO_MANY_THREADS when the profile has fewer CPUs, INVALID_ARGUMENT when the count is no positive integer.
 */
export function withCpuCount(profile: MachineProfile, cpuCount: number): MachineProfile {
  const most = cpuCountOf(profile.topology);
  if (!Number.isInteger(cpuCount) || cpuCount < 1) {
    throw new ShootdownError(
      'INVALID_ARGUMENT',
      `Machine ${profile.name}: ${cpuCount} is no number of CPUs; give a positive integer.`,
    );
  }
  if (cpuCount > most) {
    throw new ShootdownError(
      'TOO_MANY_THREADS',
      `Machine ${profile.name} has ${most} CPUs, ${cpuCount} were asked for; choose a larger machine.`,
      {
        details: { machine: profile.name, cpus: most, asked: cpuCount },
      },
    );
  }
  const { complexesPerSocket, coresPerComplex, threadsPerCore, sockets: allSockets } = profile.topology;
  const sockets = Math.ceil(cpuCount / (most / allSockets));
  const cores = Math.ceil(cpuCount / (sockets * complexesPerSocket * threadsPerCore));
  return {
    ...profile,
    topology: { sockets, complexesPerSocket, coresPerComplex: Math.min(cores, coresPerComplex), threadsPerCore },
  };
}
