import type { Manifest } from '@shootdown/plugin';
import type { JsonObject, JsonValue } from '@shootdown/reporter';
import type { CatalogueDetail, DetailTable } from '../laboratory.js';
import { asJson } from './as-json.js';

/** A strategy as its manifest states it: options with defaults, layout, guarantee, what it assumes and needs. */
export function strategyDetail(manifest: Manifest<object>): CatalogueDetail {
  const {
    name,
    summary,
    title,
    apiVersion,
    references,
    layout = {},
    guarantee = {},
    requires = [],
    assumes = [],
  } = manifest;
  return {
    name,
    summary,
    facts: [
      ['title', title],
      ['contract', `version ${apiVersion}`],
      ['hardware', requires.length === 0 ? 'any' : requires.join(', ')],
      ...Object.entries(layout).map(([record, place]) => [`layout ${record}`, String(place)] as const),
      ...Object.entries(guarantee).map(
        ([kind, mark]) => [`guarantee ${kind}`, mark === 'none' ? 'none' : `from ${String(mark)}`] as const,
      ),
      ...assumes.map(({ name: assumption, statement }) => [`assumes ${assumption}`, statement] as const),
      ...references.map((reference) => ['reference', reference] as const),
    ],
    tables: optionTables(asJson(manifest.optionsSchema)),
    data: manifestData(manifest),
  };
}

/** Only data: the programs of a strategy are functions. */
export function manifestData({
  apiVersion,
  name,
  title,
  summary,
  references,
  optionsSchema,
  requires,
  layout,
  guarantee,
  assumes,
}: Manifest<object>): JsonValue {
  return asJson({ apiVersion, name, title, summary, references, optionsSchema, requires, layout, guarantee, assumes });
}

function optionTables(schema: JsonValue): DetailTable[] {
  const properties = objectAt(schema, 'properties');
  const options = Object.keys(properties);
  if (options.length === 0) return [];
  const lines = options.map((name) => {
    const option = objectAt(properties, name);
    return [name, textOf(option['default']), valuesOf(option), textOf(option['description'])];
  });
  return [{ title: 'options', head: ['name', 'default', 'values', 'meaning'], lines }];
}

function objectAt(value: JsonValue, key: string): JsonObject {
  const inner = isObject(value) ? (value[key] ?? null) : null;
  return isObject(inner) ? inner : {};
}

function isObject(value: JsonValue): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function valuesOf({ enum: values, type }: JsonObject): string {
  if (Array.isArray(values)) return values.map((value: JsonValue) => textOf(value)).join(' | ');
  return textOf(type);
}

function textOf(value: JsonValue | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
