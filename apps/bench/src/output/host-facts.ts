import { cpus } from 'node:os';
import type { HostFacts, ResultDocument } from '@shootdown/reporter';

/** Starts a clock; the returned function adds facts about this host and this run to a result. */
export function startHostFacts(): (document: ResultDocument) => ResultDocument {
  const startedAt = new Date();
  const start = performance.now();
  return (document) => {
    const host = hostFacts(startedAt, (performance.now() - start) / 1000);
    return { ...document, manifest: { ...document.manifest, host } };
  };
}

function hostFacts(startedAt: Date, wallSeconds: number): HostFacts {
  const processors = cpus();
  return {
    node: process.version,
    platform: process.platform,
    architecture: process.arch,
    cpuModel: processors[0]?.model ?? 'unknown',
    cpuCount: Math.max(1, processors.length),
    startedAt: startedAt.toISOString(),
    wallSeconds,
  };
}
