/** A value that a command-line option may have by default. A list stands for a comma list, or for an option that is repeated. */
const optionValue: object = {
  anyOf: [
    { type: 'string', minLength: 1 },
    { type: 'number' },
    { type: 'boolean' },
    { type: 'array', minItems: 1, items: { anyOf: [{ type: 'string', minLength: 1 }, { type: 'number' }] } },
  ],
};

/** Options that may have defaults, by command. */
export type CommandOptions = Readonly<Record<string, readonly string[]>>;

/** JSON Schema (2020-12) of a configuration; imported strategies stand in it as objects. */
export function configSchema(commands: CommandOptions): object {
  const document = { anyOf: [{ type: 'object' }, { type: 'string', minLength: 1 }] };
  return {
    type: 'object',
    additionalProperties: false,
    properties: {
      strategies: { type: 'array', default: [], items: document },
      machines: { type: 'array', default: [], items: document },
      scenarios: { type: 'array', default: [], items: document },
      defaults: {
        type: 'object',
        default: {},
        additionalProperties: false,
        properties: Object.fromEntries(
          Object.entries(commands).map(([name, options]) => [name, optionSchema(options)]),
        ),
      },
    },
  };
}

function optionSchema(options: readonly string[]): object {
  const properties = Object.fromEntries(options.map((name) => [name, optionValue]));
  return { type: 'object', additionalProperties: false, properties };
}
