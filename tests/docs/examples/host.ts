import { createRegistry, type Registry, resolveOptions } from '@shootdown/host';
import { asyncInline } from '@shootdown/strategy-async-inline';

export const registry: Registry = createRegistry([asyncInline]);
/** `{ ack: 'late', freedTables: 'sync', nmiGuard: true }`: validated, with the defaults of the schema. */
export const options: object = resolveOptions(registry.find('async-inline'), { ack: 'late' });
