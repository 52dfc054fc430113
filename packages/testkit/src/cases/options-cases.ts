import { resolveOptions } from '@shootdown/host';
import type { CaseDefinition } from '../definition.js';
import type { Subject } from '../subject.js';
import { subjectCell } from '../timed/subject-cell.js';
import { simulateCell } from '../timed/timed-cell.js';

/** A property of an options schema, as far as its values can be listed. */
interface OptionSchema {
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly type?: unknown;
  readonly minimum?: unknown;
  readonly maximum?: unknown;
}

/** Every value that an option can be seen to have, one option changed at a time, boots and runs. Whether it is safe is not asked. */
export const optionsCases: readonly CaseDefinition[] = [
  {
    id: 'options.values',
    section: 'options',
    tier: 'quick',
    expected: 'every value that the options schema lists boots and runs a flush',
    more: ({ strategy }) => [`npx shootdown show strategy ${strategy.name}`],
    check(subject) {
      for (const given of listed(subject)) {
        const options = resolveOptions(subject.strategy, given);
        simulateCell(subjectCell({ ...subject, options }, { iterations: 1 }));
      }
    },
  },
];

/** The options of the kit with one of them changed. */
function listed({ strategy, options }: Subject): readonly object[] {
  const { properties = {} } = strategy.optionsSchema as {
    readonly properties?: Readonly<Record<string, OptionSchema>>;
  };
  return Object.entries(properties).flatMap(([name, schema]) =>
    valuesOf(schema).map((value) => ({ ...options, [name]: value })),
  );
}

function valuesOf({ enum: values, const: only, type, minimum, maximum }: OptionSchema): readonly unknown[] {
  if (values !== undefined) return values;
  if (only !== undefined) return [only];
  if (type === 'boolean') return [false, true];
  return [minimum, maximum].filter((bound) => bound !== undefined);
}
