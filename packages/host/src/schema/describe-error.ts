import { suggestion } from '../suggestion.js';
import type { SchemaError } from './schema-compiler.js';

/** One schema error as a line: where, what, and what would be right. `whole` names the value itself. */
export function describeError({ instancePath, message, params, parentSchema }: SchemaError, whole: string): string {
  const where = instancePath === '' ? whole : instancePath.slice(1).replaceAll('/', '.');
  return `${where} ${message ?? 'is invalid'}${hint(params, parentSchema)}`;
}

function hint(params: Readonly<Record<string, unknown>>, schema: unknown): string {
  const { additionalProperty, allowedValues, allowedValue } = params;
  if (typeof additionalProperty === 'string')
    return `: ${additionalProperty}.${suggestion(additionalProperty, propertiesOf(schema))}`;
  if (Array.isArray(allowedValues)) return `: ${allowedValues.join(', ')}`;
  if (allowedValue !== undefined) return `: ${String(allowedValue)}`;
  return '';
}

function propertiesOf(schema: unknown): readonly string[] {
  return Object.keys((schema as { readonly properties?: object } | undefined)?.properties ?? {});
}
