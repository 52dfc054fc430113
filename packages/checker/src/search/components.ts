import type { Boot, Layout, Machine, Monitor, Region } from '@shootdown/core';
import { contextsOf } from '../automaton/contexts-of.js';
import { threadsOf } from '../automaton/threads-of.js';

/** A part of the state vector, from `start` to before `end`, that changes little on its own. */
export interface Component {
  readonly start: number;
  readonly end: number;
}

/** Components that change together, and the CPU they belong to: -1 for memory and for what belongs to no CPU. */
export interface ComponentGroup {
  readonly cpu: number;
  readonly components: readonly Component[];
}

/** Memory words after which a component is closed. */
const MEMORY_WORDS = 48;

/**
 * Cuts the state vector into groups of components: memory, in runs of regions; each CPU with its threads, their frames and those of its interrupt,
 * its NMI and its host, and what the monitor knows of it; everything global.
 */
export function componentGroups({
  boot,
  layout,
  monitor,
}: Pick<Machine, 'boot' | 'layout' | 'monitor'>): readonly ComponentGroup[] {
  const groups: ComponentGroup[] = [{ cpu: -1, components: memoryComponents(boot.memory.regions, layout.cpuBlock) }];
  for (let cpu = 0; cpu < layout.cpuCount; cpu++)
    groups.push({ cpu, components: [...cpuComponents(boot, layout, cpu), ...monitorComponents(layout, monitor, cpu)] });
  const globals = { start: layout.frameOwner, end: layout.monitor };
  groups.push({ cpu: -1, components: [globals, ...monitorComponents(layout, monitor, -1)] });
  return groups;
}

function cpuComponents(boot: Boot, layout: Layout, cpu: number): Component[] {
  const block = { start: layout.cpu(cpu), end: layout.cpu(cpu) + layout.cpuStride };
  const threads = threadsOf({ boot }, cpu).map((thread) => threadWords(layout, thread));
  if (layout.runnerStride === 0) return [block, ...threads];
  return [block, ...threads, ...contextsOf({ boot, layout }, cpu).map((context) => frames(layout, context))];
}

/** Runs of words of the monitor that are at home on this CPU; -1: on none. */
function monitorComponents(layout: Layout, monitor: Monitor, cpu: number): Component[] {
  const runs: Component[] = [];
  let start = 0;
  for (let word = 0; word < monitor.words; word = start) {
    const home = monitor.home(word);
    for (start = word + 1; start < monitor.words && monitor.home(start) === home; ) start++;
    if (home === cpu) runs.push({ start: layout.monitor + word, end: layout.monitor + start });
  }
  return runs;
}

function threadWords(layout: Layout, thread: number): Component {
  return { start: layout.thread(thread), end: layout.thread(thread + 1) };
}

function frames(layout: Layout, context: number): Component {
  const start = layout.runner + context * layout.runnerStride;
  return { start, end: start + layout.runnerStride };
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
