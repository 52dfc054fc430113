import { BUFFER_STRIDE, BufferField, CpuField, entryFrame, entryRoot, type Machine, TlbField } from '@shootdown/core';

/**
 * The use of a frame by whoever does not own it. A flush may return long after its frames went back to the allocator, or never
 * be called: then no mark forbids the access, and the frame may be another mm's by now.
 */
export class FrameOwners {
  readonly #rootOf: (mm: number) => number;

  constructor(rootOf: (mm: number) => number) {
    this.#rootOf = rootOf;
  }

  /** C1: an access through this TLB slot reaches a frame that its mm no longer owns. */
  access(machine: Machine, cpu: number, slot: number, page: number): void {
    const entry = machine.state[slot + TlbField.entry] as number;
    const frame = entryFrame(entry);
    const owner = machine.state[machine.layout.frameOwner + frame] as number;
    if (owner >= 0 && this.#rootOf(owner) === entryRoot(entry)) return;
    const whose = owner < 0 ? 'is back with the allocator' : `belongs to mm ${owner}`;
    machine.report(
      'C1',
      'released',
      cpu,
      `CPU ${cpu} used page ${page} through a translation of frame ${frame}, which ${whose}`,
    );
  }

  /** C2: a store made through the MMU is still buffered when its frame goes back to the allocator. */
  released(machine: Machine, frame: number): void {
    const { state, layout } = machine;
    const word = machine.frameWord(frame);
    for (let cpu = 0; cpu < layout.cpuCount; cpu++) {
      const block = layout.cpu(cpu);
      const first = block + CpuField.buffer;
      const end = first + (state[block + CpuField.bufferCount] as number) * BUFFER_STRIDE;
      for (let entry = first; entry < end; entry += BUFFER_STRIDE) {
        if (state[entry + BufferField.word] !== word || state[entry + BufferField.via] === 0) continue;
        machine.report(
          'C2',
          'released',
          cpu,
          `a store of CPU ${cpu} to frame ${frame} was not visible when the frame went back to the allocator`,
        );
      }
    }
  }
}
