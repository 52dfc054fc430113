/**
 * Special owner for `cpu.handOver(group, owner)`: every CPU may read the record and nobody may write it.
 * The same value as core's `Owner`, written again because this package has no runtime dependency.
 */
export const Owner = { readers: -1 } as const;
