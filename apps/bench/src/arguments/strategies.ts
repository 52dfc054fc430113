import { ShootdownError } from '@shootdown/core';
import { isPackageName, isPath } from '@shootdown/host';
import { canonicalJson, type JsonObject, type JsonValue, variantKey } from '@shootdown/reporter';
import type { RequestedStrategy } from '../comparison-request.js';
import { readJsonText } from './json-text.js';

/**
 * Reads the values of `--strategy`: each is a comma list of names, packages and paths, `sync,./mine.js`, or one of them with options as a JSON object,
 * `async-inline{"ack":"none"}`.
 * @throws ShootdownError INVALID_ARGUMENT with the place of the fault
 */
export function readStrategies(values: readonly string[]): readonly RequestedStrategy[] {
  const strategies = values.flatMap(readValue);
  const keys = strategies.map(({ name, options }) => variantKey(name, options));
  const twice = strategies.find((_, i) => keys.indexOf(keys[i] ?? '') !== i);
  if (twice !== undefined) throw refusal(strategyText(twice), 'stands twice; compare each strategy once');
  return strategies;
}

/** A strategy as it would be written on a command line. */
export function strategyText({ name, options }: RequestedStrategy): string {
  return Object.keys(options).length === 0 ? name : `${name}${canonicalJson(options)}`;
}

function readValue(value: string): readonly RequestedStrategy[] {
  const brace = value.indexOf('{');
  if (brace >= 0) return [{ name: readName(value, value.slice(0, brace).trim()), options: readOptions(value, brace) }];
  return value.split(',').map((name) => ({ name: readName(value, name.trim()), options: {} }));
}

function readName(value: string, name: string): string {
  if ((isPath(name) && !name.includes(',')) || isPackageName(name)) return name;
  if (name === '') throw refusal(value, 'a name is missing; write for example sync,concurrent');
  if (name.includes(','))
    throw refusal(value, 'options follow one name only; give the other names with a --strategy of their own');
  throw refusal(value, `"${name}" is neither a name nor a package nor a path; a path starts with ./`);
}

function readOptions(value: string, brace: number): JsonObject {
  const text = readJsonText(value.slice(brace));
  if ('problem' in text) throw refusal(value, `bad JSON at character ${brace + text.offset + 1}: ${text.problem}`);
  if (isObject(text.value)) return text.value;
  throw refusal(value, 'options must be a JSON object');
}

/**
 * Options of a strategy on their own.
 * @throws ShootdownError INVALID_ARGUMENT with the place of the fault
 */
export function readOptionsText(option: string, text: string): JsonObject {
  const read = readJsonText(text);
  if ('problem' in read)
    throw new ShootdownError(
      'INVALID_ARGUMENT',
      `${option}: bad JSON at character ${read.offset + 1}: ${read.problem}.`,
    );
  if (isObject(read.value)) return read.value;
  throw new ShootdownError('INVALID_ARGUMENT', `${option}: options must be a JSON object.`);
}

function isObject(value: JsonValue): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function refusal(value: string, why: string): ShootdownError {
  return new ShootdownError('INVALID_ARGUMENT', `--strategy ${value}: ${why}.`);
}
