/** Public bugs that are no entries, and why. */
export const unexpressed: readonly { readonly id: string; readonly title: string; readonly reason: string }[] = [
  {
    id: 'Z20',
    title: 'PAE upper entries survive INVLPG (Linux 1de14c3c5cbc)',
    reason:
      'the machine’s INVLPG drops every paging-structure entry of the PCID, as in 64-bit mode; PAE’s four registers, which only a CR3 write reloads, are not modelled',
  },
  {
    id: 'Z25',
    title: 'INVLPG leaves global translations with PCID (Alder Lake, 2023)',
    reason: 'a fault of the hardware; the machine has no fault injection, and no scenario maps a global user page',
  },
  {
    id: 'Z31',
    title: 'large-page split with different attributes (Linux ad5ca55f6bdb)',
    reason: 'the machine has one page size',
  },
  {
    id: 'Z33',
    title: 'Xen linear page tables and shadow switches (XSA-286, XSA-294)',
    reason: 'page tables that map themselves, and a hypervisor’s second level, are not modelled',
  },
  {
    id: 'Z35',
    title: 'MADV_DONTNEED skips an entry that is cleared for a moment (Linux ced108037c2a)',
    reason:
      'no translation is stale: the page stays mapped against the caller’s wish. The contract judges what TLBs hold against the page table, not what the page table should hold',
  },
  {
    id: 'Z36',
    title: 'writes between write protection and flush in fork (Linux 77fff4ae2b7b)',
    reason:
      'nothing to find on a machine whose caches have physical tags: until the flush returns such writes are permitted. That every clean cell of mprotect lets them happen is the check',
  },
];
