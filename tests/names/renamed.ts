import { defineStrategy } from '@shootdown/plugin';
import type { Variant } from '../kit/variants.js';

/** The same programs under another name, with other texts, and with no options to be seen. */
export function renamed({ strategy, options }: Variant): Variant {
  const stranger = defineStrategy({
    ...strategy,
    name: 'stranger',
    title: 'A stranger',
    summary: 'Nobody knows it.',
    references: ['none'],
    optionsSchema: { type: 'object', additionalProperties: false, properties: {} },
    create: (env) => strategy.create(env, options as never),
  });
  return { title: 'stranger', strategy: stranger, options: {} };
}
