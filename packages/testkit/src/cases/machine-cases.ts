import type { MachineFeatures, MachineProfile } from '@shootdown/core';
import { scenarios } from '@shootdown/scenarios';
import type { CaseDefinition } from '../definition.js';
import { machineFor, type Subject } from '../subject.js';
import { compareCommand, judge, SOME_THREADS, subjectCell } from '../timed/subject-cell.js';
import { simulateCell } from '../timed/timed-cell.js';

/** A machine that differs from the plain one in what a strategy can tell apart. */
interface MachineVariant {
  readonly id: string;
  readonly what: string;
  readonly features: Partial<MachineFeatures>;
}

/** Linux uses INVPCID with PCIDs only. */
const VARIANTS: readonly MachineVariant[] = [
  { id: 'pcid', what: 'with PCID and INVPCID', features: { pcid: true, invpcid: true, pti: false } },
  { id: 'no-pcid', what: 'without PCID', features: { pcid: false, invpcid: false, pti: false } },
  { id: 'no-invpcid', what: 'with PCID and without INVPCID', features: { pcid: true, invpcid: false, pti: false } },
  { id: 'pti', what: 'with page-table isolation', features: { pcid: true, invpcid: true, pti: true } },
  {
    id: 'pti-no-invpcid',
    what: 'with page-table isolation and without INVPCID',
    features: { pcid: true, invpcid: false, pti: true },
  },
  {
    id: 'pti-no-pcid',
    what: 'with page-table isolation and without PCID',
    features: { pcid: false, invpcid: false, pti: true },
  },
  {
    id: 'mitigations',
    what: 'with retpolines and a cpumask off the stack',
    features: { retpoline: true, cpumaskOffstack: true },
  },
  {
    id: 'no-mitigations',
    what: 'without retpolines, cpumasks on the stack',
    features: { retpoline: false, cpumaskOffstack: false },
  },
  {
    id: 'xapic',
    what: 'with an xAPIC, whose ICR write drains the store buffer',
    features: { apic: 'xapic-flat', icrWriteDrainsStores: true },
  },
  {
    id: 'x2apic-cluster',
    what: 'with x2APIC clusters, an ICR write overtakes stores',
    features: { apic: 'x2apic-cluster', icrWriteDrainsStores: false },
  },
  {
    id: 'x2apic-physical',
    what: 'with a physical x2APIC, an ICR write overtakes stores',
    features: { apic: 'x2apic-physical', icrWriteDrainsStores: false },
  },
];

/** The same programs on machines that differ: every flush ends and the monitors see no violation. */
export function machineCases(subject: Subject): readonly CaseDefinition[] {
  return VARIANTS.map((variant) => machineCase(subject, variant));
}

function machineCase({ strategy }: Subject, { id, what, features }: MachineVariant): CaseDefinition {
  const missing = (strategy.requires ?? []).filter((feature) => features[feature] === false);
  return {
    id: `machine.${id}`,
    section: 'machines',
    tier: 'quick',
    expected: `it works on a machine ${what}, beside busy, lazy and idle CPUs`,
    skip: missing.length === 0 ? undefined : `the manifest requires ${missing.join(' and ')}`,
    more: (subject) => [compareCommand(subject, subjectCell(subject))],
    check(subject) {
      const machine = withFeatures(machineFor(subject, SOME_THREADS), features);
      for (const { name } of scenarios) {
        const cell = subjectCell(subject, { scenario: name, machine, pages: 2 });
        judge(subject, cell, simulateCell(cell));
      }
    },
  };
}

function withFeatures(machine: MachineProfile, features: Partial<MachineFeatures>): MachineProfile {
  return { ...machine, features: { ...machine.features, ...features } };
}
