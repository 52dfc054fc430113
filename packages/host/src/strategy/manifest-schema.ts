import { API_VERSION, NAME_PATTERN } from '@shootdown/plugin';

/** JSON Schema (2020-12) of a strategy's manifest, contract version 1: everything about a strategy that is data. */
export const manifestSchema: object = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'strategy-manifest-1.schema.json',
  title: 'Strategy manifest',
  type: 'object',
  additionalProperties: false,
  required: ['apiVersion', 'name', 'title', 'summary', 'references', 'optionsSchema'],
  properties: {
    apiVersion: { const: API_VERSION },
    name: { type: 'string', pattern: NAME_PATTERN },
    title: { type: 'string', minLength: 1 },
    summary: { type: 'string', minLength: 1 },
    references: { type: 'array', items: { type: 'string', minLength: 1 } },
    optionsSchema: {
      type: 'object',
      required: ['type', 'additionalProperties'],
      properties: {
        type: { const: 'object' },
        // A misspelt option must be refused, never ignored.
        additionalProperties: { const: false },
      },
    },
    requires: { type: 'array', uniqueItems: true, items: { enum: ['pcid', 'invpcid', 'invlpgb'] } },
    layout: {
      type: 'object',
      additionalProperties: false,
      properties: {
        cpuTlbState: { enum: ['together', 'lazyApart'] },
        csd: { enum: ['packed', 'line'] },
        singleTargetCsd: { enum: ['stack', 'slot'] },
        flushInfo: { enum: ['stack', 'perCpu'] },
      },
    },
    guarantee: {
      type: 'object',
      additionalProperties: false,
      properties: { unmap: { enum: ['return', 'release'] }, freeTable: { enum: ['return', 'none'] } },
    },
    assumes: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['name', 'statement'],
        // A name, a statement, and what is enforced.
        minProperties: 3,
        properties: {
          name: { type: 'string', minLength: 1 },
          statement: { type: 'string', minLength: 1 },
          maximumTickSkew: { type: 'integer', minimum: 0 },
          nmi: { const: 'nothing' },
        },
      },
    },
  },
};
