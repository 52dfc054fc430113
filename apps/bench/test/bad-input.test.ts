import { describe, expect, it } from 'vitest';
import { cli } from './fixtures/laboratory.js';

describe('bad input is one coded error, exit 2, and nothing on stdout', () => {
  const cases: readonly [words: string, code: string, text: string][] = [
    [
      '',
      'INVALID_ARGUMENT',
      'No command is given. Known: check, compare, conform, explain, fit, list, litmus, replay, show, validate, zoo.',
    ],
    ['compair', 'INVALID_ARGUMENT', 'Unknown command compair. Did you mean compare?'],
    ['--machine haswell compare', 'INVALID_ARGUMENT', 'Unknown option --machine; options follow the command.'],
    [
      'constructor',
      'INVALID_ARGUMENT',
      'Unknown command constructor. Known: check, compare, conform, explain, fit, list, litmus, replay, show, validate, zoo.',
    ],
    ['compare --thread 1', 'INVALID_ARGUMENT', 'Unknown option --thread. Did you mean --threads?'],
    ['compare --no-color', 'INVALID_ARGUMENT', 'Unknown option --no-color.'],
    ['compare -x', 'INVALID_ARGUMENT', 'Unknown option -x.'],
    ['compare --allow-unsafe=yes', 'INVALID_ARGUMENT', '--allow-unsafe takes no value; leave out =yes.'],
    ['compare --machine', 'INVALID_ARGUMENT', '--machine needs a value: --machine NAME.'],
    ['compare --machine --allow-unsafe', 'INVALID_ARGUMENT', '--machine needs a value: --machine NAME.'],
    ['compare --seed 1 --seed 2', 'INVALID_ARGUMENT', '--seed is given twice; give it once.'],
    ['compare sync', 'INVALID_ARGUMENT', 'Unexpected argument sync; leave it out.'],
    ['compare --threads 1,,2', 'INVALID_ARGUMENT', '--threads: "" is not a whole number from 1 to 2147483647.'],
    ['compare --threads 2,2', 'INVALID_ARGUMENT', '--threads 2,2: 2 stands twice'],
    ['compare --pages 0', 'INVALID_ARGUMENT', '--pages: "0" is not a whole number from 1'],
    ['compare --iterations 1e3', 'INVALID_ARGUMENT', '--iterations: "1e3" is not a whole number'],
    ['compare --seed=-1', 'INVALID_ARGUMENT', '--seed: "-1" is not a whole number from 0'],
    ['compare --format jsn', 'INVALID_ARGUMENT', '--format: "jsn" is no format of this command. Did you mean json?'],
    [
      'compare --strategy sink',
      'UNKNOWN_STRATEGY',
      'No strategy is named "sink", and no such package is installed here. Did you mean sync?',
    ],
    ['compare --machine pdp11', 'UNKNOWN_MACHINE', 'No machine is named "pdp11". Known: haswell, server.'],
    ['compare --scenario madvice', 'UNKNOWN_SCENARIO', 'No scenario is named "madvice". Did you mean madvise?'],
    ['compare --strategy sync,', 'INVALID_ARGUMENT', '--strategy sync,: a name is missing'],
    ['compare --strategy sync,sync', 'INVALID_ARGUMENT', '--strategy sync: stands twice'],
    ['compare --strategy Sync', 'INVALID_ARGUMENT', '"Sync" is neither a name nor a package nor a path'],
    ['compare --strategy sync,async-inline{"ack":"late"}', 'INVALID_ARGUMENT', 'options follow one name only'],
    ['compare --strategy sync{"a":none}', 'INVALID_ARGUMENT', "bad JSON at character 10: Unexpected token 'o'"],
    ['compare --strategy sync{"a":1', 'INVALID_ARGUMENT', 'bad JSON at character 11: Expected'],
    ['compare --strategy sync{"a":1}x', 'INVALID_ARGUMENT', 'bad JSON at character 12: Unexpected non-whitespace'],
    ['compare --strategy {"a":1}', 'INVALID_ARGUMENT', 'a name is missing'],
    ['list', 'INVALID_ARGUMENT', 'The argument KIND is missing: strategies, scenarios or machines.'],
    ['list machine', 'INVALID_ARGUMENT', 'list: "machine" is nothing that can be listed. Did you mean machines?'],
    ['list machines --format csv', 'INVALID_ARGUMENT', '--format: "csv" is no format of this command.'],
    [
      'show machine',
      'INVALID_ARGUMENT',
      'The argument NAME is missing: a name that list shows; of a strategy also a package or path.',
    ],
    ['show machine hazwell', 'UNKNOWN_MACHINE', 'Did you mean haswell?'],
    ['show toString x', 'INVALID_ARGUMENT', 'show: "toString" is nothing that can be shown.'],
    ['validate', 'INVALID_ARGUMENT', 'The argument FILE is missing'],
    ['validate no-such-file.json', 'INVALID_FILE', 'no-such-file.json cannot be read'],
  ];

  it.each(cases)('%s', async (words, code, text) => {
    const { exitCode, stdout, stderr } = await cli(words.split(' ').filter((word) => word !== ''));
    expect(stderr).toContain(`error ${code} (exit 2): `);
    expect(stderr).toContain(text);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });

  it('shows what was typed without obeying it', async () => {
    const { stderr } = await cli(['compare', '--machine', 'x\u001b[2Jy\n']);
    expect(stderr).not.toContain('\u001b');
  });
});
