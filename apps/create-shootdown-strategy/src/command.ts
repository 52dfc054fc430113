import { parseArgs } from 'node:util';
import { ShootdownError } from '@shootdown/core';
import { type ArgsDef, type CommandDef, defineCommand } from 'citty';
import { isStartingPoint, STARTING_POINTS, type StartingPoint } from './starting-points.js';

const POINTS: readonly string[] = Object.keys(STARTING_POINTS);

/** What the help text shows. */
export const COMMAND: CommandDef = defineCommand<ArgsDef>({
  meta: { name: 'create-shootdown-strategy', description: 'Starts a package with a TLB flush strategy for Shootdown' },
  args: {
    folder: {
      type: 'positional',
      required: false,
      description: 'Where the package will be: a new folder or an empty one',
    },
    name: { type: 'string', valueHint: 'NAME', description: 'Of package and strategy (Default: that of the folder)' },
    template: { type: 'string', valueHint: POINTS.join('|'), description: 'Starting point (Default: synchronous)' },
    packages: {
      type: 'string',
      valueHint: 'DIR',
      description: 'Depend on the packed packages of a folder (Default: on released ones)',
    },
    help: { type: 'boolean', description: 'Show this' },
  },
});

/** What stands on the command line. */
export interface Given {
  readonly folder?: string | undefined;
  readonly name?: string | undefined;
  readonly template?: StartingPoint | undefined;
  readonly packages?: string | undefined;
  readonly help: boolean;
}

/**
 * Reads the command line strictly, which citty does not.
 *
 * @throws ShootdownError INVALID_ARGUMENT
 */
export function readCommandLine(args: readonly string[]): Given {
  const { values, positionals } = parsed(args);
  const [folder, surplus] = positionals;
  if (surplus !== undefined)
    throw new ShootdownError('INVALID_ARGUMENT', `Unexpected argument ${JSON.stringify(surplus)}; name one folder.`);
  return { ...values, folder, template: readTemplate(values.template), help: values.help === true };
}

const OPTIONS = {
  name: { type: 'string' },
  template: { type: 'string' },
  packages: { type: 'string' },
  help: { type: 'boolean' },
} as const;

type Parsed = ReturnType<typeof parseArgs<{ readonly options: typeof OPTIONS; readonly allowPositionals: true }>>;

function parsed(args: readonly string[]): Parsed {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    // node:util says what is wrong with the argument in its first sentence.
    throw new ShootdownError(
      'INVALID_ARGUMENT',
      `${error instanceof Error ? error.message : error}; --help lists the options.`,
    );
  }
}

function readTemplate(value: string | undefined): StartingPoint | undefined {
  if (value === undefined || isStartingPoint(value)) return value;
  throw new ShootdownError(
    'INVALID_ARGUMENT',
    `--template ${JSON.stringify(value)} is unknown; take ${POINTS.join(', ')}.`,
  );
}
