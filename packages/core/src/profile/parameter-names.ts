import type { ParameterUnit } from './parameter.js';

/** The core clock that turns every cycle count of the profile into time. */
const CLOCK_PARAMETERS = {
  clockMhz: 'Core clock while every CPU is busy.',
} as const;

/** Caches, store buffer and the traffic between cores. */
const MEMORY_PARAMETERS = {
  l1HitCycles: 'Load that hits the L1 data cache.',
  storeIssueCycles: 'Store that enters the store buffer.',
  lockedOpCycles: 'Locked read-modify-write on a line this CPU owns; the drain of the store buffer comes on top.',
  fenceCycles: 'MFENCE with an empty store buffer.',
  transferSiblingNs: 'One-way move of a modified line between hyper-threads of one core.',
  transferComplexNs: 'One-way move of a modified line between cores of one core complex (a ring, a mesh, a CCX).',
  transferSocketNs: 'One-way move of a modified line between complexes of one socket.',
  transferRemoteNs: 'One-way move of a modified line between sockets.',
  readFraction: 'Plain read of a modified line, relative to the read for ownership of the same distance.',
  upgradeFraction: 'Shared-to-modified upgrade, relative to the read for ownership from the farthest sharer.',
  sharedReadNs: 'Read of a clean line that the last-level cache holds.',
  memoryReadNs: 'Read of a line that no cache holds.',
  lineBusyFraction: 'Share of a transfer during which the line cannot serve the next requester.',
} as const;

/** TLB invalidation, refill and page walks. */
const TLB_PARAMETERS = {
  invlpgCycles: 'INVLPG of one 4 KiB page.',
  invpcidSingleCycles: 'INVPCID type 0: one address of one PCID.',
  invpcidContextCycles: 'INVPCID type 1: one PCID.',
  cr3WriteFlushCycles: 'MOV to CR3 that flushes the non-global entries of the PCID it loads.',
  cr3WriteKeepCycles: 'MOV to CR3 with bit 63 set: nothing is flushed.',
  stlbHitCycles: 'Load that misses the first-level TLB and hits the second, beyond the L1 cache hit.',
  walkStepCycles: 'One level of a page walk, beyond the memory access of that level.',
  dirtyAssistCycles: 'Setting the D bit of a page-table entry on the first store through it.',
} as const;

/** Local APIC: sending, delivery and end of interrupt. */
const APIC_PARAMETERS = {
  icrPrepareCycles: 'What precedes the ICR write. xAPIC: poll for idle and write of ICR2. x2APIC: MFENCE and LFENCE.',
  icrWriteCycles: 'The ICR write itself as the sender sees it. xAPIC: uncached store. x2APIC: WRMSR.',
  ipiDeliverySiblingCycles: 'ICR write to first instruction of the handler on the hyper-thread sibling.',
  ipiDeliverySocketCycles: 'ICR write to first instruction of the handler on another core of the same socket.',
  ipiDeliveryRemoteExtraNs: 'What a target on another socket adds to ipiDeliverySocketCycles.',
  ipiJitterCycles: 'Standard deviation of the delivery of one IPI.',
  eoiCycles: 'Write of the end-of-interrupt register.',
  interruptEntryCycles:
    'The CPU leaves its program for a pending interrupt: the last part of every ipiDelivery figure.',
} as const;

/** Privilege changes, branches and other instructions with a cost worth naming. */
const CPU_PARAMETERS = {
  interruptHandlerEntryCycles:
    'Software entry code of an interrupt before the first instruction the handler calls its own.',
  interruptReturnCycles: 'IRET from an interrupt.',
  syscallEntryCycles: 'SYSCALL and the entry code up to the system call function.',
  syscallExitCycles: 'Exit code of a system call and SYSRET.',
  faultEntryCycles: 'Delivery of a page fault by the CPU.',
  faultReturnCycles: 'IRET from a page fault.',
  nmiEntryCycles: 'Delivery of an NMI and its entry code.',
  directCallCycles: 'Direct call and return, with the arguments. For strategies; the kernel charges none.',
  indirectCallCycles: 'Predicted indirect call and return, with the arguments.',
  retpolineExtraCycles: 'What a retpoline adds to an indirect call; nothing when retpolines are off.',
  interruptFlagCycles: 'One change of the interrupt flag: CLI with PUSHF, STI or POPF.',
  copyPer16BytesCycles: 'Copy of 16 bytes that both hit the L1 cache.',
  haltWakeCycles: 'Wake-up from the shallowest idle state until instructions run.',
} as const;

/** Straight-line kernel code that the model does not execute op by op. */
const KERNEL_PARAMETERS = {
  madviseWorkCycles:
    'madvise(MADV_DONTNEED) of one page: system call function, VMA search, gather and zap, without the flush.',
  perPageZapCycles: 'Zapping every further page of the same call.',
  faultWorkCycles: 'Software of a minor fault on one page.',
  perPageFaultCycles: 'Software of the fault on every further page, whose page table is already in the cache.',
  cpumaskAllocCycles: 'Allocating, zeroing and freeing one temporary cpumask; nothing when CPUMASK_OFFSTACK is off.',
  multiTargetSetupCycles: 'Mask arithmetic that only a send to two or more targets does, its mask allocation apart.',
  flushSetupCycles: 'Start of a flush request: preemption off, filling flush_tlb_info, event counter.',
  flushFunctionCycles: 'A one-page flush function without its INVLPG and without its cache misses.',
  queueWorkCycles: 'Filling and pushing one csd, without its cache misses.',
  handlerItemCycles: 'Taking one csd from the queue and calling its function, without its cache misses.',
  schedulerSwitchCycles: 'A context switch without switch_mm.',
  vmallocTouchCycles:
    'First touch of a csd on the vmalloc stack of another CPU: page walk through cold paging-structure entries.',
} as const;

/** AMD's INVLPGB and TLBSYNC. A machine with `features.invlpgb` has all of these parameters, any other none. */
const BROADCAST_PARAMETERS = {
  invlpgbCycles: 'INVLPGB as its issuer sees it: it waits for nobody.',
  tlbsyncCycles: 'TLBSYNC when every INVLPGB of its CPU has been carried out.',
  broadcastSocketNs: 'INVLPGB of one page until the CPUs of the same socket have carried it out.',
  broadcastRemoteExtraNs: 'What the CPUs of the other sockets take longer.',
  broadcastPageNs: 'Every further page of one INVLPGB.',
  broadcastBusyNs: 'Time for which one INVLPGB keeps the next one, of any CPU, from setting out.',
} as const;

/** Virtual CPUs. A machine has both or none. */
const VIRTUAL_PARAMETERS = {
  vmExitCycles: 'VM exit until the host runs its own code.',
  vmEntryCycles: 'VM entry until the guest runs its own code.',
} as const;

/** Name of a parameter that every machine has. The suffix is its unit. */
export type ParameterName =
  | keyof typeof CLOCK_PARAMETERS
  | keyof typeof MEMORY_PARAMETERS
  | keyof typeof TLB_PARAMETERS
  | keyof typeof APIC_PARAMETERS
  | keyof typeof CPU_PARAMETERS
  | keyof typeof KERNEL_PARAMETERS;

/** Name of a parameter that a machine has together with a feature. */
export type FeatureParameterName = keyof typeof BROADCAST_PARAMETERS | keyof typeof VIRTUAL_PARAMETERS;

/** Name of any parameter. */
export type AnyParameterName = ParameterName | FeatureParameterName;

/** What every parameter of a machine profile means. */
const COMMON_MEANINGS: Readonly<Record<ParameterName, string>> = {
  ...CLOCK_PARAMETERS,
  ...MEMORY_PARAMETERS,
  ...TLB_PARAMETERS,
  ...APIC_PARAMETERS,
  ...CPU_PARAMETERS,
  ...KERNEL_PARAMETERS,
};

/** What every parameter of a machine profile means, those of a feature last. */
export const PARAMETER_MEANINGS: Readonly<Record<AnyParameterName, string>> = {
  ...COMMON_MEANINGS,
  ...BROADCAST_PARAMETERS,
  ...VIRTUAL_PARAMETERS,
};

/** The name of every parameter that all machines have, in the one order that drawing and printing use. */
export const PARAMETER_NAMES: readonly ParameterName[] = Object.keys(COMMON_MEANINGS) as ParameterName[];

/** The names of the parameters that come with `features.invlpgb`. */
export const BROADCAST_PARAMETER_NAMES: readonly FeatureParameterName[] = Object.keys(
  BROADCAST_PARAMETERS,
) as FeatureParameterName[];

/** The names of the parameters that come with virtual CPUs. */
export const VIRTUAL_PARAMETER_NAMES: readonly FeatureParameterName[] = Object.keys(
  VIRTUAL_PARAMETERS,
) as FeatureParameterName[];

/** The parameters that a machine has, those of a feature last. */
export function parameterNames(machine: {
  readonly parameters: Readonly<Partial<Record<AnyParameterName, unknown>>>;
}): readonly AnyParameterName[] {
  const ofFeatures = [...BROADCAST_PARAMETER_NAMES, ...VIRTUAL_PARAMETER_NAMES];
  return [...PARAMETER_NAMES, ...ofFeatures.filter((name) => machine.parameters[name] !== undefined)];
}

/** True for the name of a parameter, of whichever machine. */
export function isParameterName(name: string): name is AnyParameterName {
  return Object.hasOwn(PARAMETER_MEANINGS, name);
}

/** The unit that a parameter's suffix names. */
export function unitOf(name: AnyParameterName): ParameterUnit {
  if (name.endsWith('Cycles')) return 'cycles';
  if (name.endsWith('Ns')) return 'ns';
  return name.endsWith('Mhz') ? 'mhz' : 'fraction';
}
