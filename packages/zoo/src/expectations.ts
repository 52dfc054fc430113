/**
 * Which contract the shortest violation of an entry is of, and why. Written before the entry was explored; a runner does not read
 * this file. Where the exploration disagreed `learnt` says with what, and who was right.
 */
export interface Expectation {
  readonly contract: string;
  readonly why: string;
  readonly learnt?: string;
}

/** By id. A clean verdict is expected of every fixed variant. */
export const expectations: Readonly<Record<string, Expectation>> = {
  Z0: {
    contract: 'C1',
    why: 'The flush has returned while the target still runs user code without having invalidated.',
  },
  Z1: {
    contract: 'C1',
    why: 'No IPI is sent, and the CPU goes on with the context it kept. Only a store buffer can hide the bit.',
  },
  Z2: {
    contract: 'C1',
    why: 'The CPU reads the old tlb_gen after the mask was read, keeps its context and runs user code.',
    learnt:
      'No CPU has to switch: a target that takes the IPI before the flush is counted finds its context up to date and acknowledges.',
  },
  Z3: {
    contract: 'C1',
    why: 'The CPU has read tlb_gen already and is left out: it runs user code without an invalidation.',
  },
  Z4: { contract: 'C3', why: 'The lazy CPU walks through its paging-structure cache after the table was freed.' },
  Z5: {
    contract: 'C1',
    why: 'mprotect relies on a flush that is still owed; its own CPU runs user code with the old entry.',
  },
  Z6: { contract: 'C1', why: 'The old frame is given back while an entry that leads to it is used.' },
  Z7: { contract: 'C1', why: 'The page is given back while the entry of its old place is used.' },
  Z8: {
    contract: 'C1',
    why: 'Writeback relies on a flush that is still owed. The source tells of a lost dirty page (C7), which follows from the use of the entry.',
  },
  Z9: { contract: 'C3', why: 'A walk reads the table after it was given back.' },
  Z10: {
    contract: 'C3',
    why: 'A speculative walk of the CPU that left the mask reads the table after it was given back.',
  },
  Z11: {
    contract: 'C1',
    why: 'The handler acknowledges without an invalidation; the switch ends with the old context.',
    learnt:
      'Both ways exist. With madvise instead of reclaim C10 is nine moves shorter: the handler runs between the stores of loaded_mm and loaded_mm_asid, flushes the new context and notes its generation for the old one.',
  },
  Z12: { contract: 'C1', why: 'The NMI reads user memory on a CPU that still owes its invalidation.' },
  Z13: {
    contract: 'C1',
    why: 'The virtual CPU goes on in user mode; neither host nor interrupt has invalidated for it.',
  },
  Z14: { contract: 'C1', why: 'The second round returns before the target has dropped its page.' },
  Z15: { contract: 'C6', why: 'The initiator waits for a CPU that will not take its interrupt.' },
  Z16: { contract: 'C6', why: 'One waits for an acknowledgement, the other for the lock with interrupts off.' },
  Z17: { contract: 'C1', why: 'The next holder of the lock relies on a flush that is still owed.' },
  Z18: { contract: 'C10', why: 'The CPU notes a generation whose page it has not flushed, and runs user code.' },
  Z19: { contract: 'C5', why: 'The second address space uses an entry that a walk under the first one brought in.' },
  Z21: { contract: 'C3', why: 'A speculative walk of the initiator itself reads the table after it was given back.' },
  Z22: { contract: 'C1', why: 'The CPU of the other kind was not told, and runs user code.' },
  Z23: {
    contract: 'C3',
    why: 'The target has acknowledged and not flushed; it walks into the table that was freed meanwhile.',
  },
  Z24: { contract: 'C1', why: 'The flush returns while the invalidation is pending on the CPU that runs user code.' },
  Z26: {
    contract: 'C8',
    why: 'The walker is software: to the model the table is a record that is read after its lifetime. The source calls it a use after free.',
  },
  Z27: {
    contract: 'C1',
    why: 'The copy relies on a flush that is still owed; the page is written through the old entry.',
  },
  Z28: { contract: 'C5', why: 'The VM uses an entry that another VM filled under the same tag.' },
  Z29: { contract: 'C1', why: 'The flush skipped the lazy CPU, which runs user code without having caught up.' },
  Z30: { contract: 'C1', why: 'The CPU was not in the mask during the flush and keeps its context.' },
  Z32: { contract: 'C1', why: 'The resurrected entry leads to a frame that is back with the allocator.' },
  Z34: { contract: 'C6', why: 'The handler never ends, so neither does the flush.' },
  Z37: {
    contract: 'C1',
    why: 'The target acknowledges without an invalidation. Only a store buffer can hide the request.',
  },
  M1: { contract: 'C1', why: 'As Z0: the target still runs user code.' },
  M2: {
    contract: 'C3',
    why: 'The target has acknowledged and not flushed; it walks into the table that was freed meanwhile.',
  },
  M3: { contract: 'C8', why: 'The target reads the payload of a csd that it has given back.' },
  M4: { contract: 'C8', why: 'The target reads the link of a csd that it has given back.' },
  M5: { contract: 'C1', why: 'The NMI reads user memory on a CPU that has acknowledged and not flushed.' },
  M6: { contract: 'C1', why: 'As M5, in the window before the marker is set.' },
  M7: {
    contract: 'C10',
    why: 'The CPU notes the younger generation without having flushed the older page.',
    learnt:
      'The cell was expected to need three CPUs and was first explored there: 97 moves. Two suffice: the second initiator flushes its own page, with its own younger generation, while the request for the first page is on its way to it.',
  },
  M8: {
    contract: 'C10',
    why: 'The CPU notes a generation that was counted after its invalidation.',
    learnt:
      'Two pages are not needed: reclaim counts a generation when it unmaps and flushes later, which is another flush of the same page.',
  },
  M9: { contract: 'C1', why: 'No IPI is sent, and the old generation looks like the newest one.' },
  M10: {
    contract: 'C1',
    why: 'The flush skips the CPU, which has read the old generation. Only a store buffer can hide is_lazy.',
  },
  M11: { contract: 'C6', why: 'Two initiators wait for each other with interrupts off.' },
  M12: { contract: 'C1', why: 'The page is used through the TLB after it was given back.' },
  M13: { contract: 'C1', why: 'As Z5: mprotect relies on a flush that is still owed.' },
  M14: { contract: 'C1', why: 'The flush returns while the invalidation is pending.' },
  M15: { contract: 'C1', why: 'As Z13: the CPU runs, and nobody has invalidated for it.' },
  M16: { contract: 'C8', why: 'The target reads a record that its owner has taken back.' },
};
