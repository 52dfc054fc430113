import type { ErrorCode } from '@shootdown/core';
import type { JsonObject } from './document/json.js';

/** Version of the result document that this package writes; `schema/result-1.schema.json` states it. */
export const RESULT_SCHEMA_VERSION = 1;

/** A strategy with options. `given` are those of the command line, `options` what the strategy received after its defaults. */
export interface StrategyVariant {
  readonly name: string;
  readonly given: JsonObject;
  readonly options: JsonObject;
}

/** Everything that decides the numbers: the same configuration gives the same bytes. */
export interface RunConfiguration {
  readonly machine: string;
  readonly scenario: string;
  /** In the order of the rows; the first is the reference. */
  readonly strategies: readonly StrategyVariant[];
  readonly threads: readonly number[];
  readonly pages: readonly number[];
  readonly iterations: number;
}

/** Facts about the host that ran the simulator. Present only when they were asked for: they change from run to run. */
export interface HostFacts {
  readonly node: string;
  readonly platform: string;
  readonly architecture: string;
  readonly cpuModel: string;
  readonly cpuCount: number;
  readonly startedAt: string;
  readonly wallSeconds: number;
}

/** What is needed to repeat the run. */
export interface RunManifest {
  readonly tool: { readonly name: string; readonly version: string };
  /** Version of each package that took part. */
  readonly packages: Readonly<Record<string, string>>;
  readonly configuration: RunConfiguration;
  readonly seed: number;
  /** The command that repeats the run. It holds no path but those that it was given. */
  readonly commandLine: string;
  readonly host?: HostFacts;
}

/** One number of the machine profile and how it is known. The unit is stated beside it. */
export interface MachineParameter {
  readonly value: number;
  readonly unit: string;
  readonly status: 'measured' | 'derived' | 'fitted' | 'prior';
  readonly low?: number;
  readonly high?: number;
  readonly source?: { readonly document: string; readonly section: string; readonly figure: string };
  readonly note?: string;
}

/** The machine profile the rows were simulated on. */
export interface MachineRecord {
  readonly name: string;
  readonly summary: string;
  readonly cpuCount: number;
  readonly clockMhz: number;
  /** Hash of the profile's content: two documents with the same hash used the same machine. */
  readonly hash: string;
  readonly parameters: Readonly<Record<string, MachineParameter>>;
}

/** The workload. `parameters` are its own and differ from scenario to scenario. */
export interface ScenarioRecord {
  readonly name: string;
  readonly summary: string;
  readonly parameters: JsonObject;
}

/** Distribution of the latency of one operation on the initiating thread, in nanoseconds of simulated time. */
export interface LatencyNs {
  readonly mean: number;
  readonly median: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
  readonly stddev: number;
}

/** Means per operation; the unit of a time is in its name. A simulator may add counters of its own. */
export interface RowCounters {
  /** INVLPG-style flushes of single pages, on all CPUs. */
  readonly selectiveFlushesPerOp: number;
  /** Flushes of a whole address space, on all CPUs. */
  readonly fullFlushesPerOp: number;
  /** Cache lines that moved from one CPU to another. */
  readonly lineTransfersPerOp: number;
  /** Time taken from the CPUs that served the flush, summed over them. */
  readonly responderStolenNsPerOp: number;
  /** Time the initiator waited for acknowledgements. */
  readonly ackWaitNs: number;
  /** Time during which a CPU could use an entry that the contract forbids. */
  readonly exposedNs: number;
  /** Time from the first change of the page table to the last invalidation. */
  readonly staleWindowNs: number;
  readonly [extra: string]: number;
}

/** One broken clause of the safety contract. */
export interface ViolationRecord {
  /** C1 to C10. */
  readonly contract: string;
  /** How it was broken, for example `used` or `exposed`. */
  readonly form: string;
  readonly cpu: number;
  /** Simulated nanoseconds from the start of the run to the first violation of this kind. */
  readonly ns: number;
}

/** What the monitors saw in the schedules that were run. `clean` is not a proof. */
export interface SafetyRecord {
  readonly verdict: 'clean' | 'violated';
  /** Request kinds whose guarantee the strategy gives from the release of the pages on, not from the return of the flush. */
  readonly deferred?: readonly string[];
  /** Schedules that were watched; one when absent. */
  readonly schedules?: number;
  readonly violations: readonly ViolationRecord[];
}

/** The published value of a cell. `error` is (simulated − published) / published. */
export interface PublishedRecord {
  readonly ns: number;
  readonly error: number;
  /** 5th and 95th percentile of the simulated mean in nanoseconds when every prior is drawn from its range. */
  readonly band?: readonly [low: number, high: number];
  /** `fitted`: parameters were solved from this cell, so its error says nothing. `predicted`: nothing was. */
  readonly role: 'fitted' | 'predicted';
  /** Name of the column in the publication. */
  readonly series: string;
  readonly sources: readonly string[];
}

/** What a row is about. */
export interface RowKey {
  readonly strategy: string;
  readonly options: JsonObject;
  readonly threads: number;
  /** Pages per operation. */
  readonly pages: number;
}

/** What the simulator measured in one cell. */
export interface MeasuredRow extends RowKey {
  readonly status: 'ok';
  readonly samples: number;
  readonly ns: LatencyNs;
  readonly cycles: { readonly mean: number };
  readonly ipisPerOp: number;
  /** Nanoseconds per operation by phase, in order of execution; they add up to `ns.mean` exactly. */
  readonly phases: Readonly<Record<string, number>>;
  readonly counters: RowCounters;
  readonly safety: SafetyRecord;
}

/** What a strategy did wrong, and where. */
export interface CellError {
  readonly code: ErrorCode;
  readonly strategy: string;
  /** Part of the plugin that ran outside any program, for example `create`. */
  readonly hook?: string;
  /** Program of the strategy, for example `flush`. */
  readonly program?: string;
  /** The op it was at. */
  readonly op?: string;
  readonly message: string;
}

/** A cell that could not be measured. */
export interface FailedCell extends RowKey {
  readonly status: 'failed';
  readonly error: CellError;
}

/** A measured cell set against the reference and against the publication. */
export interface OkRow extends MeasuredRow {
  /** (mean − reference mean) / reference mean, negative is faster. Null for the reference and where the reference is no yardstick. */
  readonly change: number | null;
  readonly published: PublishedRecord | null;
}

/** A failed cell with the fields of a measured one, all empty. */
export interface FailedRow extends FailedCell {
  readonly samples: 0;
  readonly ns: null;
  readonly cycles: null;
  readonly change: null;
  readonly ipisPerOp: null;
  readonly phases: null;
  readonly counters: null;
  readonly safety: null;
  readonly published: null;
}

/** One cell of the comparison. */
export type ResultRow = OkRow | FailedRow;

/** The result of a comparison: the one document that every output format is made from. */
export interface ResultDocument {
  readonly schemaVersion: typeof RESULT_SCHEMA_VERSION;
  readonly manifest: RunManifest;
  readonly machine: MachineRecord;
  readonly scenario: ScenarioRecord;
  /** In order of strategy, then threads, then pages, as the configuration lists them. */
  readonly rows: readonly ResultRow[];
}
