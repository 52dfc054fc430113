import { BUFFER_STRIDE, BufferField, CpuField } from './layout.js';
import type { Machine } from './machine.js';

/** True when every store of the CPU is visible. */
export function isDrained(machine: Machine, cpu: number): boolean {
  return machine.state[machine.layout.cpu(cpu) + CpuField.bufferCount] === 0;
}

/** True when one more store fits. */
export function hasRoom(machine: Machine, cpu: number): boolean {
  return (machine.state[machine.layout.cpu(cpu) + CpuField.bufferCount] as number) < machine.shape.storeBufferDepth;
}

/** The value a load of this CPU sees: its youngest buffered store to the word, else memory (SDM vol. 3 §9.2.3.5). */
export function visibleValue(machine: Machine, cpu: number, word: number): number {
  const state = machine.state;
  const block = machine.layout.cpu(cpu);
  let entry = block + CpuField.buffer + ((state[block + CpuField.bufferCount] as number) - 1) * BUFFER_STRIDE;
  for (const first = block + CpuField.buffer; entry >= first; entry -= BUFFER_STRIDE) {
    if (state[entry] === word) return state[entry + BufferField.value] as number;
  }
  return state[word] as number;
}

/** A load of this word would be served by the CPU's own store buffer. */
export function isForwarded(machine: Machine, cpu: number, word: number): boolean {
  const state = machine.state;
  const block = machine.layout.cpu(cpu);
  const end = block + CpuField.buffer + (state[block + CpuField.bufferCount] as number) * BUFFER_STRIDE;
  for (let entry = block + CpuField.buffer; entry < end; entry += BUFFER_STRIDE) if (state[entry] === word) return true;
  return false;
}

/** A store to a page table is in the CPU's buffer. */
export function buffersEntry(machine: Machine, cpu: number): boolean {
  const { state, layout } = machine;
  const first = layout.cpu(cpu) + CpuField.buffer;
  const end = first + (state[layout.cpu(cpu) + CpuField.bufferCount] as number) * BUFFER_STRIDE;
  for (let entry = first; entry < end; entry += BUFFER_STRIDE)
    if (machine.isTableWord(state[entry] as number)) return true;
  return false;
}

/** Appends a store; the caller has checked that it fits. Under sequential consistency it becomes visible at once. */
export function bufferStore(
  machine: Machine,
  cpu: number,
  word: number,
  value: number,
  owner: number,
  group: number,
  marks: number,
  via: number,
): void {
  if (machine.sequentiallyConsistent) {
    publish(machine, cpu, word, value, owner, group, marks);
    return;
  }
  const state = machine.state;
  const block = machine.layout.cpu(cpu);
  const count = state[block + CpuField.bufferCount] as number;
  const entry = block + CpuField.buffer + count * BUFFER_STRIDE;
  state[entry + BufferField.word] = word;
  state[entry + BufferField.value] = value;
  state[entry + BufferField.owner] = owner;
  state[entry + BufferField.group] = group;
  state[entry + BufferField.marks] = marks;
  state[entry + BufferField.via] = via;
  state[block + CpuField.bufferCount] = count + 1;
}

/** Makes the oldest store visible and returns its word. */
export function drainOne(machine: Machine, cpu: number): number {
  const state = machine.state;
  const block = machine.layout.cpu(cpu);
  const first = block + CpuField.buffer;
  const word = state[first + BufferField.word] as number;
  const value = state[first + BufferField.value] as number;
  const owner = state[first + BufferField.owner] as number;
  const group = state[first + BufferField.group] as number;
  const marks = state[first + BufferField.marks] as number;
  const end = first + (state[block + CpuField.bufferCount] as number) * BUFFER_STRIDE;
  for (let i = first; i < end; i++) state[i] = i + BUFFER_STRIDE < end ? (state[i + BUFFER_STRIDE] as number) : 0;
  state[block + CpuField.bufferCount] = (state[block + CpuField.bufferCount] as number) - 1;
  publish(machine, cpu, word, value, owner, group, marks);
  return word;
}

function publish(
  machine: Machine,
  cpu: number,
  word: number,
  value: number,
  owner: number,
  group: number,
  marks: number,
): void {
  machine.write(cpu, word, value);
  if (group !== 0) machine.state[machine.layout.groupOwner + group - 1] = owner;
  if (marks !== 0) machine.monitor.drained(machine, cpu, word, marks);
}
