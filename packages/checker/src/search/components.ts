import { type Layout, type Region, WORDS_PER_LINE } from '@shootdown/core';

/** A part of the state vector that changes little on its own: a range, and those of its words that can change at all. */
export interface Component {
  readonly start: number;
  readonly end: number;
  readonly words: Int32Array;
}

/** Live memory words after which a component is closed. */
const MEMORY_WORDS = 32;

/**
 * Cuts the state vector into components: runs of memory regions, each CPU, the threads with everything global, each
 * thread's frames, and the frames of all interrupts and of all NMIs. Words between records belong to nobody.
 */
export function componentsOf(layout: Layout, regions: readonly Region[]): readonly Component[] {
  const components = memoryComponents(regions, layout.cpuBlock);
  for (let cpu = 0; cpu < layout.cpuCount; cpu++)
    components.push(whole(layout.cpu(cpu), layout.cpu(cpu) + layout.cpuStride));
  components.push(whole(layout.threads, layout.runner));
  const frames = (first: number, end: number): Component =>
    whole(layout.runner + first * layout.runnerStride, layout.runner + end * layout.runnerStride);
  for (let thread = 0; thread < layout.threadCount; thread++) components.push(frames(thread, thread + 1));
  components.push(frames(layout.threadCount, layout.threadCount + layout.cpuCount));
  components.push(frames(layout.threadCount + layout.cpuCount, layout.contexts));
  return components;
}

function whole(start: number, end: number): Component {
  return { start, end, words: Int32Array.from({ length: end - start }, (_, index) => start + index) };
}

function memoryComponents(regions: readonly Region[], memoryEnd: number): Component[] {
  const components: Component[] = [];
  let start = 0;
  let words: number[] = [];
  regions.forEach((region, index) => {
    words.push(...wordsOf(region));
    const isLast = index === regions.length - 1;
    if (words.length < MEMORY_WORDS && !isLast) return;
    const end = isLast ? memoryEnd : endOf(region);
    components.push({ start, end, words: Int32Array.from(words) });
    start = end;
    words = [];
  });
  return components;
}

function wordsOf(region: Region): number[] {
  return Array.from({ length: region.count }, (_, index) =>
    region.fields.map((_field, offset) => region.start + index * region.stride + offset),
  ).flat();
}

function endOf(region: Region): number {
  return Math.ceil((region.start + region.stride * region.count) / WORDS_PER_LINE) * WORDS_PER_LINE;
}
