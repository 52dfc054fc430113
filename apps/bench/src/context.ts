import type { Laboratory } from './laboratory.js';

/** A stream of the process, as far as commands look at it. */
export interface OutputStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** The world outside a command: tests hand in their own. */
export interface Surroundings {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where the user stands: paths and packages are resolved from here. Default: the folder of the process. */
  readonly directory?: string;
  /** Calls `report` when the user interrupts, right before the process ends. Returns how to take that back. */
  readonly onInterrupt?: (report: () => void) => () => void;
}

/** What every command is made with. */
export interface Context extends Surroundings {
  readonly laboratory: Laboratory;
  /** Tells the exit code of the process. The last call counts. */
  readonly finish: (exitCode: number) => void;
}

/** Whether escape sequences may be written to a stream: NO_COLOR and FORCE_COLOR decide, else whether it is a terminal. */
export function allowsColor(stream: OutputStream, environment: Surroundings['environment']): boolean {
  if (isSet(environment['NO_COLOR'])) return false;
  if (isSet(environment['FORCE_COLOR'])) return true;
  return stream.isTTY === true && environment['TERM'] !== 'dumb';
}

/** Progress would fill the log of a machine that nobody watches. */
export function allowsProgress({ stderr, environment }: Surroundings): boolean {
  return stderr.isTTY === true && !isSet(environment['CI']);
}

function isSet(variable: string | undefined): boolean {
  return variable !== undefined && variable !== '' && variable !== '0' && variable !== 'false';
}

const WIDTH_OF_FILES = 120;

/** Columns of a stream; files and pipes are given a fixed width, so that their bytes do not depend on a window. */
export function widthOf(stream: OutputStream): number {
  return stream.isTTY === true && stream.columns !== undefined && stream.columns > 0 ? stream.columns : WIDTH_OF_FILES;
}
