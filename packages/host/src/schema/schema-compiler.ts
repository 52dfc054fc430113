import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';

/**
 * Compiles a JSON Schema (2020-12). Strict: a keyword nobody knows or a default that would be ignored is an error of the
 * schema. The compiled function fills defaults into the value it checks and reports every error, not only the first.
 * Each schema has a compiler of its own, so that two strategies may use the same `$id`.
 *
 * @throws Error of ajv when the schema does not compile.
 */
export function compileSchema<T>(schema: object): ValidateFunction<T> {
  const ajv = new Ajv2020({ strict: true, allErrors: true, verbose: true, discriminator: true, useDefaults: true });
  return ajv.compile<T>(schema);
}

export type SchemaError = ErrorObject;
