/** Bits of `KernelView.preempted`: `KVM_VCPU_PREEMPTED`, set by the host, and `KVM_VCPU_FLUSH_TLB`, set by the guest (kvm_para.h). */
export const StealTime = { preempted: 1, flushTlb: 2 } as const;
