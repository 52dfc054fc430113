import { type Cpu, type Mask, maskBit, maskWord, type Program } from '@shootdown/core';

/** Writes a whole mask (`cpumask_clear` and the bits): one plain store per word of it. */
export function* writeMask(cpu: Cpu, mask: Mask, cpus: readonly number[], cpuCount: number): Program {
  for (let first = 0; first < cpuCount; first += 32) {
    let bits = 0;
    for (const member of cpus) if (member >> 5 === first >> 5) bits |= maskBit(member);
    yield* cpu.store(maskWord(mask, first), bits);
  }
}
