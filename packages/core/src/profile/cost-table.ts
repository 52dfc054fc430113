import { ShootdownError } from '../errors.js';
import { type AnyParameterName, isParameterName, unitOf } from './parameter-names.js';
import type { MachineProfile } from './profile.js';

type CostName<Name extends AnyParameterName> = Name extends `${infer Stem}Cycles` | `${infer Stem}Ns`
  ? `${Stem}Ps`
  : never;

/** One cost in integer picoseconds for every parameter in cycles or nanoseconds, under the same name with the suffix `Ps`. */
export type ParameterCosts = { readonly [Name in AnyParameterName as CostName<Name>]: number };

/**
 * Everything the simulator charges, converted once. Switches of the profile are resolved here: `retpolineExtraPs` and
 * `cpumaskAllocPs` are zero on a machine that does not pay them, so callers add them without asking.
 * Costs of a feature that the machine lacks are zero.
 */
export interface CostTable extends ParameterCosts {
  readonly clockMhz: number;
  /** Picoseconds per cycle, not rounded: use `cyclesToPs`, which rounds after the multiplication. */
  readonly psPerCycle: number;
  readonly lineBusyFraction: number;
  /** Read for ownership of a modified line, by distance: 0 own core, 1 sibling, 2 same complex, 3 same socket, 4 other socket. */
  readonly transferPs: readonly number[];
  /** Plain read of a modified line, by the same distances. */
  readonly readPs: readonly number[];
  /** Shared-to-modified upgrade, by the distance of the farthest sharer. */
  readonly upgradePs: readonly number[];
}

/** Values that replace those of the profile, in the parameter's own unit. */
export type ParameterOverrides = Readonly<Partial<Record<AnyParameterName, number>>>;

type Read = (name: AnyParameterName) => number;

/** Cycles of this machine in picoseconds, rounded to the nearest integer after the multiplication: the error is at most half a picosecond. */
export function cyclesToPs(costs: { readonly psPerCycle: number }, cycles: number): number {
  return Math.round(cycles * costs.psPerCycle);
}

/**
 * The costs of a machine in integer picoseconds. Every parameter is converted by one multiplication and one rounding, so a cost is
 * off by at most half a picosecond and never inherits the rounding of another.
 * @throws ShootdownError INVALID_PROFILE when an override names no parameter or is not a usable number.
 */
export function costTable(profile: MachineProfile, overrides: ParameterOverrides = {}): CostTable {
  checkOverrides(profile.name, overrides);
  const value: Read = (name) => overrides[name] ?? profile.parameters[name]?.value ?? 0;
  const psPerCycle = 1e6 / value('clockMhz');
  const ps: Read = (name) => Math.round(value(name) * (unitOf(name) === 'cycles' ? psPerCycle : 1000));
  return {
    clockMhz: value('clockMhz'),
    psPerCycle,
    lineBusyFraction: value('lineBusyFraction'),
    ...memoryCosts(ps),
    ...tlbCosts(ps),
    ...apicCosts(ps),
    ...cpuCosts(ps, profile),
    ...kernelCosts(ps, profile),
    ...featureCosts(ps),
    ...lineCosts(value),
  };
}

function checkOverrides(machine: string, overrides: ParameterOverrides): void {
  for (const [name, value] of Object.entries(overrides)) {
    const place = `Machine ${machine}, override of ${name}`;
    if (!isParameterName(name))
      throw new ShootdownError(
        'INVALID_PROFILE',
        `${place}: there is no such parameter; use a name that the profile lists.`,
      );
    const atMost = unitOf(name) === 'fraction' ? 1 : Number.MAX_SAFE_INTEGER;
    const isUsable = Number.isFinite(value) && value >= 0 && value <= atMost && (name !== 'clockMhz' || value > 0);
    if (!isUsable)
      throw new ShootdownError(
        'INVALID_PROFILE',
        `${place}: ${value} is not a usable value in ${unitOf(name)}; give a number in range.`,
      );
  }
}

function lineCosts(value: Read): Pick<CostTable, 'transferPs' | 'readPs' | 'upgradePs'> {
  const transferNs = [
    0,
    value('transferSiblingNs'),
    value('transferComplexNs'),
    value('transferSocketNs'),
    value('transferRemoteNs'),
  ];
  const scaled = (fraction: number): number[] => transferNs.map((ns) => Math.round(ns * 1000 * fraction));
  return { transferPs: scaled(1), readPs: scaled(value('readFraction')), upgradePs: scaled(value('upgradeFraction')) };
}

function memoryCosts(ps: Read) {
  return {
    l1HitPs: ps('l1HitCycles'),
    storeIssuePs: ps('storeIssueCycles'),
    lockedOpPs: ps('lockedOpCycles'),
    fencePs: ps('fenceCycles'),
    transferSiblingPs: ps('transferSiblingNs'),
    transferComplexPs: ps('transferComplexNs'),
    transferSocketPs: ps('transferSocketNs'),
    transferRemotePs: ps('transferRemoteNs'),
    sharedReadPs: ps('sharedReadNs'),
    memoryReadPs: ps('memoryReadNs'),
  };
}

function tlbCosts(ps: Read) {
  return {
    invlpgPs: ps('invlpgCycles'),
    invpcidSinglePs: ps('invpcidSingleCycles'),
    invpcidContextPs: ps('invpcidContextCycles'),
    cr3WriteFlushPs: ps('cr3WriteFlushCycles'),
    cr3WriteKeepPs: ps('cr3WriteKeepCycles'),
    stlbHitPs: ps('stlbHitCycles'),
    walkStepPs: ps('walkStepCycles'),
    dirtyAssistPs: ps('dirtyAssistCycles'),
  };
}

function featureCosts(ps: Read) {
  return {
    invlpgbPs: ps('invlpgbCycles'),
    tlbsyncPs: ps('tlbsyncCycles'),
    broadcastSocketPs: ps('broadcastSocketNs'),
    broadcastRemoteExtraPs: ps('broadcastRemoteExtraNs'),
    broadcastPagePs: ps('broadcastPageNs'),
    broadcastBusyPs: ps('broadcastBusyNs'),
    vmExitPs: ps('vmExitCycles'),
    vmEntryPs: ps('vmEntryCycles'),
  };
}

function apicCosts(ps: Read) {
  return {
    icrPreparePs: ps('icrPrepareCycles'),
    icrWritePs: ps('icrWriteCycles'),
    ipiDeliverySiblingPs: ps('ipiDeliverySiblingCycles'),
    ipiDeliverySocketPs: ps('ipiDeliverySocketCycles'),
    ipiDeliveryRemoteExtraPs: ps('ipiDeliveryRemoteExtraNs'),
    ipiJitterPs: ps('ipiJitterCycles'),
    eoiPs: ps('eoiCycles'),
    interruptEntryPs: ps('interruptEntryCycles'),
  };
}

function cpuCosts(ps: Read, { features }: MachineProfile) {
  return {
    interruptHandlerEntryPs: ps('interruptHandlerEntryCycles'),
    interruptReturnPs: ps('interruptReturnCycles'),
    syscallEntryPs: ps('syscallEntryCycles'),
    syscallExitPs: ps('syscallExitCycles'),
    faultEntryPs: ps('faultEntryCycles'),
    faultReturnPs: ps('faultReturnCycles'),
    nmiEntryPs: ps('nmiEntryCycles'),
    directCallPs: ps('directCallCycles'),
    indirectCallPs: ps('indirectCallCycles'),
    retpolineExtraPs: features.retpoline ? ps('retpolineExtraCycles') : 0,
    interruptFlagPs: ps('interruptFlagCycles'),
    copyPer16BytesPs: ps('copyPer16BytesCycles'),
    haltWakePs: ps('haltWakeCycles'),
  };
}

function kernelCosts(ps: Read, { features }: MachineProfile) {
  return {
    madviseWorkPs: ps('madviseWorkCycles'),
    perPageZapPs: ps('perPageZapCycles'),
    faultWorkPs: ps('faultWorkCycles'),
    perPageFaultPs: ps('perPageFaultCycles'),
    cpumaskAllocPs: features.cpumaskOffstack ? ps('cpumaskAllocCycles') : 0,
    multiTargetSetupPs: ps('multiTargetSetupCycles'),
    flushSetupPs: ps('flushSetupCycles'),
    flushFunctionPs: ps('flushFunctionCycles'),
    queueWorkPs: ps('queueWorkCycles'),
    handlerItemPs: ps('handlerItemCycles'),
    schedulerSwitchPs: ps('schedulerSwitchCycles'),
    vmallocTouchPs: ps('vmallocTouchCycles'),
  };
}
