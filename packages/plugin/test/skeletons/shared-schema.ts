/** Options of a skeleton that has none. */
export const noOptions = { type: 'object', additionalProperties: false, properties: {} } as const;
