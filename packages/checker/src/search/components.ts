import type { Layout, Region } from '@shootdown/core';

/** A part of the state vector, from `start` to before `end`, that changes little on its own. */
export interface Component {
  readonly start: number;
  readonly end: number;
}

/** Memory words after which a component is closed. */
const MEMORY_WORDS = 48;

/**
 * Cuts the state vector into components: runs of memory regions, each CPU, the threads with everything global, each
 * thread's frames, and the frames of all interrupts and of all NMIs.
 */
export function componentsOf(layout: Layout, regions: readonly Region[]): readonly Component[] {
  const components = memoryComponents(regions, layout.cpuBlock);
  for (let cpu = 0; cpu < layout.cpuCount; cpu++)
    components.push({ start: layout.cpu(cpu), end: layout.cpu(cpu) + layout.cpuStride });
  components.push({ start: layout.threads, end: layout.runner });
  const frames = (first: number, end: number): Component => ({
    start: layout.runner + first * layout.runnerStride,
    end: layout.runner + end * layout.runnerStride,
  });
  for (let thread = 0; thread < layout.threadCount; thread++) components.push(frames(thread, thread + 1));
  components.push(frames(layout.threadCount, layout.threadCount + layout.cpuCount));
  components.push(frames(layout.threadCount + layout.cpuCount, layout.contexts));
  return components;
}

/** Cuts only where a region begins: words of one region change together. */
function memoryComponents(regions: readonly Region[], memoryEnd: number): Component[] {
  const components: Component[] = [];
  let start = 0;
  for (const region of regions) {
    if (region.start - start < MEMORY_WORDS) continue;
    components.push({ start, end: region.start });
    start = region.start;
  }
  components.push({ start, end: memoryEnd });
  return components;
}
