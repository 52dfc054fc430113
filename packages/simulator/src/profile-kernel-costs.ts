import type { MachineProfile, ParameterName, ParameterOverrides } from '@shootdown/core';
import { type KernelCosts, kernelCosts } from '@shootdown/kernel';

/** The profile's software costs, with the mitigations and the kernel configuration that the machine has. */
export function profileKernelCosts(profile: MachineProfile, overrides: ParameterOverrides = {}): KernelCosts {
  const value = (name: ParameterName): number => overrides[name] ?? profile.parameters[name].value;
  const isOff: Partial<Record<keyof KernelCosts, boolean>> = {
    cpumaskAllocCycles: !profile.features.cpumaskOffstack,
    retpolineExtraCycles: !profile.features.retpoline,
  };
  return kernelCosts((name) => (isOff[name] === true ? 0 : value(name)));
}
