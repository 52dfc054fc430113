import { ShootdownError } from '@shootdown/core';

/**
 * What a verdict takes for granted about code and hardware outside the strategy. Every switch is real: the kernel or the
 * machine behaves as its value says.
 */
export interface Assumptions {
  /** Body of the NMI handler. */
  readonly nmi: 'nothing' | 'asks' | 'touches';
  /** What `nmi_uaccess_okay()` tests before it asks the strategy. */
  readonly uaccessGuard: 'lazyAware' | 'currentMm' | 'notLazy' | 'loadedMm';
  /** When `switch_mm` says that CR3 is about to change, against when it leaves mm_cpumask. */
  readonly switchOrder: 'switchingFirst' | 'maskFirst';
  /** A probe inside an interrupt handler. */
  readonly kprobe: 'nothing' | 'touches';
  /** What remote CPUs do with interrupts off besides the kernel's own critical sections. */
  readonly interruptsOff: 'none' | 'kernel' | 'user';
  /** A function call queued ahead of the flush on a target. */
  readonly callAhead: 'plain' | 'touches';
  /** Speculative loads from memory that has become a device's. */
  readonly deviceLoad: 'off' | 'on';
  /** Whether an ICR write waits for the store buffer. In a timed run the machine profile says it. */
  readonly icr: 'drains' | 'plain';
}

export type AssumptionName = keyof Assumptions;

/** An assumption for people: what each of its values says of the world. */
export interface AssumptionMeaning<Value extends string> {
  readonly title: string;
  /** What is assumed with each value, the mildest world first. The first but for `nmi` is the default. */
  readonly values: Readonly<Record<Value, string>>;
  readonly default: Value;
  /** Where the question comes from. */
  readonly source: string;
}

type Meanings = { readonly [Name in AssumptionName]: AssumptionMeaning<Assumptions[Name]> };

/** Every assumption with its values in the order in which the world grows harsher. */
export const ASSUMPTIONS: Meanings = {
  nmi: {
    title: 'body of the NMI handler',
    values: {
      nothing: 'NMI handlers touch no user memory',
      asks: 'NMI handlers ask nmi_uaccess_okay() before they touch user memory',
      touches: 'an NMI handler touches user memory without asking',
    },
    default: 'asks',
    source: 'arch/x86/include/asm/tlbflush.h, nmi_uaccess_okay; P. Zijlstra and N. Amit on LKML, 31 May 2019',
  },
  uaccessGuard: {
    title: 'what nmi_uaccess_okay() tests',
    values: {
      lazyAware: 'nmi_uaccess_okay() tests that loaded_mm is the current task’s mm and that the CPU is not marked lazy',
      currentMm:
        'nmi_uaccess_okay() tests that loaded_mm is the current task’s mm, and not whether the CPU is marked lazy',
      notLazy:
        'nmi_uaccess_okay() tests that some user mm is loaded and that the CPU is not marked lazy, and not whose mm it is',
      loadedMm: 'nmi_uaccess_okay() tests only that some user mm is loaded',
    },
    default: 'lazyAware',
    source: 'arch/x86/include/asm/tlbflush.h (currentMm, Linux 5.2 and 5.4); lazyAware is what the checker asks for',
  },
  switchOrder: {
    title: 'order within switch_mm',
    values: {
      switchingFirst: 'switch_mm marks loaded_mm as switching before it leaves mm_cpumask',
      maskFirst: 'switch_mm leaves mm_cpumask before it marks loaded_mm as switching',
    },
    default: 'switchingFirst',
    source: 'arch/x86/mm/tlb.c, switch_mm_irqs_off: maskFirst in Linux 5.4, switchingFirst since global ASIDs',
  },
  kprobe: {
    title: 'a probe inside an interrupt handler',
    values: {
      nothing: 'no probe inside an interrupt handler touches user memory',
      touches: 'a probe inside an interrupt handler touches user memory without asking',
    },
    default: 'nothing',
    source: 'N. Amit, LKML 20190531063645.4697-12-namit@vmware.com, condition 2',
  },
  interruptsOff: {
    title: 'remote CPUs with interrupts off',
    values: {
      none: 'no remote CPU accesses user memory with interrupts off',
      kernel: 'kernel code of a remote CPU accesses user memory with interrupts off',
      user: 'user code of a remote CPU runs with interrupts off (iopl)',
    },
    default: 'none',
    source: 'A. Lutomirski on LKML, May 2019, in the review of patch 11',
  },
  callAhead: {
    title: 'a call queued ahead of the flush',
    values: {
      plain: 'functions queued ahead of a flush touch no user memory',
      touches: 'a function queued ahead of a flush touches user memory',
    },
    default: 'plain',
    source: 'P. Zijlstra, LKML 20190531105758.GO2623@hirez',
  },
  deviceLoad: {
    title: 'speculative loads from device memory',
    values: {
      off: 'memory that was flushed does not become a device’s, or speculative loads do it no harm',
      on: 'released pages become device memory, and a CPU may load speculatively through whatever it has cached',
    },
    default: 'off',
    source: 'J. Horn on LKML, May 2019, in the review of patch 11',
  },
  icr: {
    title: 'ICR write and store buffer',
    values: {
      drains: 'an ICR write drains the store buffer',
      plain: 'an ICR write may overtake older stores',
    },
    default: 'drains',
    source: 'Intel SDM vol. 3 §11.12.3 (x2APIC); arch/x86/include/asm/apic.h, x2apic_wrmsr_fence',
  },
};

/** The names, in the order in which they are told. */
export const ASSUMPTION_NAMES: readonly AssumptionName[] = Object.keys(ASSUMPTIONS) as AssumptionName[];

/** The values of an assumption, mildest first. */
export function assumptionValues<Name extends AssumptionName>(name: Name): readonly Assumptions[Name][] {
  return Object.keys(ASSUMPTIONS[name].values) as Assumptions[Name][];
}

/** What a value says of the world. */
export function assumptionText<Name extends AssumptionName>(name: Name, value: Assumptions[Name]): string {
  const { values } = ASSUMPTIONS[name] as AssumptionMeaning<Assumptions[Name]>;
  return values[value];
}

/** The environment unless something else is said. */
export const defaultAssumptions: Assumptions = {
  nmi: ASSUMPTIONS.nmi.default,
  uaccessGuard: ASSUMPTIONS.uaccessGuard.default,
  switchOrder: ASSUMPTIONS.switchOrder.default,
  kprobe: ASSUMPTIONS.kprobe.default,
  interruptsOff: ASSUMPTIONS.interruptsOff.default,
  callAhead: ASSUMPTIONS.callAhead.default,
  deviceLoad: ASSUMPTIONS.deviceLoad.default,
  icr: ASSUMPTIONS.icr.default,
};

/**
 * An assumption written `name=value`.
 *
 * @throws ShootdownError INVALID_ARGUMENT, naming the assumptions or the values there are
 */
export function parseAssumption(text: string): Partial<Assumptions> {
  const [name = '', value = ''] = text.split('=');
  const known = ASSUMPTION_NAMES.find((each) => each === name);
  if (known === undefined)
    throw invalid(text, `there is no assumption "${name}"; choose ${ASSUMPTION_NAMES.join(', ')}`);
  const values: readonly string[] = assumptionValues(known);
  if (!values.includes(value)) throw invalid(text, `${known} is one of ${values.join(', ')}`);
  return { [known]: value };
}

function invalid(text: string, why: string): ShootdownError {
  return new ShootdownError('INVALID_ARGUMENT', `assumption ${text}: ${why}.`, { details: { assumption: text } });
}
