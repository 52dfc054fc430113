import { CpuField, type Machine, Opcode } from '@shootdown/core';
import type { TlbGeometry } from './tlb-geometry.js';

/** Drops from the geometry what an executed op has dropped from the TLB. True when a whole context is gone. */
export function dropTags(
  geometry: TlbGeometry,
  machine: Machine,
  cpu: number,
  opcode: number,
  a: number,
  b: number,
  c: number,
): boolean {
  if (opcode === Opcode.invlpg) {
    geometry.invalidatePage(cpu, machine.state[machine.layout.cpu(cpu) + CpuField.pcid] as number, a);
    geometry.invalidatePage(cpu, machine.layout.globalTag, a);
    return false;
  }
  if (opcode === Opcode.writeCr3) return c === 0 && dropPcid(geometry, cpu, b);
  if (opcode === Opcode.invvpid) {
    geometry.invalidateAll(cpu);
    return true;
  }
  return opcode === Opcode.invpcid && dropByInvpcid(geometry, machine, cpu, a, b, c);
}

function dropByInvpcid(
  geometry: TlbGeometry,
  machine: Machine,
  cpu: number,
  kind: number,
  pcid: number,
  page: number,
): boolean {
  if (kind === 1) return dropPcid(geometry, cpu, pcid);
  if (kind === 0) geometry.invalidatePage(cpu, pcid, page);
  else if (kind === 2) geometry.invalidateAll(cpu);
  else for (let tag = 0; tag < machine.layout.pcids; tag++) geometry.invalidatePcid(cpu, tag);
  return kind !== 0;
}

function dropPcid(geometry: TlbGeometry, cpu: number, pcid: number): boolean {
  geometry.invalidatePcid(cpu, pcid);
  return true;
}
